// Maps stop reasons between Messages and the canonical form. `docs/spec/translation.md#finish`.
import type { FinishReason } from '../contract/part.ts'
import type { MessagesAnswer } from './wire.ts'

/** @param hasCalls whether the answer calls a tool: a normal end then means that the model waits for the result */
export function readStopReason (reason: string | null, hasCalls: boolean): FinishReason {
  switch (reason) {
    case 'max_tokens':
      return 'length'
    case 'stop_sequence':
      return 'stop_sequence'
    case 'tool_use':
      return 'tool'
    case 'pause_turn':
      return 'pause'
    case 'refusal':
      return 'filter' // A classifier stopped the answer, not the model.
    case 'model_context_window_exceeded':
      return 'context'
    default:
      return hasCalls ? 'tool' : 'stop'
  }
}

export type Ending = Pick<MessagesAnswer, 'stop_reason' | 'stop_sequence' | 'stop_details'>

export function writeEnding (
  { reason, stopSequence, explanation }: { reason: FinishReason, stopSequence: string | null,
    explanation: string | null },
  hasCalls: boolean,
): Ending {
  const ended = (word: Ending['stop_reason']): Ending => ({ stop_reason: word, stop_sequence: null })
  switch (reason) {
    case 'stop':
      return ended(hasCalls ? 'tool_use' : 'end_turn')
    case 'tool':
      return ended(hasCalls ? 'tool_use' : 'end_turn') // Otherwise a client would wait for a call that never came.
    case 'stop_sequence':
      return stopSequence === null ? ended('end_turn') : { stop_reason: 'stop_sequence', stop_sequence: stopSequence }
    case 'length':
    case 'context':
      return ended('max_tokens') // Clients from before September 2025 know no reason for a full context.
    case 'pause':
      return ended('pause_turn')
    case 'filter':
      return { ...ended('refusal'), stop_details: { type: 'refusal', category: null, explanation } }
    case 'refusal':
      return { ...ended('refusal'), stop_details: { type: 'refusal', category: null, explanation } }
  }
}
