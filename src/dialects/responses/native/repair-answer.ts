// Repairs a whole Responses answer of Copilot so that OpenAI's SDKs accept it. `docs/spec/copilot.md#responses-answer`.
import type { JsonObject } from '../../../json.ts'
import type { AnswerOptions, Usage } from '../../contract/dialect.ts'
import { refuseFailure } from '../errors.ts'
import { stateOf } from './prepare-reasoning.ts'
import { createIds, hasCallId, isCall, repairItem, prefixOf, withWholeInput } from './repair-item.ts'
import { completeResponse } from '../wire-response.ts'
import { repairUsage, readUsage } from '../usage.ts'
import { list, objects, text, writeEvent } from '../wire.ts'

/** @throws {GatewayError} for an answer that reports a failure */
export function repairAnswer (
  answer: JsonObject,
  options: AnswerOptions,
): { readonly answer: JsonObject, readonly usage: Usage | null } {
  refuseFailure(answer)
  const ids = createIds(options.newId)
  const output = objects(answer['output']).filter(item => text(item['type']) !== '').map(item => {
    const type = text(item['type'])
    const state = stateOf(item)
    if (state !== null) options.rememberState?.(state)
    return withWholeInput(
      repairItem(item, ids.take(item['id'], prefixOf(type)), hasCallId(type) ? ids.take(item['call_id'], 'call') : null,
        'completed'),
    )
  })
  return { answer: endedBy({ ...repairResponse(answer, options), output }), usage: readUsage(answer) }
}

/** The response, `incomplete` if one of its calls broke off although upstream reports it complete. */
export function endedBy (response: JsonObject & { readonly output: readonly JsonObject[] }): JsonObject {
  const isHalf = response['status'] === 'completed'
    && response.output.some(item => item['type'] === 'function_call' && item['status'] === 'incomplete')
  return isHalf
    ? { ...response, status: 'incomplete', completed_at: null, incomplete_details: { reason: 'max_output_tokens' } }
    : response
}

/** The response without its output. SDKs compute `output_text` themselves. */
export function repairResponse (response: JsonObject, { model, now, newId }: AnswerOptions): JsonObject {
  const { output_text: _text, ...rest } = response
  return completeResponse({
    ...rest,
    ...'usage' in rest && { usage: repairUsage(rest['usage']) },
    id: text(response['id']) || `resp_${newId()}`,
    object: 'response',
    created_at: typeof response['created_at'] === 'number' ? response['created_at'] : Math.floor(now() / 1_000),
    model: text(response['model']) || model,
  })
}

/** The same answer as a stream. @param answer repaired */
export function toStream (answer: JsonObject, { completed }: Pick<AnswerOptions, 'completed'>): string {
  let out = ''
  let sequence = 0
  const emit = (type: string, payload: JsonObject): void => {
    out += writeEvent({ type: `response.${type}`, sequence_number: sequence++, ...payload })
  }
  const begun = { ...answer, status: 'in_progress', output: [], usage: null, incomplete_details: null }
  emit('created', { response: begun })
  emit('in_progress', { response: begun })
  objects(answer['output']).forEach((item, index) =>
    itemEvents(item, (type, payload = {}) => emit(type, { output_index: index, ...payload }))
  )
  const isIncomplete = answer['status'] === 'incomplete'
  emit(isIncomplete ? 'incomplete' : 'completed', { response: answer })
  if (!isIncomplete) completed?.(answer)
  return out
}

function itemEvents (item: JsonObject, emit: (type: string, payload?: JsonObject) => void): void {
  const type = text(item['type'])
  const at = { item_id: item['id'] }
  const begun = 'status' in item ? { status: 'in_progress' } : {}
  if (type === 'message') {
    emit('output_item.added', { item: { ...item, ...begun, content: [] } })
    objects(item['content']).forEach((part, index) => {
      const [name, field] = part['type'] === 'refusal' ? ['refusal', 'refusal'] : ['output_text', 'text']
      const here = { ...at, content_index: index }
      const logprobs = name === 'refusal' ? {} : { logprobs: list(part['logprobs']) }
      emit('content_part.added', { ...here, part: { ...part, [field]: '' } })
      if (text(part[field]) !== '') emit(`${name}.delta`, { ...here, delta: part[field], ...logprobs })
      emit(`${name}.done`, { ...here, [field]: text(part[field]), ...logprobs })
      emit('content_part.done', { ...here, part })
    })
  } else if (type === 'reasoning') {
    emit('output_item.added', { item: { ...item, summary: [] } })
    objects(item['summary']).forEach((part, index) => {
      const here = { ...at, summary_index: index }
      emit('reasoning_summary_part.added', { ...here, part: { ...part, text: '' } })
      emit('reasoning_summary_text.delta', { ...here, delta: text(part['text']) })
      emit('reasoning_summary_text.done', { ...here, text: text(part['text']) })
      emit('reasoning_summary_part.done', { ...here, part })
    })
  } else if (isCall(type)) {
    const [name, field] = type === 'function_call'
      ? ['function_call_arguments', 'arguments']
      : ['custom_tool_call_input', 'input']
    emit('output_item.added', { item: { ...item, ...begun, [field]: '' } })
    if (text(item[field]) !== '') emit(`${name}.delta`, { ...at, delta: item[field] })
    emit(`${name}.done`, { ...at, [field]: text(item[field]) })
  } else emit('output_item.added', { item: { ...item, ...begun } })
  emit('output_item.done', { item })
}
