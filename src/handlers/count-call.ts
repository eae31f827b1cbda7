// Counts a call that the gateway sent to Copilot: for the user by model, for the key by credits, and for the history of
// usage. `docs/usage.md`
import type { Call } from '../contract.ts'
import type { Core } from '../core.ts'
import type { Usage } from '../dialects/contract/dialect.ts'
import { ClientGone } from '../errors.ts'
import { nothingUsed } from './answer-locally.ts'
import { isObject } from '../json.ts'
import type { Model } from '../model-entry.ts'
import { accountOf } from './api-body.ts'
import type { Plan } from './generate-plan.ts'

/** The model of a call, and where it was asked. */
export interface CountedModel {
  /** As the answer names it. */
  readonly name: string
  /** As Copilot names it. */
  readonly id: string
  readonly endpoint: string
  /** Whether the seat's list has it. */
  readonly isListed: boolean
  /** Premium requests that a call costs on a seat that pays by request. */
  readonly premium: number | null
}

export function countedModelOf ({ answer, target: { id }, upstream, list, facts }: Plan): CountedModel {
  const entry = list?.byId.get(id) ?? null
  return { name: answer.model, id, endpoint: upstream.path, isListed: entry !== null,
    premium: facts.initiator === 'user' ? multiplierOf(entry) : null }
}

/** `docs/spec/copilot.md#billing` */
function multiplierOf (entry: Model | null): number {
  const billing = entry?.['billing']
  return isObject(billing) && typeof billing['multiplier'] === 'number' ? billing['multiplier'] : 0
}

export interface CallCount {
  /**
   * Copilot answered. @param usage null if the answer named none
   * @param end whether the answer broke off, or was a search
   */
  readonly answered: (
    call: Call,
    model: CountedModel,
    usage: Usage | null,
    end?: { readonly isError?: boolean, readonly isSearch?: boolean },
  ) => void
  /** Copilot did not answer. A client that left is no failure. */
  readonly failed: (call: Call, model: CountedModel) => void
}

export function createCallCount (
  { tally, spending, history }: Pick<Core, 'tally' | 'spending' | 'history'>,
): CallCount {
  return {
    answered (call, { name, id, endpoint, premium }, usage, end) {
      const account = accountOf(call)
      tally.add(account.owner, name, usage)
      if (usage === nothingUsed) return // The parts of this answer were counted one by one.
      if (usage !== null) spending.add(account, usage.nanoCredits, call.defer)
      history.add(account, call, { model: id, endpoint, usage, premium, ...end })
    },
    failed (call, { id, endpoint, isListed }) {
      if (call.signal.reason instanceof ClientGone) return
      // Only Copilot's word makes a model's name worth keeping: a caller could invent thousands.
      history.add(accountOf(call), call, { model: isListed ? id : 'other', endpoint, usage: null, premium: null,
        isError: true })
    },
  }
}
