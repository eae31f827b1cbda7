// When a Copilot token is renewed, by which request, and what happens while GitHub fails.
import t from 'tap'
import { GatewayError } from '../../../src/errors.ts'
import { settle } from '../helpers/clock.ts'
import { broken, createTokenWorld, minute, rejected } from '../helpers/tokens.ts'
import { createAccount, tokenOf } from '../helpers/upstream.ts'

t.test('get() exchanges once for all callers at the same time', async t => {
  const { github, get, tokens, defer } = createTokenWorld()
  const go = github.hold()
  const all = Array.from({ length: 200 }, () => tokens.get(createAccount(), defer))
  await settle()
  go()
  t.strictSame(new Set((await Promise.all(all)).map(({ token }) => token as string)), new Set(['tid=1']))
  t.equal(await get(), 'tid=1')
  t.equal(github.calls(), 1)
})

t.test('get() renews behind the request from 95 % of refresh_in, and before it a minute after refresh_in', async t => {
  const { clock, github, get } = createTokenWorld()
  await get()
  clock.advance(0.95 * 25 * minute - 1)
  t.equal(await get(), 'tid=1')
  t.equal(github.calls(), 1)
  clock.advance(1)
  t.equal(await get(), 'tid=1', 'a request that finds an old token does not wait')
  t.equal(await get(), 'tid=2')
  clock.advance(26 * minute)
  t.equal(await get(), 'tid=3', 'too old to send')
  t.equal(github.calls(), 3)
})

t.test('get() never sends a token in its last minute, and copes with short-lived tokens and with none', async t => {
  const { clock, get, github } = createTokenWorld({ refreshInMs: 1_500_000, livesMs: 300_000 })
  await get()
  clock.advance(240_000)
  t.equal(await get(), 'tid=2')
  const short = createTokenWorld({ refreshInMs: 1_000, livesMs: 30_000 })
  await short.get()
  short.clock.advance(1_000)
  await short.get()
  t.equal(short.github.calls(), 2)
  t.equal(github.calls(), 2)
})

t.test('get() is not affected by steps of the wall clock', async t => {
  const { clock, github, get } = createTokenWorld()
  await get()
  for (const ms of [86_400_000, -172_800_000, 600_000]) {
    clock.step(ms)
    t.equal(await get(), 'tid=1')
  }
  t.equal(github.calls(), 1)
})

t.test('get() keeps a valid token while GitHub is down, and asks GitHub less and less often', async t => {
  const { clock, github, get } = createTokenWorld()
  await get()
  github.answer(broken)
  clock.advance(26 * minute)
  t.equal(await get(), 'tid=1')
  t.equal(github.calls(), 2)
  clock.advance(4_999)
  t.equal(await get(), 'tid=1')
  t.equal(github.calls(), 2, 'the failure is remembered for five seconds')
  clock.advance(4 * minute)
  await t.rejects(get(), { code: 'upstream_error' }, 'it has expired now')
})

t.test('get() remembers failures for 5, 10, 20, 40 and then 60 s, and forgets them after one success', async t => {
  const { clock, github, get } = createTokenWorld()
  github.answer(broken)
  for (const [at, seconds] of [5, 10, 20, 40, 60, 60].entries()) {
    await t.rejects(get(), { code: 'upstream_error', message: 'GitHub is broken' })
    t.equal(github.calls(), at + 1)
    clock.advance(seconds * 1_000 - 1)
    await t.rejects(get(), { code: 'upstream_error' })
    t.equal(github.calls(), at + 1, `${seconds} s`)
    clock.advance(1)
  }
  github.answer(null)
  t.equal(await get(), 'tid=7')
})

t.test('get() remembers a refusal for 60 s, and a rate limit as long as GitHub asks, up to ten minutes', async t => {
  for (const [error, seconds] of [[rejected, 60], [new GatewayError('rate_limited', 'slow', { retryAfterSeconds: 90 }),
    90], [new GatewayError('rate_limited', 'slow', { retryAfterSeconds: 86_400 }), 600]] as const) {
    const { clock, github, get } = createTokenWorld()
    github.answer(error)
    await t.rejects(get(), { code: error.code })
    clock.advance(seconds * 1_000 - 1)
    await t.rejects(get(), { code: error.code })
    t.equal(github.calls(), 1)
    clock.advance(1)
    github.answer(null)
    t.equal(await get(), 'tid=2')
  }
})

t.test('get() drops its token when GitHub takes the seat away', async t => {
  const { clock, github, get } = createTokenWorld()
  await get()
  github.answer(rejected)
  clock.advance(26 * minute)
  await t.rejects(get(), { code: 'github_token_rejected', status: 403 })
})

t.test('renew() makes one new token for all callers whose token was refused', async t => {
  const { github, renew, get } = createTokenWorld()
  await get()
  const renewed = await Promise.all(Array.from({ length: 50 }, () => renew('tid=1')))
  t.ok(renewed.every(({ token, isSame }) => token === 'tid=2' && !isSame))
  t.equal((await renew('tid=1')).token, 'tid=2', 'a late caller gets the existing token')
  t.equal(github.calls(), 2)
})

