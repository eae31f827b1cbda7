// The names that encoders write are checked by the compiler: each `@ts-expect-error` here fails the type check if its
// line compiles. What runs here only shows that undefined fields are left out.
import t from 'tap'
import type { ChatAnswer, ChatMessage, ChatRequest } from '../../../src/dialects/chat/wire.ts'
import type { MessagesAnswer, MessagesRequest } from '../../../src/dialects/messages/wire.ts'
import type { ItemPayload, ResponseState } from '../../../src/dialects/responses/wire-answer.ts'
import type { InputItem, ResponsesRequest } from '../../../src/dialects/responses/wire.ts'
import { omitUndefined } from '../../../src/dialects/shared/omit-undefined.ts'

t.test('undefined fields are left out, and the others keep their order', async t => {
  const request = omitUndefined<ChatRequest>({ model: 'm', temperature: undefined, messages: [], top_p: 0, stop: null })
  t.equal(JSON.stringify(request), '{"model":"m","messages":[],"top_p":0,"stop":null}')
})

t.test('a misspelt field of a request does not compile', async t => {
  // @ts-expect-error max_tokens
  omitUndefined<ChatRequest>({ model: 'm', messages: [], max_token: 1 })
  // @ts-expect-error max_output_tokens
  omitUndefined<ResponsesRequest>({ model: 'm', input: [], max_output_token: 1 })
  // @ts-expect-error stop_sequences
  omitUndefined<MessagesRequest>({ model: 'm', max_tokens: 1, messages: [], stop_sequence: ['x'] })
  // @ts-expect-error a required field is not undefined
  omitUndefined<ChatRequest>({ model: undefined, messages: [] })
  t.pass('they have the right types')
})

t.test('a misspelt field of a message, an item or an event does not compile', async t => {
  // @ts-expect-error reasoning_opaque
  const message: ChatMessage = { role: 'assistant', content: '', reasoning_opaqe: 'x' }
  // @ts-expect-error arguments
  const item: InputItem = { type: 'function_call', call_id: 'c', name: 'f', argument: '{}' }
  // @ts-expect-error tool_use_id
  const block: MessagesRequest['messages'][number]['content'][number] = { type: 'tool_result', tool_id: 'c',
    content: '' }
  // @ts-expect-error delta
  const event: ItemPayload<'refusal.delta'> = { item_id: 'i', content_index: 0, text: '' }
  t.ok([message, item, block, event].every(value => typeof value === 'object'))
})

t.test('a misspelt field of an answer does not compile', async t => {
  // @ts-expect-error choices
  const chat: Partial<ChatAnswer> = { choice: [] }
  // @ts-expect-error incomplete_details
  const responses: Partial<ResponseState> = { incomplete_detail: null }
  // @ts-expect-error stop_reason
  const messages: Partial<MessagesAnswer> = { stop_reasons: null }
  t.ok([chat, responses, messages].every(value => typeof value === 'object'))
})
