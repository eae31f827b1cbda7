// Counts a model call that Copilot answered: for the user by model, and for the key by credits.
import type { Call } from '../contract.ts'
import type { Core } from '../core.ts'
import type { Usage } from '../dialects/contract/dialect.ts'
import { accountOf } from './api-body.ts'

/** @param usage null if the answer named none */
export type CountCall = (call: Call, model: string, usage: Usage | null) => void

export function createCallCount ({ tally, spending }: Pick<Core, 'tally' | 'spending'>): CountCall {
  return (call, model, usage) => {
    const account = accountOf(call)
    tally.add(account.owner, model, usage)
    if (usage !== null) spending.add(account, usage.nanoCredits, call.defer)
  }
}
