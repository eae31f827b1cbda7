// Counts an estimate against a key with a cap, where an answer ended before Copilot named its price: the client left,
// a stop sequence cut the answer, or the stream broke. Without it, such calls would pass every cap.
// `docs/keys.md#what-a-cap-counts`
import type { UpstreamBody } from '../body.ts'
import type { Call } from '../contract.ts'
import type { Core } from '../core.ts'
import type { Usage } from '../dialects/contract/dialect.ts'
import { meterOutput } from '../relay/output-meter.ts'
import { estimateBody, estimateText, priceOf, type Estimated } from '../usage/credit-estimate.ts'
import { accountOf } from './api-body.ts'
import type { Plan } from './generate-plan.ts'

export interface MeteredStream {
  /** The body to relay. */
  readonly body: UpstreamBody
  /** @param usage what the stream reported @param isWhole whether upstream reached its end, or the gateway cut it */
  readonly end: (plan: Plan, usage: Usage | null, isWhole: boolean) => void
}

export interface CallEstimates {
  /** Null for a caller without a cap: its streams are not read twice. */
  readonly meter: (call: Call, body: UpstreamBody) =>
    | MeteredStream
    | null
  /** For an answer that arrived whole, or was collected. */
  readonly whole: (call: Call, plan: Plan, usage: Usage | null) => void
}

export function createCallEstimates ({ spending, log }: Pick<Core, 'spending' | 'log'>): CallEstimates {
  return {
    meter (call, body) {
      if (!hasCap(call)) return null
      const output = meterOutput(body)
      return { body: output.body, end (plan, usage, isWhole) {
        if (usage !== null && usage.isEstimate !== true && (isWhole || usage.nanoCredits > 0)) return
        add(call, plan, { inputTokens: usage?.input ?? estimateBody(plan.call.body),
          outputTokens: estimateText(output.characters()) })
      } }
    },
    whole (call, plan, usage) {
      if (usage?.isEstimate !== true || !hasCap(call)) return
      add(call, plan, { inputTokens: usage.input, outputTokens: usage.output })
    },
  }

  function add (call: Call, { target: { id }, list }: Plan, tokens: Estimated): void {
    const account = accountOf(call)
    const amount = priceOf(list?.byId.get(id) ?? null, tokens)
    spending.add(account, amount, call.defer)
    log.info({ event: 'credits-estimated', reqId: call.id, user: account.username,
      detail: `${id}: ${tokens.inputTokens} tokens in, ${tokens.outputTokens} out, ${amount / 1e9} credits` },
      'an answer ended before Copilot named its price')
  }
}

function hasCap (call: Call): boolean {
  const cap = accountOf(call).entry?.monthlyCredits
  return cap !== undefined && cap !== null
}