t.test('after a restart, an old token of the store serves while GitHub is down, and no longer', async t => {
  const { clock, github, get, open } = createTokenWorld()
  await get()
  clock.advance(26 * minute)
  github.answer(broken)
  const restarted = open()
  t.equal(await get(restarted), 'tid=1')
  t.equal(await get(restarted), 'tid=1')
  t.equal(github.calls(), 2, 'GitHub is not asked again at once')
  github.answer(rejected)
  await t.rejects(get(open()), rejected, 'a refusal ends it')
  clock.advance(5 * minute)
  github.answer(broken)
  await t.rejects(get(open()), broken, 'the token has expired')
})

t.test('M1: a renewed token that has worked is renewed three times in 30 s, then 503 with the time to wait',
  async t => {
    const { clock, github, tokens, renew, get } = createTokenWorld()
    await get()
    for (const [refused, fresh] of [['tid=1', 'tid=2'], ['tid=2', 'tid=3'], ['tid=3', 'tid=4']] as const) {
      t.match(await renew(refused), { token: fresh, isSame: false })
      tokens.accepted(createAccount(), tokenOf(fresh), () => {})
      clock.advance(1_000)
    }
    await t.rejects(renew('tid=4'), { code: 'copilot_token_unstable', status: 503, headers: { 'retry-after': '27' } })
    clock.advance(26_999)
    await t.rejects(renew('tid=4'), { code: 'copilot_token_unstable', headers: { 'retry-after': '1' } })
    t.equal(github.calls(), 4)
    clock.advance(1)
    t.match(await renew('tid=4'), { token: 'tid=5', isSame: false }, 'the first of the three is 30 s old')
    tokens.accepted(createAccount(), tokenOf('tid=5'), () => {})
    await t.rejects(renew('tid=5'), { code: 'copilot_token_unstable', headers: { 'retry-after': '1' } })
    t.match(await renew('tid=5', createAccount(1, 'rid-2')), { token: 'tid=6' }, 'another seat has its own renewals')
  })

t.test('M1: a renewed token that never worked is tried once more, then 403 without another exchange for 30 s',
  async t => {
    const { clock, github, tokens, renew, get } = createTokenWorld()
    await get()
    await renew('tid=1')
    t.match(await renew('tid=2'), { token: 'tid=2', isSame: true })
    t.match(await tokens.giveUp(createAccount(), tokenOf('tid=2'), false), { code: 'copilot_token_unstable',
      headers: { 'retry-after': '2' } }, 'one refusal proves nothing yet')
    t.match(await renew('tid=2'), { isSame: true })
    t.match(await tokens.giveUp(createAccount(), tokenOf('tid=2'), true), { code: 'github_token_rejected',
      status: 403 })
    clock.advance(29_999)
    await t.rejects(renew('tid=2'), { code: 'github_token_rejected', status: 403 })
    t.equal(github.calls(), 2)
    clock.advance(1)
    t.match(await renew('tid=2'), { token: 'tid=3', isSame: false })
  })

t.test('M1: a temporary refusal leaves no mark: the token works, and may be renewed', async t => {
  const { tokens, renew, get } = createTokenWorld()
  await get()
  await renew('tid=1')
  await tokens.giveUp(createAccount(), tokenOf('tid=2'), true)
  tokens.accepted(createAccount(), tokenOf('tid=2'), () => {})
  t.match(await tokens.giveUp(createAccount(), tokenOf('tid=2'), true), { code: 'copilot_token_unstable' })
  t.match(await renew('tid=2'), { token: 'tid=3', isSame: false })
  tokens.accepted(createAccount(), tokenOf('tid=2'), () => {})
  t.match(await renew('tid=3'), { token: 'tid=3', isSame: true },
    "an older token's history does not count for the new one")
})

t.test("if GitHub fails during renew(), the error is GitHub's and the account is not refused afterwards", async t => {
  const { clock, github, tokens, defer, get } = createTokenWorld()
  await get()
  github.answer(broken)
  await t.rejects(tokens.renew(createAccount(), tokenOf('tid=1'), defer), { code: 'upstream_error' })
  await t.rejects(tokens.renew(createAccount(), tokenOf('tid=1'), defer), { code: 'upstream_error' })
  t.equal(github.calls(), 2)
  clock.advance(5_000)
  github.answer(null)
  t.equal((await tokens.renew(createAccount(), tokenOf('tid=1'), defer)).token, 'tid=3')
})

t.test("sweep() drops expired tokens, and forget() drops a user's tokens from memory", async t => {
  const { clock, github, get, tokens, store } = createTokenWorld()
  await get()
  clock.advance(23 * minute)
  tokens.sweep()
  t.equal(await get(), 'tid=1', 'valid tokens are kept')
  clock.advance(10 * minute)
  store.calls.get = 0
  tokens.sweep()
  t.equal(await get(), 'tid=2')
  t.equal(store.calls.get, 1, 'as for an unknown user: the store may have a newer one')
  tokens.forget('alic', null)
  t.equal(await get(), 'tid=2', 'another name with the same beginning is another user')
  t.equal(store.calls.get, 1)
  tokens.forget('alice', null)
  await store.inner.delete('cred:alice:rid-1')
  t.equal(await get(), 'tid=3')
  t.equal(github.calls(), 3)
})
