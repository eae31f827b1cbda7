// Maps stop reasons between Chat and the canonical form. `docs/spec/translation.md#finish`.
import type { FinishReason } from '../contract/part.ts'
import { brokenOff } from './errors.ts'

/** If several choices form one answer, the most informative reason counts. */
const rank: readonly FinishReason[] = ['tool', 'length', 'filter', 'refusal', 'stop']

/**
 * @param reasons upstream's reasons of all choices
 * @throws {GatewayError} for `error`, which ends a broken answer
 */
export function readFinish (reasons: readonly unknown[], hasCalls: boolean, hasRefusal: boolean): FinishReason {
  const read = reasons.map((reason): FinishReason => {
    switch (reason) {
      case 'error':
        throw brokenOff()
      case 'length':
        return 'length'
      case 'content_filter':
        return 'filter'
      // Upstream also sends `stop` after forced calls, and `function_call` without any call.
      default:
        return hasCalls ? 'tool' : hasRefusal ? 'refusal' : 'stop'
    }
  })
  return rank.find(reason => read.includes(reason)) ?? (hasCalls ? 'tool' : hasRefusal ? 'refusal' : 'stop')
}

/** @param isLegacy the client uses functions instead of tools */
export function writeFinish (
  reason: FinishReason,
  hasCalls: boolean,
  isLegacy: boolean,
): 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'function_call' {
  switch (reason) {
    case 'length':
    case 'context':
      return 'length'
    case 'filter':
      return 'content_filter'
    case 'stop':
    case 'stop_sequence':
    case 'refusal':
    case 'pause':
    case 'tool':
      return !hasCalls ? 'stop' : isLegacy ? 'function_call' : 'tool_calls'
  }
}
