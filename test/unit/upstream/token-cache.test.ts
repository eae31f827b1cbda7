// Copilot tokens in the store: sealed, dated by the wall clock, and ignored if anything about them is unusual.
import t from 'tap'
import { keys } from '../../../src/store/keys.ts'
import { createTokenWorld, minute, rejected } from '../helpers/tokens.ts'
import { createAccount, tokenOf } from '../helpers/upstream.ts'

t.test('after a restart the token is in the store, sealed, and keeps its age', async t => {
  const { clock, store, github, get, open } = createTokenWorld()
  await get()
  const sealed = await store.inner.get(keys.token('alice', 'rid-1', 'default'))
  t.ok(sealed)
  t.notOk(sealed?.includes('tid=1'))
  clock.advance(20 * minute)
  const second = open()
  t.equal(await get(second), 'tid=1')
  clock.advance(6 * minute)
  t.equal(await get(second), 'tid=2', 'the age counts from when it was issued')
  t.equal(github.calls(), 2)
})

t.test('a stored token of another GitHub token or key, too old, or from the future is not used', async t => {
  const cases: ReadonlyArray<
    [string, (w: ReturnType<typeof createTokenWorld>) => unknown, ReturnType<typeof createAccount>?]
  > = [['gen', () => {}, createAccount(2)], ['rid',
    async ({ store }) =>
      store.inner.set(keys.token('alice', 'rid-2', 'default'),
        await store.inner.get(keys.token('alice', 'rid-1', 'default')) ?? ''), createAccount(1, 'rid-2')], ['age',
    ({ clock }) => {
      clock.step(25 * minute)
    }], ['future', ({ clock }) => {
    clock.step(-minute)
  }], ['garbage', ({ store }) => store.inner.set(keys.token('alice', 'rid-1', 'default'), 'garbage')], ['out',
    ({ store }) => {
      store.isOut = true
    }]]
  for (const [name, change, account = createAccount()] of cases) {
    const made = createTokenWorld()
    await made.get()
    await change(made)
    t.equal(await made.get(made.open(), account), 'tid=2', name)
  }
})

t.test('a stored token for a host that the settings no longer trust is not used', async t => {
  const { github, get, open, store } = createTokenWorld()
  const account = createAccount()
  await get()
  const text = await account.open(await store.inner.get(keys.token('alice', 'rid-1', 'default')) ?? '') ?? ''
  await store.inner.set(keys.token('alice', 'rid-1', 'default'),
    await account.seal(JSON.stringify({ ...JSON.parse(text) as object, api: 'https://evil.example' })))
  t.equal(await get(open()), 'tid=2')
  t.equal(github.calls(), 2)
})

t.test('a new GitHub token invalidates everything remembered of the old one', async t => {
  const { github, get, tokens } = createTokenWorld()
  github.answer(rejected)
  await t.rejects(get(), { code: 'github_token_rejected' })
  github.answer(null)
  t.equal(await get(tokens, createAccount(2)), 'tid=2')
})

t.test('keep() stores a session without a call to GitHub, and clears earlier failures', async t => {
  const { clock, github, tokens, get, defer, quiet, open } = createTokenWorld()
  github.answer(rejected)
  await t.rejects(get(), { code: 'github_token_rejected' })
  tokens.keep(createAccount(), { token: tokenOf('kept'), base: null, storedAt: clock.now(), refreshInMs: 1_500_000,
    livesMs: 1_800_000 }, defer)
  await quiet()
  t.equal(await get(), 'kept')
  t.equal(await get(open()), 'kept', 'the next process starts without them too')
  t.equal(github.calls(), 1)
})

t.test('during a store outage only the saving of tokens fails', async t => {
  const { store, get, github } = createTokenWorld()
  store.isOut = true
  t.equal(await get(), 'tid=1')
  t.equal(await get(), 'tid=1')
  t.equal(github.calls(), 1)
})
