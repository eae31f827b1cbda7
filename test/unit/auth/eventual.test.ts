// Sign-in on a store that shows old values for a minute, as Cloudflare KV does.
import t from 'tap'
import { createMemoryStore } from '../../../src/store/memory.ts'
import { createHandClock } from '../helpers/clock.ts'
import { address, createProcess, otherPassword, otherToken, password, token } from '../helpers/process.ts'
import { createEventualStore } from '../helpers/stores.ts'

const world = () => {
  const clock = createHandClock()
  const inner = createMemoryStore(clock)
  const edge = () => createProcess({ store: createEventualStore(clock, inner), clock })
  return { clock, inner, here: edge(), elsewhere: edge() }
}

t.test('a user who has just registered never gets 401 from the process that saved them', async t => {
  const { clock, here } = world()
  await t.rejects(here.enter('alice', password), { code: 'invalid_api_key' },
    'the process remembers that the store had no user, and so rejects the right key')
  await here.register('alice')
  for (let seconds = 0; seconds < 300; seconds++) {
    await here.enter('alice', password)
    clock.advance(1_000)
  }
})

t.test('a deletion in another process takes effect within 150 s, at whatever moment it happens', async t => {
  for (const deletedAt of [1, 29, 31, 59, 61, 89, 91, 119, 121, 200]) {
    const { clock, here, elsewhere } = world()
    await here.register('alice')
    const caller = { address, defer: elsewhere.defer }
    let endedAfter = -1
    for (let seconds = 0; seconds <= deletedAt + 200; seconds++) {
      if (seconds === deletedAt) {
        await elsewhere.registry.remove(await elsewhere.registry.prove({ username: 'alice', password }, caller), caller)
      }
      const isIn = await here.enter('alice', password).then(() => true, () => false)
      if (!isIn) {
        endedAfter = seconds - deletedAt
        break
      }
      clock.advance(1_000)
    }
    t.ok(endedAfter >= 0 && endedAfter <= 150, `deleted after ${deletedAt} s, gone ${endedAfter} s later`)
  }
})

t.test('a new token or password works at once in the process that saved it, elsewhere within 150 s', async t => {
  const { clock, here, elsewhere } = world()
  await here.register('alice')
  await elsewhere.enter('alice', password)
  const caller = { address, defer: here.defer }
  await here.registry.replaceToken(await here.registry.prove({ username: 'alice', password }, caller), password,
    otherToken, caller)
  t.equal(await (await here.enter('alice', password)).openGitHubToken(), otherToken)
  await here.registry.changePassword(await here.registry.prove({ username: 'alice', password }, caller), password,
    otherPassword, caller)
  await t.rejects(here.enter('alice', password), { code: 'invalid_api_key' })
  await here.enter('alice', otherPassword)
  t.equal(await (await elsewhere.enter('alice', password)).openGitHubToken(), token, 'not changed yet')
  clock.advance(150_000)
  await t.rejects(elsewhere.enter('alice', password), { code: 'invalid_api_key' })
  t.equal(await (await elsewhere.enter('alice', otherPassword)).openGitHubToken(), otherToken)
})

t.test('a user deleted here can be created again at once, while the store still shows the old one', async t => {
  const { here } = world()
  await here.register('alice')
  const caller = { address, defer: here.defer }
  await here.registry.remove(await here.registry.prove({ username: 'alice', password }, caller), caller)
  await t.rejects(here.enter('alice', password), { code: 'invalid_api_key' })
  const account = await here.registry.create({ username: 'alice', password: otherPassword }, token, caller)
  t.ok(account)
  await here.enter('alice', otherPassword)
  t.equal(await here.registry.create({ username: 'alice', password }, token, caller), null, 'only once')
})
