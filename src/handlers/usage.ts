// GET /v1/usage: the quotas that GitHub reports for the seat, and the calls through this proxy.
import type { Handler } from '../contract.ts'
import type { Core } from '../core.ts'
import { accountOf } from './api-body.ts'
import { json } from './reply.ts'

export function usage ({ quotas, tally }: Core): Handler {
  return async call => {
    const account = accountOf(call)
    const quota = await quotas(account, call.signal)
    const models = tally.of(account.owner)
    return json(200, {
      object: 'usage',
      seat: account.seat,
      plan: quota.plan,
      sku: quota.sku,
      login: quota.login,
      resets_at: quota.resetsAt,
      buckets: quota.buckets.map(({ percentRemaining, overageCount, overagePermitted, resetsAt, ...bucket }) => ({
        ...bucket,
        percent_remaining: percentRemaining,
        overage_count: overageCount,
        overage_permitted: overagePermitted,
        resets_at: resetsAt,
      })),
      proxy: {
        since_start: true,
        ai_credits: credits(models.reduce((total, { nanoCredits }) => total + nanoCredits, 0)),
        models: models.map(({ model, requests, inputTokens, cachedTokens, outputTokens, nanoCredits }) => ({
          model,
          requests,
          input_tokens: inputTokens,
          cached_tokens: cachedTokens,
          output_tokens: outputTokens,
          ai_credits: credits(nanoCredits),
        })),
      },
    })
  }
}

/** One AI credit is 0.01 USD and 10⁹ of upstream's units. */
function credits (nano: number): number {
  return nano / 1e9
}
