// Anthropic's own events as Copilot forwards them, with its additions: context_management, copilot_usage, [DONE].
import { textDeltas } from './answer-parts.ts'
import { toJson } from './json.ts'
import { messageOf, stopReason, stopDetails } from './messages-object.ts'
import { copilotUsage, messagesUsage } from './usage.ts'
import type { Answer, AnswerCall } from './answer-parts.ts'
import type { Ask } from './ask.ts'
import type { SseEvent } from './reply.ts'

type Emit = (type: string, payload?: object) => SseEvent
type Block = { start: object, deltas: Iterable<object> }

const emit: Emit = (type, payload = {}) => ({ event: type, data: toJson({ ...payload, type }) })

export function* messagesStream (ask: Ask, answer: Answer): Generator<SseEvent> {
  yield emit('message_start', {
    message: { ...messageOf(ask), content: [], stop_reason: null, stop_sequence: null,
      usage: messagesUsage({ ...answer.usage, outputTokens: 1 }) },
  })
  yield emit('ping')
  let index = 0
  for (const { start, deltas } of blocks(answer)) {
    yield emit('content_block_start', { content_block: start, index })
    for (const delta of deltas) yield emit('content_block_delta', { delta, index })
    yield emit('content_block_stop', { index })
    index++
  }
  yield emit('message_delta', { context_management: { applied_edits: [] },
    copilot_usage: copilotUsage(ask.model, answer),
    delta: { ...stopDetails(answer), stop_reason: stopReason(answer), stop_sequence: answer.stopSequence },
    usage: messagesUsage(answer.usage) })
  yield emit('message_stop')
  if (answer.script.done !== false) yield { data: '[DONE]' }
}

function* blocks (answer: Answer): Generator<Block> {
  if (answer.reasoning !== null) {
    yield { start: { signature: '', thinking: '', type: 'thinking' }, deltas: thinking(answer) }
  }
  if (answer.deltas.length > 0) yield { start: { text: '', type: 'text' }, deltas: texts(answer) }
  for (const call of answer.calls) {
    yield { start: { id: call.id, input: {}, name: call.name, type: 'tool_use' }, deltas: inputs(call) }
  }
}

function* thinking ({ reasoning, opaque }: Answer): Generator<object> {
  for (const piece of (reasoning ?? '').match(/.{1,40}/gs) ?? []) yield { thinking: piece, type: 'thinking_delta' }
  if (opaque !== null) yield { signature: opaque, type: 'signature_delta' }
}

function* texts (answer: Answer): Generator<object> {
  for (const text of textDeltas(answer)) yield { text, type: 'text_delta' }
}

/** A tool without arguments sends one empty piece, or none. */
function* inputs ({ pieces }: AnswerCall): Generator<object> {
  const empty = pieces.join('') === '{}'
  for (const piece of empty ? [''] : pieces) yield { partial_json: piece, type: 'input_json_delta' }
}
