// Users created, changed and deleted: the caller's rights, the store afterwards, and changes that a slow GitHub cannot
// undo.
import t from 'tap'
import type { Caller } from '../../../src/auth/record-changes.ts'
import type { Verified } from '../../../src/auth/verified.ts'
import type { GatewayError } from '../../../src/errors.ts'
import { keys } from '../../../src/store/keys.ts'
import { until } from '../../fixtures/http.ts'
import { createHandClock } from '../helpers/clock.ts'
import { takeKdfRuns } from '../helpers/kdf.ts'
import { address, createProcess, otherPassword, otherToken, password, token, type ProcessOptions,
  type TestProcess } from '../helpers/process.ts'
import { contentsOf, oldRecord } from '../helpers/records.ts'
import { createCountingStore } from '../helpers/stores.ts'

const pepper = new Uint8Array(32).fill(7)
const newerPepper = new Uint8Array(32).fill(8)
const world = (options: Partial<ProcessOptions> = {}) => {
  const clock = createHandClock()
  const store = createCountingStore(clock)
  const open = (more: Partial<ProcessOptions> = {}) => createProcess({ store, clock, ...options, ...more })
  const app = open()
  const record = async () => JSON.parse(await store.inner.get(keys.user('alice')) ?? 'null') as Record<string, unknown>
  const caller = { address, defer: app.defer }
  return { clock, store, app, open, record, caller,
    prove: (key = password) => app.registry.prove({ username: 'alice', password: key }, caller) }
}

t.test('create() creates a user once, and leaves no secret in the store', async t => {
  const { app, store, record, caller } = world({ pepper })
  const account = await app.registry.create({ username: 'alice', password }, token, caller)
  t.match(account, { username: 'alice', gen: 1 })
  t.equal(await app.registry.create({ username: 'alice', password: otherPassword }, otherToken, caller), null)
  const value = JSON.stringify(await record())
  for (const secret of [password, token, token.slice(4)]) t.notOk(value.includes(secret))
  for await (const key of store.inner.keys('')) t.equal(key, 'user:alice')
})

t.test('prove() answers 403 to a wrong password, and the same to an unknown user', async t => {
  const { app, caller, prove } = world()
  await app.register('alice')
  const failed = { code: 'auth-failed', status: 403 }
  await t.rejects(prove(otherPassword), failed)
  await t.rejects(app.registry.prove({ username: 'nobody', password }, caller), failed)
  t.ok(await prove())
})

t.test('replaceToken() keeps rid and password, increments gen and drops the cached Copilot token', async t => {
  const { app, store, record, caller, prove } = world()
  const before = await app.register('alice')
  await store.inner.set(keys.token('alice', before.rid, 'default'), 'sealed')
  const after = await app.registry.replaceToken(await prove(), password, otherToken, caller)
  await app.quiet()
  t.match(after, { rid: before.rid, gen: 2 })
  t.equal(await after.openGitHubToken(), otherToken)
  t.match(await record(), { gen: 2, rid: before.rid })
  t.equal(await store.inner.get(keys.token('alice', before.rid, 'default')), null)
})

t.test('changePassword() makes a new rid and keeps the token', async t => {
  const { app, store, caller, prove } = world()
  const before = await app.register('alice')
  await store.inner.set(keys.token('alice', before.rid, 'default'), 'sealed')
  await app.registry.changePassword(await prove(), password, otherPassword, caller)
  await app.quiet()
  const after = await app.enter('alice', otherPassword)
  t.not(after.rid, before.rid)
  t.equal(await after.openGitHubToken(), token)
  t.equal(await store.inner.get(keys.token('alice', before.rid, 'default')), null)
  await t.rejects(app.enter('alice', password), { code: 'invalid_api_key' })
})

t.test('remove() leaves nothing behind', async t => {
  const { app, store, caller, prove } = world()
  const { rid } = await app.register('alice')
  await store.inner.set(keys.token('alice', rid, 'default'), 'sealed')
  await store.inner.set(keys.meta('alice'), '{}')
  await app.registry.remove(await prove(), caller)
  await app.quiet()
  for await (const key of store.inner.keys('')) t.fail(key)
  await t.rejects(app.enter('alice', password), { code: 'invalid_api_key' })
})

