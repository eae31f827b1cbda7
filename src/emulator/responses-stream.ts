// The events of a streamed Responses answer, with every deviation of Copilot from OpenAI: no id is used twice, deltas
// are padded, one event has an unknown type, and even an empty reasoning item is sent.
import { textDeltas, wholeText } from './answer-parts.ts'
import { toJson } from './json.ts'
import { alphanumeric } from './random.ts'
import { itemsOf, opaqueId, statusOf, toItem, toPart, toResponse } from './responses-object.ts'
import type { Answer } from './answer-parts.ts'
import type { Ask } from './ask.ts'
import type { SseEvent } from './reply.ts'
import type { Item } from './responses-object.ts'

type Emit = (type: string, payload: object) => SseEvent

export function* responsesStream (ask: Ask, answer: Answer, now: number): Generator<SseEvent> {
  let sequence = 0
  const emit: Emit = (type, payload) => ({ event: type,
    data: toJson({ ...payload, sequence_number: sequence++, type }) })
  const items = itemsOf(ask, answer)

  yield emit('response.created', { response: toResponse(ask, answer, null, now) })
  yield emit('response.in_progress', { response: toResponse(ask, answer, null, now) })
  yield emit('response.copilot.note', { note: 'nobody knows this event' })
  for (const [index, item] of items.entries()) {
    yield emit('response.output_item.added', { item: toItem(item, answer, false), output_index: index })
    yield* content(item, answer, (type, payload) =>
      emit(type, { item_id: opaqueId(), output_index: index, ...payload }))
    yield emit('response.output_item.done', { item: toItem(item, answer, true), output_index: index })
  }
  const output = items.map(item => toItem(item, answer, true))
  yield emit(`response.${statusOf(answer.finish)}`, { response: toResponse(ask, answer, output, now) })
  if (answer.script.done === true) yield { data: '[DONE]' }
}

function content (item: Item, answer: Answer, emit: Emit): Generator<SseEvent> {
  switch (item.kind) {
    case 'reasoning':
      return reasoning(item.summary, emit)
    case 'message':
      return message(item.refusal, answer, emit)
    case 'call':
      return call(item, emit)
    case 'search':
      return search(emit)
    case 'compaction':
      return nothing()
  }
}

function* nothing (): Generator<SseEvent> {}

function* search (emit: Emit): Generator<SseEvent> {
  for (const step of ['in_progress', 'searching', 'completed']) yield emit(`response.web_search_call.${step}`, {})
}

function* reasoning (summary: string, emit: Emit): Generator<SseEvent> {
  if (summary === '') return
  yield emit('response.reasoning_summary_part.added', { part: { text: '', type: 'summary_text' }, summary_index: 0 })
  for (const delta of summary.match(/.{1,40}/gs) ?? []) {
    yield emit('response.reasoning_summary_text.delta', { delta, obfuscation: padding(), summary_index: 0 })
  }
  yield emit('response.reasoning_summary_text.done', { summary_index: 0, text: summary })
  yield emit('response.reasoning_summary_part.done', { part: { text: summary, type: 'summary_text' },
    summary_index: 0 })
}

function* message (refusal: boolean, answer: Answer, emit: Emit): Generator<SseEvent> {
  const name = refusal ? 'refusal' : 'output_text'
  const logprobs = refusal ? {} : { logprobs: [] }
  yield emit('response.content_part.added', { content_index: 0, part: toPart(refusal, '') })
  for (const delta of textDeltas(answer)) {
    yield emit(`response.${name}.delta`, { content_index: 0, delta, ...logprobs, obfuscation: padding() })
  }
  for (const [index, annotation] of answer.citations.entries()) {
    yield emit('response.output_text.annotation.added', { annotation, annotation_index: index, content_index: 0 })
  }
  const text = wholeText(answer)
  yield emit(`response.${name}.done`, { content_index: 0, ...logprobs, ...(refusal ? { refusal: text } : { text }) })
  yield emit('response.content_part.done', { content_index: 0, part: toPart(refusal, text, answer.citations) })
}

function* call ({ call: { custom, pieces } }: Extract<Item, { kind: 'call' }>, emit: Emit): Generator<SseEvent> {
  const name = custom ? 'response.custom_tool_call_input' : 'response.function_call_arguments'
  for (const delta of pieces) yield emit(`${name}.delta`, { delta, obfuscation: padding() })
  const whole = pieces.join('')
  yield emit(`${name}.done`, custom ? { input: whole } : { arguments: whole })
}

/** Hides the length of the delta. */
function padding (): string {
  return alphanumeric(1 + Math.floor(Math.random() * 12))
}
