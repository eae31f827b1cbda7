// A whole Responses answer of Copilot's, made into one that OpenAI's SDKs accept. `copilot-upstream.md` 8.2.
import type { JsonObject } from '../../json.ts'
import type { AnswerOptions, Usage } from '../dialect.ts'
import { refuseFailure } from './decode-stream.ts'
import { createIds, hasCallId, isCall, mendItem, prefixOf, withArguments } from './mend-item.ts'
import { readUsage } from './usage.ts'
import { list, objects, text, writeEvent } from './wire.ts'

/** @throws {GatewayError} for an answer that tells of a failure */
export function tidyAnswer (answer: JsonObject, options: AnswerOptions): { readonly answer: JsonObject, readonly usage: Usage | null } {
  refuseFailure(answer)
  const ids = createIds(options.newId)
  const output = objects(answer['output']).filter(item => text(item['type']) !== '').map(item => {
    const type = text(item['type'])
    return withArguments(mendItem(item, ids.take(item['id'], prefixOf(type)), hasCallId(type) ? ids.take(item['call_id'], 'call') : null))
  })
  return { answer: { ...mendResponse(answer, options), output }, usage: readUsage(answer) }
}

/** The response but for its output. `output_text` belongs to the SDKs, which make it themselves. */
export function mendResponse (response: JsonObject, { model, now, newId }: AnswerOptions): JsonObject {
  const { output_text: _text, ...rest } = response
  return {
    ...rest,
    id: text(response['id']) || `resp_${newId()}`,
    object: 'response',
    created_at: typeof response['created_at'] === 'number' ? response['created_at'] : Math.floor(now() / 1_000),
    model: text(response['model']) || model,
  }
}

/** The same answer as a stream would have told it. @param answer mended */
export function toStream (answer: JsonObject): string {
  let out = ''
  let sequence = 0
  const say = (type: string, payload: JsonObject): void => { out += writeEvent({ type: `response.${type}`, sequence_number: sequence++, ...payload }) }
  const begun = { ...answer, status: 'in_progress', output: [], usage: null, incomplete_details: null }
  say('created', { response: begun })
  say('in_progress', { response: begun })
  objects(answer['output']).forEach((item, index) => itemEvents(item, (type, payload = {}) => say(type, { output_index: index, ...payload })))
  say(answer['status'] === 'incomplete' ? 'incomplete' : 'completed', { response: answer })
  return out
}

function itemEvents (item: JsonObject, say: (type: string, payload?: JsonObject) => void): void {
  const type = text(item['type'])
  const at = { item_id: item['id'] }
  const begun = 'status' in item ? { status: 'in_progress' } : {}
  if (type === 'message') {
    say('output_item.added', { item: { ...item, ...begun, content: [] } })
    objects(item['content']).forEach((part, index) => {
      const [name, field] = part['type'] === 'refusal' ? ['refusal', 'refusal'] : ['output_text', 'text']
      const here = { ...at, content_index: index }
      const logprobs = name === 'refusal' ? {} : { logprobs: list(part['logprobs']) }
      say('content_part.added', { ...here, part: { ...part, [field]: '' } })
      if (text(part[field]) !== '') say(`${name}.delta`, { ...here, delta: part[field], ...logprobs })
      say(`${name}.done`, { ...here, [field]: text(part[field]), ...logprobs })
      say('content_part.done', { ...here, part })
    })
  } else if (type === 'reasoning') {
    say('output_item.added', { item: { ...item, summary: [] } })
    objects(item['summary']).forEach((part, index) => {
      const here = { ...at, summary_index: index }
      say('reasoning_summary_part.added', { ...here, part: { ...part, text: '' } })
      say('reasoning_summary_text.delta', { ...here, delta: text(part['text']) })
      say('reasoning_summary_text.done', { ...here, text: text(part['text']) })
      say('reasoning_summary_part.done', { ...here, part })
    })
  } else if (isCall(type)) {
    const [name, field] = type === 'function_call' ? ['function_call_arguments', 'arguments'] : ['custom_tool_call_input', 'input']
    say('output_item.added', { item: { ...item, ...begun, [field]: '' } })
    if (text(item[field]) !== '') say(`${name}.delta`, { ...at, delta: item[field] })
    say(`${name}.done`, { ...at, [field]: text(item[field]) })
  } else say('output_item.added', { item: { ...item, ...begun } })
  say('output_item.done', { item })
}
