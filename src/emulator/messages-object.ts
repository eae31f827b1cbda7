// A whole message, and its stop reasons.
import { wholeText } from './answer-parts.ts'
import { parseJson } from './json.ts'
import { answeredId } from './model-entry.ts'
import { alphanumeric } from './random.ts'
import { messagePrefix } from './backends.ts'
import { copilotUsage, messagesUsage } from './usage.ts'
import type { Answer } from './answer-parts.ts'
import type { Ask } from './ask.ts'

export function messagesBody (ask: Ask, answer: Answer): object {
  const words = wholeText(answer)
  return {
    ...messageOf(ask),
    content: [
      ...(answer.reasoning === null
        ? []
        : [{ signature: answer.opaque ?? '', thinking: answer.reasoning, type: 'thinking' }]),
      ...(words === '' ? [] : [{ text: words, type: 'text' }]),
      ...answer.calls.map(({ id, name, pieces }) => ({ id, input: parseJson(pieces.join('') || '{}'), name,
        type: 'tool_use' })
      ),
    ],
    context_management: { applied_edits: [] },
    copilot_usage: copilotUsage(ask.model, answer),
    ...stopDetails(answer),
    stop_reason: stopReason(answer),
    stop_sequence: answer.stopSequence,
    usage: messagesUsage(answer.usage),
  }
}

export function messageOf (ask: Ask): object {
  return { id: `${messagePrefix[ask.backend]}${alphanumeric(24)}`, model: answeredId(ask.model, true),
    role: 'assistant', type: 'message' }
}

export function stopReason ({ finish, stopSequence }: Answer): string {
  if (stopSequence !== null) return 'stop_sequence'
  return { stop: 'end_turn', length: 'max_tokens', tool_calls: 'tool_use', content_filter: 'refusal' }[finish] ?? finish
}

/** The reason of a refusal, with or without text. */
export function stopDetails (answer: Answer): object {
  return stopReason(answer) === 'refusal'
    ? { stop_details: { category: null, explanation: 'The request was refused.', type: 'refusal' } }
    : {}
}
