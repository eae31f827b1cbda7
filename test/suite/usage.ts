// The remaining quota of a seat, for every kind of plan, and the calls through this proxy.
import type { Frame } from '../fixtures/cases.ts'
import { call, type Json } from '../fixtures/http.ts'
import type { User } from '../fixtures/targets.ts'
import { openAi, says } from './openai.ts'

const usage = async ({ base, password }: User): Promise<Json> =>
  (await call(`${base}/usage`, { headers: { authorization: `Bearer ${password}` } })).json
const bucket = ({ buckets }: Json, id: string): Json => buckets.find((entry: Json) => entry.id === id)

export function usageSuite ({ target, test }: Frame): void {
  test('a paid seat: unlimited buckets have no numbers, the metered one has', async t => {
    const seen = await usage(await target.addUser(undefined, { plan: 'business', login: 'octo' }))
    t.match(seen, { object: 'usage', plan: 'business', sku: 'yearly_subscriber', login: 'octo',
      resets_at: /^\d{4}-\d\d-01T/ })
    t.match(bucket(seen, 'chat'), { kind: 'unlimited', entitlement: null, used: null, remaining: null,
      percent_remaining: null })
    t.match(bucket(seen, 'premium_interactions'), { kind: 'metered', entitlement: 300, remaining: 213.6, used: 86.4,
      percent_remaining: 71.2, overage_permitted: false })
  })

  test('a free seat: the remaining and the total amount', async t => {
    const seen = await usage(await target.addUser(undefined, { kind: 'free' }))
    t.match(seen, { plan: 'individual', sku: 'free_limited_copilot', resets_at: /^\d{4}-\d\d-\d\d/ })
    t.match(bucket(seen, 'chat'), { kind: 'free_plan', entitlement: 500, used: 20, remaining: 480,
      percent_remaining: 96 })
    t.match(bucket(seen, 'completions'), { used: 0, remaining: 4_000 })
  })

  test('a seat over its quota: nothing remains, and no number is negative', async t => {
    t.match(bucket(await usage(await target.addUser(undefined, { kind: 'negative' })), 'premium_interactions'), {
      entitlement: 300,
      used: 301,
      remaining: 0,
      percent_remaining: 0,
      overage_permitted: true,
    })
  })

  test('a seat without usage data at GitHub: no buckets, no failure', async t => {
    t.match(await usage(await target.addUser(undefined, { kind: 'bare' })), { object: 'usage', buckets: [] })
  })

  test('calls through the proxy are counted by user and model, streamed or not', async t => {
    const user = await target.addUser()
    const client = openAi(user)
    target.emulator.answers.push(
      ...[false, true].map(() => ({ text: 'x', usage: { inputTokens: 100, cachedTokens: 40, outputTokens: 5 } })),
    )
    await client.chat.completions.create({ model: 'gpt-5.1', messages: says('hi') })
    await client.chat.completions.stream({ model: 'gpt-5.1', messages: says('hi') }).finalChatCompletion()
    await client.embeddings.create({ model: 'text-embedding-3-small', input: 'hello' })
    const { proxy: { models } } = await usage(user)
    t.match(models.find(({ model }: Json) => model === 'gpt-5.1'), { requests: 2, input_tokens: 200, cached_tokens: 80,
      output_tokens: 10 })
    t.match(models.find(({ model }: Json) => model === 'text-embedding-3-small'), { requests: 1, input_tokens: 2 })
    t.same((await usage(await target.addUser())).proxy.models, [], 'only their own')
  })

  test('GitHub is asked once in 30 s, with the GitHub token', async t => {
    const user = await target.addUser()
    await usage(user)
    await usage(user)
    t.same(target.seen('/copilot_internal/user').map(({ host, headers }) => [host, headers['authorization']]), [[
      'github-api',
      `token ${user.seat.githubToken}`,
    ]])
  })

  test('a seat that no longer exists is 403; if GitHub is down, 502', async t => {
    const user = await target.addUser()
    user.seat.state = 'revoked'
    const ask = ({ base, password }: User) =>
      call(`${base}/usage`, { headers: { authorization: `Bearer ${password}` } })
    t.match(await ask(user), { status: 403, json: { error: { code: 'github_token_rejected' } } })
    target.emulator.fault({ path: '/copilot_internal/user' }, { kind: 'html', status: 502 })
    t.match(await ask(await target.addUser()), { status: 502, json: { error: { code: 'upstream_error' } } })
  })
}
