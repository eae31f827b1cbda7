// JSON can hold an object whose `toString` is no function, for which `String()` throws a TypeError: an answer of 500.
import t from 'tap'
import { openAiChat } from '../../../src/dialects/chat/index.ts'
import type { ClientDialect, Dialect } from '../../../src/dialects/contract/dialect.ts'
import { googleGemini } from '../../../src/dialects/gemini/index.ts'
import { anthropicMessages } from '../../../src/dialects/messages/index.ts'
import { betasOf } from '../../../src/dialects/messages/native/prepare-betas.ts'
import { openAiResponses } from '../../../src/dialects/responses/index.ts'
import { GatewayError } from '../../../src/errors.ts'
import type { JsonObject } from '../../../src/json.ts'
import { prepareFitted } from '../../fixtures/fitted.ts'
import { gpt, ledger } from '../chat/help.ts'

const odd = { toString: 1 }
const noTools = gpt({ supports: { ...gpt().supports, tools: false } })
const user = { role: 'user', content: 'hi' }
const tool = { name: 'f', input_schema: { type: 'object' } }
const result = (
  content: unknown,
  more: object = {},
) => [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content, ...more }] }]

const requests: ReadonlyArray<readonly [string, ClientDialect | Dialect, JsonObject]> = [['the type of a part',
  openAiChat, { messages: [{ role: 'user', content: [{ type: odd }] }] }], ['the name of a function', openAiChat, {
  messages: [user, { role: 'function', name: odd, content: 'x' }],
}], ['the text of a result', openAiChat, { messages: result([{ type: 'text', text: odd }]) }], [
  'the text of a failed result',
  openAiChat,
  {
    messages: result([{ type: 'text', text: odd }], { is_error: true }),
  },
], ['the name of a found tool', openAiChat, { messages: result([{ type: 'tool_reference', tool_name: odd }]) }], [
  'the type of a choice',
  openAiChat,
  { messages: [user], tools: [{ type: 'function', function: { name: 'f' } }], tool_choice: { type: odd } },
], ['the type of a tool', anthropicMessages, { messages: [user], max_tokens: 9, tools: [{ ...tool, type: odd }] }], [
  'the type of a choice',
  anthropicMessages,
  { messages: [user], max_tokens: 9, tools: [tool], tool_choice: { type: odd } },
], ['the type of a choice', openAiResponses, { input: 'hi', tools: [{ type: 'function', name: 'f' }],
  tool_choice: { type: odd } }], ['the format of a schema', googleGemini, { model: 'm',
  contents: [{ parts: [{ text: 'hi' }] }],
  tools: [{ functionDeclarations: [{ name: 'f', parameters: { format: odd } }] }] }]]

for (const [what, dialect, received] of requests) {
  t.test(`${dialect.name}: an object without toString() as ${what} throws nothing but a GatewayError`, async t => {
    const survives = (act: () => unknown): void => {
      try {
        act()
      } catch (thrown) {
        if (!(thrown instanceof GatewayError)) throw thrown
      }
    }
    t.doesNotThrow(() => {
      survives(() => {
        const body = dialect.normalise?.(received) ?? received
        dialect.inspect(body)
        survives(() => dialect.decodeRequest(body, ledger()))
        if (!('prepare' in dialect)) return
        for (const target of [gpt(), noTools]) survives(() => prepareFitted(dialect, body, target, ledger()))
        if (dialect === anthropicMessages) betasOf(undefined, body, gpt())
      })
    })
  })
}
