// What a request costs, warm and cold, and when a change takes effect, on a store that is always up to date.
import t from 'tap'
import { createHandClock, settle } from '../helpers/clock.ts'
import { takeKdfRuns } from '../helpers/kdf.ts'
import { address, createProcess, otherPassword, otherToken, password, token,
  type ProcessOptions } from '../helpers/process.ts'
import { createCountingStore, holdNextRead } from '../helpers/stores.ts'

const world = async (options: Partial<ProcessOptions> = {}) => {
  const clock = createHandClock()
  const store = createCountingStore(clock)
  const app = createProcess({ store, clock, ...options })
  const account = await app.register('alice')
  const costs = () => {
    const { get, set } = store.calls
    Object.assign(store.calls, { get: 0, set: 0, create: 0, delete: 0 })
    return { reads: get, writes: set, kdf: takeKdfRuns() }
  }
  costs()
  return { clock, store, app, account, costs,
    restart: (more: Partial<ProcessOptions> = {}) => createProcess({ store, clock, ...options, ...more }) }
}
const nothing = { reads: 0, writes: 0, kdf: 0 }

t.test('authenticate() calls nothing while a key is warm; after that it reads once and derives no key', async t => {
  const { clock, app, account, costs } = await world()
  t.equal((await app.enter('alice', password)).rid, account.rid)
  clock.advance(59_999)
  await app.enter('alice', password)
  t.strictSame(costs(), nothing, 'a user who registered here is warm')
  clock.advance(1)
  await Promise.all(Array.from({ length: 20 }, () => app.enter('alice', password)))
  t.strictSame(costs(), { ...nothing, reads: 1 }, 'twenty requests share one read')
  clock.advance(59_999)
  await app.enter('alice', password)
  t.strictSame(costs(), nothing)
})

t.test('authenticate() costs an unknown user one read and one key derivation, however many ask at once', async t => {
  const { restart, costs } = await world()
  const app = restart()
  await Promise.all(Array.from({ length: 20 }, () => app.enter('alice', password)))
  t.strictSame(costs(), { reads: 1, writes: 0, kdf: 1 })
})

t.test('authenticate() opens the GitHub token for its own account only', async t => {
  const { restart } = await world()
  t.equal(await (await restart().enter('alice', password)).openGitHubToken(), token)
})

t.test('authenticate() checks again after 15 idle minutes and after 24 hours', async t => {
  const { clock, app, costs } = await world()
  clock.advance(15 * 60_000 + 1_000)
  await app.enter('alice', password)
  t.strictSame(costs(), { reads: 1, writes: 0, kdf: 1 })
  for (let minutes = 0; minutes < 24 * 60; minutes += 10) {
    clock.advance(600_000)
    await app.enter('alice', password)
  }
  t.equal(costs().kdf, 1, 'once, at the end of the day')
})

t.test('sweep() keeps every user who is still known', async t => {
  const { clock, app, costs } = await world({ revalidateSeconds: 3_600 })
  clock.advance(14 * 60_000)
  app.signIn.sweep()
  await app.enter('alice', password)
  t.strictSame(costs(), nothing)
  clock.advance(15 * 60_000 + 1_000)
  app.signIn.sweep()
  await app.enter('alice', password)
  t.strictSame(costs(), { reads: 1, writes: 0, kdf: 1 })
})