t.test('a proof ends when the password changes or the user is deleted while GitHub is asked', async t => {
  const { app, record, caller, prove } = world()
  await app.register('alice')
  const proof = await prove()
  await app.registry.changePassword(await prove(), password, otherPassword, caller)
  const changed = await record()
  const failed = { code: 'auth-failed', status: 403 }
  await t.rejects(app.registry.replaceToken(proof, password, otherToken, caller), failed)
  await t.rejects(app.registry.changePassword(proof, password, password, caller), failed)
  await t.rejects(app.registry.remove(proof, caller), failed)
  t.strictSame(await record(), changed)
  const second = await prove(otherPassword)
  await app.registry.remove(await prove(otherPassword), caller)
  await t.rejects(app.registry.replaceToken(second, otherPassword, otherToken, caller), failed)
  t.equal(await record(), null)
})

t.test('a store failure changes nothing, and work after an answer may fail', async t => {
  const { app, store, record, caller, prove } = world()
  await app.register('alice')
  const before = await record()
  const proof = await prove()
  store.isOut = true
  await t.rejects(app.registry.replaceToken(proof, password, otherToken, caller), { code: 'store_unavailable' })
  await t.rejects(app.registry.create({ username: 'bob', password }, token, caller), { code: 'store_unavailable' })
  store.isOut = false
  t.strictSame(await record(), before)
  await app.registry.remove(proof, { address, defer: work => {
    store.isOut = true
    app.defer(work)
  } })
  await app.quiet()
  t.ok(app.log.lines.some(({ fields }) => fields.event === 'repair-failed'))
})

t.test('a wrong pepper is pepper_missing, never 401, and the operator learns of it', async t => {
  const { app, open } = world({ pepper })
  await app.register('alice')
  for (const wrong of [newerPepper, null]) {
    const other = open({ pepper: wrong })
    await t.rejects(other.enter('alice', password), { code: 'pepper_missing', status: 503 })
    t.ok(other.log.lines.some(({ level, fields }) => level === 'error' && fields.event === 'pepper-missing'))
  }
})

t.test('a record sealed with the previous pepper opens, is sealed once with the current, and stays warm', async t => {
  const { app, open, clock, record } = world({ pepper })
  const before = await app.register('alice')
  const old = await record()
  const newer = open({ pepper: newerPepper, previousPepper: pepper })
  await newer.enter('alice', password)
  await newer.quiet()
  const sealed = await record()
  t.not(sealed['pid'], old['pid'])
  t.match(sealed, { rid: before.rid, gen: 1 })
  takeKdfRuns()
  clock.advance(60_000)
  await newer.enter('alice', password)
  await newer.quiet()
  t.equal(takeKdfRuns(), 0)
  t.strictSame(await record(), sealed)
  t.equal(await (await open({ pepper: newerPepper }).enter('alice', password)).openGitHubToken(), token)
})

t.test('a record with other KDF iterations is sealed again at sign-in', async t => {
  const { app, open, record } = world({ iterations: 10_000 })
  await app.register('alice')
  const stronger = open({ iterations: 20_000 })
  await stronger.enter('alice', password)
  await stronger.quiet()
  t.match((await contentsOf(JSON.stringify(await record()))).password, { iterations: 20_000 })
})

t.test('sealing a record again never overwrites another write: a token, a password, a deletion', async t => {
  for (const [name, change, wanted] of [['a new token',
    ({ registry }, proof, caller) => registry.replaceToken(proof, password, otherToken, caller), { gen: 2 }], [
    'a new password',
    ({ registry }, proof, caller) => registry.changePassword(proof, password, otherPassword, caller),
    { gen: 1 },
  ], ['a deletion', ({ registry }, proof, caller) => registry.remove(proof, caller), null]] satisfies Array<
    [string, (app: TestProcess, proof: Verified, caller: Caller) => Promise<unknown>, object | null]
  >) {
    // The write of the new seal arrives after the other write, as two calls to KV may.
    const { app, open, store, record } = world({ iterations: 10_000 })
    await app.register('alice')
    const stronger = open({ iterations: 20_000 })
    const caller = { address, defer: stronger.defer }
    const proof = await stronger.registry.prove({ username: 'alice', password }, caller)
    const { promise, resolve } = Promise.withResolvers<void>()
    const { set } = store
    store.set = async (key, value, expiresAt) => {
      store.set = set
      await promise
      await set(key, value, expiresAt)
    }
    const resealing = stronger.registry.refreshSeal(password, proof, address)
    await until(() => store.set === set, 'the new seal is on its way')
    await change(stronger, proof, caller)
    resolve()
    await resealing
    await stronger.quiet()
    t.match(await record(), wanted, name)
    const enters = open().enter('alice', password).then(async account => account.openGitHubToken(),
      (thrown: GatewayError) => thrown.code)
    t.equal(await enters, name === 'a new token' ? otherToken : 'invalid_api_key')
  }
})

