// When a Copilot token is renewed, by whom, and what happens while GitHub has nothing good to say.
import t from 'tap'
import { GatewayError } from '../../../src/errors.ts'
import { settle } from '../helpers/clock.ts'
import { broken, createTokenWorld, minute, rejected } from '../helpers/tokens.ts'
import { createAccount, tokenOf } from '../helpers/upstream.ts'

t.test('get() exchanges once for all who ask at the same time', async t => {
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
  t.equal(await get(), 'tid=1', 'who finds it old is not kept waiting')
  t.equal(await get(), 'tid=2')
  clock.advance(26 * minute)
  t.equal(await get(), 'tid=3', 'too old to be sent')
  t.equal(github.calls(), 3)
})

t.test('get() never sends a token in its last minute, and lives with tokens that are short or have none', async t => {
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

t.test('get() does not care for a wall clock that steps', async t => {
  const { clock, github, get } = createTokenWorld()
  await get()
  for (const ms of [86_400_000, -172_800_000, 600_000]) {
    clock.step(ms)
    t.equal(await get(), 'tid=1')
  }
  t.equal(github.calls(), 1)
})

t.test('get() goes on with a token that lives while GitHub is down, and asks again more and more seldom', async t => {
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
  await t.rejects(get(), { code: 'upstream_error' }, 'it is dead now')
})

t.test('get() remembers failures for 5, 10, 20, 40 and then 60 s, and forgets them when one exchange succeeds', async t => {
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

t.test('get() remembers a refusal for 60 s, and a rate limit for as long as GitHub says, ten minutes at most', async t => {
  for (const [error, seconds] of [[rejected, 60], [new GatewayError('rate_limited', 'slow', { retryAfterSeconds: 90 }), 90], [new GatewayError('rate_limited', 'slow', { retryAfterSeconds: 86_400 }), 600]] as const) {
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

t.test('get() does not go on with a token when GitHub takes the seat away', async t => {
  const { clock, github, get } = createTokenWorld()
  await get()
  github.answer(rejected)
  clock.advance(26 * minute)
  await t.rejects(get(), { code: 'github_token_rejected', status: 403 })
})

t.test('renew() makes one new token for all whose token was refused, and at most one in 30 s', async t => {
  const { clock, github, tokens, defer, get } = createTokenWorld()
  await get()
  const renewed = await Promise.all(Array.from({ length: 50 }, () => tokens.renew(createAccount(), tokenOf('tid=1'), defer)))
  t.ok(renewed.every(({ token }) => token === 'tid=2'))
  t.equal((await tokens.renew(createAccount(), tokenOf('tid=1'), defer)).token, 'tid=2', 'a late one gets what is there')
  await t.rejects(tokens.renew(createAccount(), tokenOf('tid=2'), defer), { code: 'github_token_rejected', status: 403 })
  clock.advance(29_999)
  await t.rejects(tokens.renew(createAccount(), tokenOf('tid=2'), defer), { code: 'github_token_rejected' })
  t.equal(github.calls(), 2)
  clock.advance(1)
  t.equal((await tokens.renew(createAccount(), tokenOf('tid=2'), defer)).token, 'tid=3')
})

t.test('renew() that fails because of GitHub is GitHub\'s failure, and no refusal of the account afterwards', async t => {
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

t.test('sweep() drops tokens that have expired, and forget() those of a user, so that nobody finds them in memory', async t => {
  const { clock, github, get, tokens, store } = createTokenWorld()
  await get()
  clock.advance(23 * minute)
  tokens.sweep()
  t.equal(await get(), 'tid=1', 'what lives is kept')
  clock.advance(10 * minute)
  store.calls.get = 0
  tokens.sweep()
  t.equal(await get(), 'tid=2')
  t.equal(store.calls.get, 1, 'as for a stranger: the store may know a newer one')
  tokens.forget('alic')
  t.equal(await get(), 'tid=2', 'another name that begins alike is another user')
  t.equal(store.calls.get, 1)
  tokens.forget('alice')
  await store.inner.delete('cred:alice:rid-1')
  t.equal(await get(), 'tid=3')
  t.equal(github.calls(), 3)
})
