// Chat completions in the form of Claude through Copilot: repeated roles, split choices, every tool call at index 0.
// Gemini is here too: without filter results, and with whole, indexed calls.
import { textDeltas, wholeText } from './answer-parts.ts'
import { chatFinish, event, toolCall } from './chat-openai.ts'
import { answeredId, styleOf } from './model-entry.ts'
import { alphanumeric, uuid } from './random.ts'
import { chatUsage, copilotUsage } from './usage.ts'
import type { Answer, AnswerCall } from './answer-parts.ts'
import type { Ask } from './ask.ts'
import type { SseEvent } from './reply.ts'

const calm = { filtered: false, severity: '0' }
/** The empty error is always present and means nothing. */
const filterResults = { error: { code: '', message: '' }, hate: calm, self_harm: calm, sexual: calm, violence: calm }

export function claudeBody (ask: Ask, answer: Answer, createdAt: number): object {
  const { calls, reasoning, opaque } = answer
  const finish = { finish_reason: chatFinish(answer.finish), index: 0 }
  const words = wholeText(answer)
  const thought = { ...(reasoning ? { reasoning_text: reasoning } : {}),
    ...(opaque === null ? {} : { reasoning_opaque: opaque }) }
  const split = calls.length > 0 && words !== ''
  const tools = calls.length === 0 ? {} : { tool_calls: calls.map(toolCall) }
  const choices = split
    ? [{ ...finish, message: { content: words, role: 'assistant', ...thought } }, { ...finish,
      message: { role: 'assistant', ...tools } }]
    : [{ ...finish,
      message: { ...(calls.length > 0 ? {} : { content: words }), role: 'assistant', ...thought, ...tools } }]
  return { choices, copilot_usage: copilotUsage(ask.model, answer), created: Math.floor(createdAt / 1000),
    id: `msg_bdrk_${alphanumeric(24)}`, model: answeredId(ask.model, false), usage: chatUsage(answer.usage, false) }
}

export function* claudeStream (ask: Ask, answer: Answer, createdAt: number): Generator<SseEvent> {
  const claude = styleOf(ask.model) === 'claude'
  const common = { created: Math.floor(createdAt / 1000), id: uuid(), model: answeredId(ask.model, false),
    ...(ask.includeUsage ? { usage: null } : {}) }
  const usage = chatUsage(answer.usage, false)
  const filters = claude
    ? { content_filter_offsets: { check_offset: 0, end_offset: 132, start_offset: 0 },
      content_filter_results: filterResults }
    : {}
  const chunk = (delta: object, more: object = {}): SseEvent =>
    event({ choices: [{ delta, index: 0, ...more }], ...common })

  if (answer.reasoning) yield chunk({ reasoning_text: answer.reasoning, role: 'assistant' })
  let filtered = false
  for (const content of textDeltas(answer)) {
    yield chunk({ content, role: 'assistant' }, filtered ? filters : {})
    filtered = true
  }
  const opaque = halves(answer.opaque)
  for (const piece of opaque) {
    if (claude || answer.calls.length === 0) yield chunk({ content: null, reasoning_opaque: piece })
  }
  for (const [index, call] of answer.calls.entries()) {
    if (claude) { for (const delta of claudeCall(call)) yield chunk(delta) }
    else yield* geminiCall(call, index, index === 0 ? opaque : []).map(delta => chunk(delta))
  }
  yield event({ choices: [{ delta: { content: null }, finish_reason: chatFinish(answer.finish), index: 0 }],
    copilot_usage: copilotUsage(ask.model, answer), ...common, ...(ask.includeUsage ? {} : { usage }) })
  if (ask.includeUsage) yield event({ choices: [], ...common, usage })
}

/** First the name without arguments, then an empty piece. Only a new id shows that a new call begins. */
function claudeCall ({ id, name, pieces }: AnswerCall): object[] {
  const head = { content: null, tool_calls: [{ function: { name }, id, index: 0, type: 'function' }] }
  if (pieces.length === 0) return [head]
  return [head,
    ...['', ...pieces].map(piece => ({ content: null,
      tool_calls: [{ function: { arguments: piece }, index: 0, type: 'function' }] })
    )]
}

/** Sent whole, with the first half of the thought's signature. The other half follows. */
function geminiCall (call: AnswerCall, index: number, [first, second]: readonly string[]): object[] {
  const head = { content: null, ...(first === undefined ? {} : { reasoning_opaque: first }), role: 'assistant',
    tool_calls: [{ ...toolCall(call), index }] }
  return second === undefined ? [head] : [head, { reasoning_opaque: second }]
}

function halves (whole: string | null): string[] {
  if (whole === null) return []
  const middle = Math.ceil(whole.length / 2)
  return [whole.slice(0, middle), whole.slice(middle)].filter(half => half !== '')
}
