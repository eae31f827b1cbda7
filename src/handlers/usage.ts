// GET /v1/usage: the quotas that GitHub reports for the seat, and the calls through this proxy.
import type { Handler } from '../contract.ts'
import type { Core } from '../core.ts'
import type { Reconciled } from '../usage/quota-watch.ts'
import { accountOf } from './api-body.ts'
import { json } from './reply.ts'

export function usage ({ quotas, tally, quotaWatch }: Core): Handler {
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
        reconciled: show(quotaWatch.of(account)),
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

function show (reconciled: Reconciled | null): object | null {
  if (reconciled === null) return null
  const { bucket, unit, since, copilot, counted } = reconciled
  return { bucket, unit, since: new Date(since).toISOString(), copilot: round(copilot), counted: round(counted),
    difference: round(counted - copilot), percent: copilot > 0 ? round(100 * (counted - copilot) / copilot) : null }
}

function round (value: number): number {
  return Math.round(value * 1_000) / 1_000
}

/** One AI credit is 0.01 USD and 10⁹ of upstream's units. */
function credits (nano: number): number {
  return nano / 1e9
}
