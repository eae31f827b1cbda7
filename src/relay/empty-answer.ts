// An answer without content that reached its length limit.
import type { Part, Usage } from '../dialects/contract/part.ts'

/** @param usage null if upstream sent none */
export function emptyAnswer (model: string, usage: Usage | null = null): Part[] {
  return [{ type: 'message-start', id: '', model, created: null },
    ...usage === null ? [] : [{ type: 'usage', usage } as const], { type: 'message-end', reason: 'length',
    stopSequence: null, explanation: null }]
}
