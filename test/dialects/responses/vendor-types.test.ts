// Response objects have every field that OpenAI's published types require, native and translated, whole and streamed.
import t from 'tap'
import { call, readEvents, type Json } from '../../fixtures/http.ts'
import { startTarget } from '../../fixtures/targets.ts'
import { tools } from '../../suite/openai.ts'
import { vendorCheck } from './vendor-types.ts'

const models = ['gpt-5-mini', 'gpt-5.3-codex', 'claude-sonnet-4.5', 'gemini-2.5-pro', 'gpt-4o']
const functions = tools.map(({ function: tool }) => ({ type: 'function', ...tool, strict: false }))
const free = { type: 'custom', name: 'apply', description: 'applies a patch' }
const requests: Readonly<Record<string, Json>> = {
  text: { input: 'hello' },
  settings: { input: 'hello', instructions: 'Be short.', max_output_tokens: 900, metadata: { a: 'b' },
    text: { verbosity: 'low' } },
  reasoning: { input: 'hello', reasoning: { effort: 'low', summary: 'auto' },
    include: ['reasoning.encrypted_content'] },
  calls: { input: 'call get_weather for "Rome"', tools: functions },
  'free text': { input: 'call apply with "x"', tools: [free] },
  'a cut answer': { input: 'write a story of 200 words', max_output_tokens: 16 },
}
const terminal = ['response.completed', 'response.incomplete']

t.setTimeout(120_000)
const faults = vendorCheck('Response')
const eventFaults = vendorCheck('ResponseStreamEvent')
const target = await startTarget('node-memory')
t.teardown(() => target.close())
const { base, password } = await target.addUser()
const headers = { authorization: `Bearer ${password}` }

t.test('the check finds missing fields and wrong nulls', async t => {
  const found = faults({ id: 'resp_1', object: 'response',
    output: [{ type: 'message', id: 'm', content: [{ type: 'output_text' }] }], tools: null })
  for (const fault of ['created_at: missing', 'output[0].role: missing', 'output[0].content[0].annotations: missing',
    'tools: no array']) {
    t.ok(found.includes(`Response.${fault}`), fault)
  }
})

for (const model of models) {
  t.test(model, async t => {
    for (const [name, more] of Object.entries(requests)) {
      const whole = await call(`${base}/responses`, { json: { model, ...more }, headers })
      t.equal(whole.status, 200, name)
      t.strictSame(faults(whole.json), [], `${name}, whole`)
      const { text } = await call(`${base}/responses`, { json: { model, ...more, stream: true }, headers })
      const events = readEvents(text)
      t.ok(terminal.includes(events.at(-1)?.type), `${name}: the stream ends`)
      t.strictSame(faults(events.at(-1)?.response), [], `${name}, the last event`)
      t.strictSame(events.filter(event => event.response === undefined).flatMap(eventFaults), [],
        `${name}, the events before it`)
    }
  })
}
