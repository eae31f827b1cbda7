// GitHub's quota of a seat, `docs/spec/copilot.md#user`, and the counts of this proxy.
import t from 'tap'
import { readQuota } from '../../../src/usage/quota.ts'
import { createTally } from '../../../src/usage/tally.ts'

t.test('readQuota() reads a paid plan: metered, unlimited, not applicable and unknown buckets', async t => {
  const snapshot = (fields: object) => ({ overage_count: 0, overage_permitted: false, unlimited: false, ...fields })
  const quota = readQuota({
    login: 'octocat',
    copilot_plan: 'individual',
    access_type_sku: 'plus',
    quota_reset_date: '2026-04-01',
    quota_reset_date_utc: '2026-04-01T00:00:00Z',
    quota_snapshots: {
      chat: snapshot({ entitlement: 0, unlimited: true }),
      completions: snapshot({ entitlement: -1 }),
      premium_interactions: snapshot({ entitlement: 300, quota_remaining: 291.5, overage_permitted: true,
        overage_count: 2 }),
      premium_models: snapshot({ entitlement: 0 }),
      newest: snapshot({ entitlement: 10, remaining: -5 }),
      odd: null,
    },
  })
  t.match(quota, { plan: 'individual', sku: 'plus', login: 'octocat', resetsAt: '2026-04-01T00:00:00Z' })
  t.strictSame(
    quota.buckets.map((
      { id, kind, used, remaining, percentRemaining },
    ) => [id, kind, used, remaining, percentRemaining]),
    [['chat', 'unlimited', null, null, null], ['completions', 'unlimited', null, null, null], ['premium_interactions',
      'metered', 8.5, 291.5, 97.17], ['premium_models', 'not_applicable', null, null, null], ['newest', 'extra', 15, 0,
      0]],
  )
  t.match(quota.buckets[2], { overageCount: 2, overagePermitted: true, resetsAt: '2026-04-01T00:00:00Z' })
})

t.test('readQuota() reads Copilot Free, and survives any other input', async t => {
  const quota = readQuota({ limited_user_quotas: { chat: 410, completions: 4_000 },
    monthly_quotas: { chat: 500, completions: 4_000 }, limited_user_reset_date: '2026-04-05' })
  t.match(quota.buckets, [{ id: 'chat', kind: 'free_plan', entitlement: 500, used: 90, remaining: 410,
    percentRemaining: 82, resetsAt: '2026-04-05' }, { used: 0 }])
  for (const odd of [{}, { quota_snapshots: [] }, { quota_snapshots: 'x', limited_user_quotas: null }, { login: 7,
    copilot_plan: '' }]) t.match(readQuota(odd), { plan: null, login: null, buckets: [] })
})

t.test('createTally() counts by user and model, and its size is bounded', async t => {
  const tally = createTally()
  const usage = { input: 10, cacheRead: 4, cacheWrite: 0, output: 2, reasoning: 0, nanoCredits: 5 }
  tally.add('alice', 'm', usage)
  tally.add('alice', 'm', null)
  tally.add('bob', 'm', usage)
  t.match(tally.of('alice'), [{ model: 'm', requests: 2, inputTokens: 10, cachedTokens: 4, outputTokens: 2,
    nanoCredits: 5 }])
  t.strictSame(tally.of('nobody'), [])
  for (let at = 0; at < 500; at++) tally.add('carol', `model-${at}`, null)
  t.equal(tally.of('carol').length, 200)
})
