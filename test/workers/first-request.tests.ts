// The first request of an isolate finds its model, whatever its name; test/acceptance has the same for processes.
import t from 'tap'
import { startEmulator } from '../../src/emulator/emulator.ts'
import { firstRequests, inventedModels, tryFirst } from '../fixtures/first-requests.ts'
import { startWorkerd } from '../fixtures/workerd.ts'
import { msUntil, password, saveUser } from './client.ts'

t.setTimeout(250_000)
const emulator = await startEmulator()
emulator.models.push(...inventedModels)
const settings = { ...emulator.env, USER_CONCURRENCY: '0', USER_REQUESTS_PER_MINUTE: '0',
  REGISTRATIONS_PER_10_MINUTES: '0', DEVICE_STARTS_PER_10_MINUTES: '0', AUTH_FAILURES_PER_MINUTE: '0' }
const old = await startWorkerd({ settings })
t.teardown(async () => {
  await old.close()
  await emulator.close()
})
const posts = () =>
  emulator.requests.filter(({ method, path }) =>
    method === 'POST' && firstRequests.some(({ endpoint }) => endpoint === path)
  ).length
const users = firstRequests.map((_request, at) => `user-${at}`)
/** Reads the old isolate's namespace, in the order of the users. */
const valueOf = (key: string) => old.kv.get(key)

/** Eight at a time. */
async function inTurns<T, R> (items: readonly T[], work: (item: T, at: number) => Promise<R>): Promise<R[]> {
  const done: R[] = []
  for (let from = 0; from < items.length; from += 8) {
    done.push(...await Promise.all(items.slice(from, from + 8).map((item, at) => work(item, from + at))))
  }
  return done
}

await t.test(`each of ${firstRequests.length} first requests of an isolate costs one call to Copilot`, async t => {
  await inTurns(users, username => saveUser(old.origin, emulator, username))
  const fresh = await startWorkerd({ settings })
  t.teardown(fresh.close)
  await inTurns(users, async username => fresh.kv.put(`user:${username}`, await valueOf(`user:${username}`) ?? ''))
  const tries = await inTurns(firstRequests,
    (request, at) => tryFirst(`${fresh.origin}/${users[at]}/v1`, password, request))
  const failed = tries.filter(found => found !== null)
  t.same(failed, [])
  t.equal(posts(), firstRequests.length)
})

await t.test('an isolate plans from the copy in the store at once, and a warm request makes no store call', async t => {
  const [request] = firstRequests.filter(({ model, dialect }) => model === 'gpt-4.9' && dialect === 'chat')
  if (request === undefined) throw new Error('no such request')
  t.equal(await tryFirst(`${old.origin}/user-0/v1`, password, request), null)
  await msUntil(() => old.calls.some(({ operation, key }) => operation === 'put' && key === 'models:user-0'))
  const fresh = await startWorkerd({ settings })
  t.teardown(fresh.close)
  const [cred] = (await old.kv.list({ prefix: 'cred:user-0:', limit: 10 })).keys
  for (const key of ['user:user-0', 'models:user-0', cred?.name ?? '']) {
    await fresh.kv.put(key, await valueOf(key) ?? '')
  }
  emulator.fault({ path: '/models' }, { kind: 'html', status: 502 }, 1_000)
  t.equal(await tryFirst(`${fresh.origin}/user-0/v1`, password, request), null)
  t.same(fresh.calls.map(({ operation, key }) => `${operation} ${key.split(':')[0]}`).sort(), ['get cred', 'get models',
    'get user'])
  fresh.calls.length = 0
  for (let n = 0; n < 5; n++) t.equal(await tryFirst(`${fresh.origin}/user-0/v1`, password, request), null)
  t.same(fresh.calls, [])
})