t.test('authenticate() answers an unknown user, a wrong key and no key alike; the first two cost the same', async t => {
  const { app, costs } = await world()
  const refusal = async (username: string, headers: Record<string, string>) => {
    const error = await app.signIn.authenticate({ username, headers, address, defer: app.defer }).then(() => null,
      (thrown: unknown) => thrown)
    const { code, status, message, headers: sent, param } = error as { code: string, status: number, message: string,
      headers: object, param: unknown }
    return { code, status, message, sent, param }
  }
  const wrong = await refusal('alice', { authorization: `Bearer ${otherPassword}` })
  t.strictSame(costs(), { reads: 1, writes: 0, kdf: 1 })
  const unknown = await refusal('nobody', { authorization: `Bearer ${otherPassword}` })
  t.strictSame(costs(), { reads: 1, writes: 0, kdf: 1 })
  t.strictSame(unknown, wrong)
  t.match(wrong, { code: 'invalid_api_key', status: 401, message: /^Token is invalid\./ })
  for (const headers of [{}, { authorization: 'Bearer short' }, { authorization: `Basic ${password}` }, {
    'x-api-key': '',
  }]) {
    t.strictSame(await refusal('alice', headers), wrong)
    t.strictSame(await refusal('No User', headers), wrong)
  }
  t.strictSame(costs(), nothing, 'a malformed key causes no store call')
})

t.test('authenticate() finds the key in either header, and a well-formed bearer wins', async t => {
  const { app } = await world()
  const enter = (headers: Record<string, string>) =>
    app.signIn.authenticate({ username: 'alice', headers, address, defer: app.defer })
  await enter({ 'x-api-key': ` ${password} ` })
  await enter({ authorization: `bearer ${password}`, 'x-api-key': otherPassword })
  await enter({ authorization: 'Bearer sk-dummy', 'x-api-key': password })
  await t.rejects(enter({ authorization: `Bearer ${otherPassword}`, 'x-api-key': password }), {
    code: 'invalid_api_key',
  })
})

t.test('remove() and changePassword() take effect at once in their process, even for a check in flight', async t => {
  const { app, store, restart } = await world({ revalidateSeconds: 86_400 })
  const caller = { address, defer: app.defer }
  const verified = await app.registry.prove({ username: 'alice', password }, caller)
  await app.registry.changePassword(verified, password, otherPassword, caller)
  await t.rejects(app.enter('alice', password), { code: 'invalid_api_key' })
  await app.enter('alice', otherPassword)

  const cold = restart()
  const proof = await cold.registry.prove({ username: 'alice', password: otherPassword }, caller)
  const late = holdNextRead(store)
  const checking = cold.enter('alice', otherPassword)
  await settle()
  await cold.registry.remove(proof, caller)
  late()
  await t.rejects(checking, { code: 'invalid_api_key' }, 'it had read the record before the deletion')
  await t.rejects(cold.enter('alice', otherPassword), { code: 'invalid_api_key' })
})

t.test('a change by another process takes effect at the next read of the store', async t => {
  const { clock, app, restart } = await world()
  const other = restart()
  const caller = { address, defer: other.defer }
  await other.registry.replaceToken(await other.registry.prove({ username: 'alice', password }, caller), password,
    otherToken, caller)
  t.equal((await app.enter('alice', password)).gen, 1, 'still served from the copy of a moment ago')
  clock.advance(60_000)
  const account = await app.enter('alice', password)
  t.equal(account.gen, 2)
  t.equal(await account.openGitHubToken(), otherToken)
  await other.registry.remove(await other.registry.prove({ username: 'alice', password }, caller), caller)
  clock.advance(60_000)
  const answers = await Promise.allSettled(Array.from({ length: 5 }, () => app.enter('alice', password)))
  t.ok(answers.every(({ status }) => status === 'rejected'), 'no request gets in during the read that finds the change')
})

t.test('during an outage of the store a warm user is served for ten minutes, and a cold one gets 503', async t => {
  const { clock, store, app, restart } = await world()
  store.isOut = true
  for (let seconds = 0; seconds < 590; seconds += 10) {
    clock.advance(10_000)
    await app.enter('alice', password)
  }
  await t.rejects(restart().enter('alice', password), { code: 'store_unavailable', status: 503 })
  clock.advance(10_000)
  await t.rejects(app.enter('alice', password), { code: 'store_unavailable', status: 503 })
  store.isOut = false
  await app.enter('alice', password)
})
