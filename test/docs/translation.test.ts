// Compares the table of fields with the document made from it, and with the fields that the decoders read.
import { readFileSync } from 'node:fs'
import t from 'tap'
import { heading } from '../../src/build/translation-doc.ts'
import type { Dialect } from '../../src/dialects/contract/dialect.ts'
import { anthropicMessages } from '../../src/dialects/messages/index.ts'
import { fieldTable, renderFieldTable } from '../../src/dialects/contract/field-table.ts'
import { createLedger } from '../../src/dialects/contract/ledger.ts'
import { openAiChat } from '../../src/dialects/chat/index.ts'
import { googleGemini } from '../../src/dialects/gemini/index.ts'
import { camelOf } from '../../src/dialects/gemini/wire.ts'
import type { JsonObject } from '../../src/json.ts'
import { openAiResponses } from '../../src/dialects/responses/index.ts'

t.test('docs/translation.md matches the table', async t => {
  t.equal(readFileSync('docs/translation.md', 'utf8'), heading + renderFieldTable(), 'npm run docs writes it')
})

const requests: ReadonlyArray<readonly [Dialect, Record<string, unknown>]> = [[openAiChat, { model: 'm',
  messages: [{ role: 'user', content: 'hi' }], tools: [{ type: 'function', function: { name: 'f' } }] }], [
  openAiResponses,
  { model: 'm', input: 'hi', tools: [{ type: 'function', name: 'f', parameters: {} }] },
], [anthropicMessages, { model: 'm', max_tokens: 10, messages: [{ role: 'user', content: 'hi' }],
  tools: [{ name: 'f', input_schema: {} }] }]]
t.test("the decoder of Google's API reads only fields of the table, in either spelling", async t => {
  const names = new Set<string>()
  const watch = (body: JsonObject, prefix: string): JsonObject =>
    new Proxy(body, {
      get (target, name) {
        if (typeof name === 'string') names.add(prefix + camelOf(name))
        return target[String(name)]
      },
    })
  const body = watch({ model: 'm', contents: [{ parts: [{ text: 'hi' }] }],
    generationConfig: watch({}, 'generationConfig.') }, '')
  googleGemini.inspect(body)
  googleGemini.decodeRequest(body, createLedger({ strict: false, model: 'm', upstream: 'test' }))
  const known = new Set(fieldTable['google-gemini'].map(field => field.name))
  t.strictSame([...names].filter(name => !known.has(name) && name !== 'generationConfig'), [])
  t.ok(names.size > 15, 'and it reads many of them')
})

for (const [dialect, body] of requests) {
  t.test(`the decoder of ${dialect.name} reads only fields of the table`, async t => {
    const looked = new Set<string>()
    const watched = new Proxy(body, {
      get (target, name) {
        if (typeof name === 'string') looked.add(name)
        return target[String(name)]
      },
    })
    dialect.inspect(watched)
    dialect.decodeRequest(watched, createLedger({ strict: false, model: 'm', upstream: 'test' }))
    const known = new Set(fieldTable[dialect.name].map(field => field.name))
    t.strictSame([...looked].filter(name => !known.has(name)), [])
    t.ok(looked.size > 10, 'and it reads many of them')
  })
}
