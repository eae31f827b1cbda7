// Chat completions in the form of OpenAI's models through Copilot: filter results everywhere, no `object`, padding.
import { textDeltas, wholeText } from './answer-parts.ts'
import { toJson } from './json.ts'
import { answeredId } from './model-entry.ts'
import { withoutCreated } from './model-list.ts'
import { alphanumeric, hex } from './random.ts'
import { chatUsage, copilotUsage } from './usage.ts'
import type { Answer, AnswerCall } from './answer-parts.ts'
import type { Ask } from './ask.ts'
import type { SseEvent } from './reply.ts'

const safe = { filtered: false, severity: 'safe' }
const filterResults = { hate: safe, self_harm: safe, sexual: safe, violence: safe }
const promptResults = [{ content_filter_results: filterResults, prompt_index: 0 }]

export function openaiBody (ask: Ask, answer: Answer, createdAt: number): object {
  const { calls, finish, reasoning, opaque } = answer
  const words = wholeText(answer)
  return {
    choices: [{
      content_filter_results: calls.length > 0 ? {} : filterResults,
      finish_reason: chatFinish(finish),
      index: 0,
      message: {
        // A message that only calls tools has no `content` field.
        ...(words === '' && calls.length > 0 ? {} : { content: words }),
        padding: padding(words.length),
        role: 'assistant',
        ...(reasoning ? { cot_id: 'cot_1', cot_summary: reasoning } : {}),
        ...(opaque === null ? {} : { reasoning_opaque: opaque }),
        ...(calls.length === 0 ? {} : { tool_calls: calls.map(toolCall) }),
      },
    }],
    copilot_usage: copilotUsage(ask.model, answer),
    ...stamp(ask, createdAt),
    prompt_filter_results: promptResults,
    usage: chatUsage(answer.usage, true),
  }
}

export function* openaiStream (ask: Ask, answer: Answer, createdAt: number): Generator<SseEvent> {
  const { calls, reasoning, opaque, usage } = answer
  const common = { ...stamp(ask, createdAt), ...(ask.includeUsage ? { usage: null } : {}) }
  const chunk = (delta: object, results: object = {}): SseEvent =>
    event({ choices: [{
      content_filter_offsets: { check_offset: 100, end_offset: 140, start_offset: 100 },
      content_filter_results: results,
      delta,
      index: 0,
    }], ...common })

  yield event({ choices: [], created: 0, id: '', prompt_filter_results: promptResults })
  if (calls.length === 0) yield chunk({ content: '', role: 'assistant' }, filterResults)
  if (reasoning) yield chunk({ cot_id: 'cot_1', cot_summary: reasoning })
  for (const content of textDeltas(answer)) yield chunk({ content })
  for (const [index, call] of calls.entries()) {
    const { name, id } = call
    yield chunk({ content: null, ...(index === 0 ? { role: 'assistant' } : {}),
      tool_calls: [{ function: { arguments: '', name }, id, index, type: 'function' }] })
    for (const piece of call.pieces) yield chunk({ tool_calls: [{ function: { arguments: piece }, index }] })
  }
  if (opaque !== null) yield chunk({ reasoning_opaque: opaque })
  yield event({
    choices: [{ content_filter_offsets: { check_offset: 100, end_offset: 140, start_offset: 100 },
      content_filter_results: {}, delta: { content: null }, finish_reason: chatFinish(answer.finish), index: 0 }],
    copilot_usage: copilotUsage(ask.model, answer),
    ...common,
    ...(ask.includeUsage ? {} : { usage: chatUsage(usage, true) }),
  })
  if (ask.includeUsage) yield event({ choices: [], ...common, usage: chatUsage(usage, true) })
}

/** Translates canonical finish reasons to the chat dialect. Others pass unchanged. */
export function chatFinish (finish: string): string {
  return { refusal: 'content_filter', failed: 'error' }[finish] ?? finish
}

export function toolCall ({ id, name, pieces }: AnswerCall): object {
  return { function: { arguments: pieces.join(''), name }, id, type: 'function' }
}

export function event (value: unknown): SseEvent {
  return { data: toJson(value) }
}

function stamp (ask: Ask, createdAt: number): object {
  return { ...(ask.model.id === withoutCreated ? {} : { created: Math.floor(createdAt / 1000) }),
    id: `chatcmpl-${alphanumeric(29)}`, model: answeredId(ask.model, false), system_fingerprint: `fp_${hex(10)}` }
}

/** A prefix of the alphabet and digits, which hides the answer's length on the wire. */
function padding (length: number): string {
  return 'abcdefghijklmnopqrstuvwxyz0123456789'.slice(0, 1 + length % 36)
}