t.test('a record of the original layout accepts its password, is sealed, and its key is deleted', async t => {
  const { app, store, open, record } = world()
  const seed = `cred:alice:${password}:${token}`
  await store.inner.set('user:alice', seed)
  await store.inner.set(seed, 'x')
  takeKdfRuns()
  await t.rejects(app.enter('alice', otherPassword), { code: 'invalid_api_key' })
  t.equal(takeKdfRuns(), 1, 'the same work as for any wrong key')
  t.equal(await store.inner.get('user:alice'), seed)
  const account = await app.enter('alice', password)
  await app.quiet()
  t.equal(await account.openGitHubToken(), token)
  t.match(await record(), { v: 2, u: 'alice' })
  t.equal(await store.inner.get(seed), null)
  t.equal(await (await open().enter('alice', password)).openGitHubToken(), token)
  t.notOk(JSON.stringify(app.log.lines).includes(password))
})

t.test('a record of version 1 opens, and is version 2 after one sign-in, which writes once', async t => {
  for (const [name, options, sealed] of [['the same pepper', { pepper }, { pepper }], ['no pepper', {}, {}], [
    'the previous pepper',
    { pepper: newerPepper, previousPepper: pepper },
    { pepper },
  ], ['other iterations', { pepper, iterations: 20_000 }, { pepper }]] as const) {
    const { app, clock, store, record, open } = world(options)
    const rid = new Uint8Array(16).fill(9)
    await store.inner.set('user:alice', await oldRecord({ password, token, gen: 3, rid, ...sealed }))
    const account = await app.enter('alice', password)
    t.equal(await account.openGitHubToken(), token, name)
    await app.quiet()
    const after = await record()
    t.match(after, { v: 2, u: 'alice', gen: 3, rev: 1, rid: account.rid })
    const current = 'pepper' in options ? options.pepper : null
    t.match(await contentsOf(JSON.stringify(after), current), { entries: [] })
    takeKdfRuns()
    clock.advance(60_000)
    t.equal(await (await app.enter('alice', password)).openGitHubToken(), token)
    await app.quiet()
    t.equal(takeKdfRuns(), 0)
    t.strictSame(await record(), after, 'written once')
    t.equal(await (await open({ previousPepper: null }).enter('alice', password)).openGitHubToken(), token)
    await t.rejects(open().enter('alice', otherPassword), { code: 'invalid_api_key' })
  }
})

t.test('a record of version 1 changes its token, its password and goes away like any other', async t => {
  const { app, store, record, caller, prove } = world({ pepper })
  const put = async () => {
    await store.inner.set('user:alice', await oldRecord({ password, token, pepper }))
  }
  await put()
  await app.registry.replaceToken(await prove(), password, otherToken, caller)
  t.match(await record(), { v: 2, gen: 2 })
  t.equal(await (await app.enter('alice', password)).openGitHubToken(), otherToken)
  await put()
  await app.registry.changePassword(await prove(), password, otherPassword, caller)
  t.match(await record(), { v: 2, gen: 1 })
  await app.registry.remove(await prove(otherPassword), caller)
  t.equal(await record(), null)
})

t.test('a change waits for the one before it, and a proof of version 1 goes on with a record that became version 2',
  async t => {
    const { app, store, record, caller, prove } = world({ pepper })
    await store.inner.set('user:alice', await oldRecord({ password, token, pepper }))
    const proof = await prove()
    await app.enter('alice', password)
    await app.quiet()
    t.match(await record(), { v: 2, gen: 1 })
    const outcomes = await Promise.allSettled([app.registry.replaceToken(proof, password, otherToken, caller),
      app.registry.replaceToken(proof, password, otherToken, caller)])
    t.match(outcomes.map(({ status }) => status), ['fulfilled', 'rejected'], 'the second proof is for the older token')
    t.match(await record(), { gen: 2, rev: 2 })
  })
