// Why an answer ended, from and to Chat's words. `translation.md` 2.9.1.
import type { FinishReason } from '../part.ts'
import { brokenOff } from './errors.ts'

/** Where several choices are one answer, the most telling reason is the answer's. */
const rank: readonly FinishReason[] = ['tool', 'length', 'filter', 'refusal', 'stop']

/**
 * @param reasons of all choices, as upstream said them
 * @throws {GatewayError} for `error`, which ends a broken answer
 */
export function readFinish (reasons: readonly unknown[], hasCalls: boolean, hasRefusal: boolean): FinishReason {
  const read = reasons.map((reason): FinishReason => {
    switch (reason) {
      case 'error': throw brokenOff()
      case 'length': return 'length'
      case 'content_filter': return 'filter'
      // `stop` is also said of forced calls, `function_call` also of none.
      default: return hasCalls ? 'tool' : hasRefusal ? 'refusal' : 'stop'
    }
  })
  return rank.find(reason => read.includes(reason)) ?? (hasCalls ? 'tool' : hasRefusal ? 'refusal' : 'stop')
}

/** @param isLegacy the client speaks of functions, not of tools */
export function writeFinish (reason: FinishReason, hasCalls: boolean, isLegacy: boolean): 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'function_call' {
  switch (reason) {
    case 'length': case 'context': return 'length'
    case 'filter': return 'content_filter'
    case 'stop': case 'stop_sequence': case 'refusal': case 'pause': case 'tool':
      return !hasCalls ? 'stop' : isLegacy ? 'function_call' : 'tool_calls'
  }
}
