// Writes why an answer ended. `docs/spec/translation.md#finish`.
import type { FinishReason } from '../contract/part.ts'
import type { GeminiCandidate } from './wire.ts'

/** @param isMalformed a call's arguments are no JSON object, so that the call is missing */
export function writeFinish (reason: FinishReason, isMalformed: boolean): NonNullable<GeminiCandidate['finishReason']> {
  switch (reason) {
    case 'length':
    case 'context':
      return 'MAX_TOKENS'
    case 'filter':
    case 'refusal':
      return 'SAFETY'
    case 'stop':
    case 'stop_sequence':
    case 'tool':
    case 'pause':
      return isMalformed ? 'MALFORMED_FUNCTION_CALL' : 'STOP'
  }
}
