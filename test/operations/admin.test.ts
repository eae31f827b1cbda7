// The operator's routes, on every store of Node and on workerd: access, content, and the effect of a deletion.
import t from 'tap'
import { call, settled, until } from '../fixtures/http.ts'
import { startTarget, type Target, type TargetKind } from '../fixtures/targets.ts'

const adminToken = 'operator-AdminToken-0123456789'
const admin = { authorization: `Bearer ${adminToken}` }
const today = () => new Date().toISOString().slice(0, 10)
const users = async ({ origin }: Target, query = '') =>
  (await call(`${origin}/admin/users${query}`, { headers: admin })).json
t.setTimeout(200_000)
// The test compares dates with today's, so it must not run across midnight.
const msToMidnight = 86_400_000 - Date.now() % 86_400_000
if (msToMidnight < 60_000) await new Promise(resolve => setTimeout(resolve, msToMidnight + 100))

for (const kind of ['node-memory', 'node-sqlite', 'node-kv', 'workerd'] satisfies TargetKind[]) {
  t.test(`${kind}: without ADMIN_TOKEN there are no operator's routes`, async t => {
    const target = await startTarget(kind)
    for (const [method, path] of [['GET', '/admin/users'], ['DELETE', '/admin/users/alice'], ['GET',
      '/metrics']] as const) {
      for (const headers of [{}, admin, { authorization: 'Bearer' }] as Array<Record<string, string>>) {
        t.equal((await call(target.origin + path, { method, headers })).status, 404, `${method} ${path}`)
      }
    }
    t.same(await target.close(), [])
  })

  t.test(`${kind}: with ADMIN_TOKEN only its bearer may use them, and a deletion takes effect at once`, async t => {
    const target = await startTarget(kind, { ADMIN_TOKEN: adminToken })
    const { origin } = target
    const [anna, bert] = [await target.addUser('anna-of-tests'), await target.addUser('bert-of-tests')]
    const chat = (user: typeof anna) =>
      call(`${user.base}/chat/completions`, { json: { messages: [{ role: 'user', content: 'hi' }] },
        headers: { authorization: `Bearer ${user.password}` } })
    t.same([(await chat(anna)).status, (await chat(bert)).status], [200, 200])

    for (const [method, path] of [['GET', '/admin/users'], ['DELETE', `/admin/users/${anna.username}`]] as const) {
      for (const headers of [{}, { authorization: 'Bearer' }, { authorization: `Bearer ${adminToken}x` }, {
        authorization: `Bearer ${adminToken.slice(1)}`,
      }, { authorization: `Basic ${adminToken}` }, { 'x-api-key': adminToken }, {
        authorization: `Bearer ${anna.password}`,
      }] as Array<Record<string, string>>) {
        const got = await call(origin + path, { method, headers })
        t.match(got, { status: 401, json: { error: { code: 'invalid_api_key', message: /admin token/ } } },
          `${method} ${JSON.stringify(Object.keys(headers))}`)
        t.same([got.headers.get('access-control-allow-origin'), got.headers.get('www-authenticate'),
          got.headers.get('cache-control')], [null, 'Bearer', 'no-store'])
      }
    }
    const wrongMethod = await call(`${origin}/admin/users`, { method: 'POST', headers: admin })
    t.match([wrongMethod.status, wrongMethod.headers.get('allow')], [405, 'GET'])

    const both = ['anna-of-tests', 'bert-of-tests'].map(username => ({ username, created: today(), last_used: today(),
      keys: [] })
    )
    await settled(target.storeCalls)
    t.strictSame(await users(target), { object: 'list', users: both, next: null })
    t.strictSame(await users(target, '?limit=1'), { object: 'list', users: both.slice(0, 1), next: 'anna-of-tests' })
    t.strictSame(await users(target, '?limit=1&after=anna-of-tests'), { object: 'list', users: both.slice(1),
      next: null })
    t.equal((await call(`${origin}/admin/users?limit=0`, { headers: admin })).status, 400)

    const gone = await call(`${origin}/admin/users/${anna.username}`, { method: 'DELETE',
      headers: { ...admin, origin: 'https://elsewhere.example' } })
    t.match([gone.status, gone.json, gone.headers.get('access-control-allow-origin')], [200, { username: anna.username,
      status: 'deleted' }, null])
    t.equal((await chat(anna)).status, 401, "none of the user's later requests works, though they were warm")
    t.equal((await chat(bert)).status, 200, 'no other user is affected')
    t.strictSame(await users(target), { object: 'list', users: both.slice(1), next: null })
    t.notMatch(await target.dumpStore(), /anna-of-tests/, 'record, cached token and days of use are deleted')
    for (const name of [anna.username, 'nobody-here', 'Not-A-Name', 'admin']) {
      t.match(await call(`${origin}/admin/users/${name}`, { method: 'DELETE', headers: admin }), { status: 404,
        json: { error: { code: 'not_found' } } }, name)
    }

    const again = await target.addUser('anna-of-tests')
    t.equal((await chat(again)).status, 200, 'the name is free')
    t.equal((await chat(anna)).status, 401, 'the old password does not work for the new user')
    await until(() => target.logs().includes('admin-delete'), 'the deletion is logged')
    t.notMatch(target.logs(), adminToken)
    t.same(await target.close(), [], 'no log line contains a secret')
  })
}

t.test('an unreadable record can be deleted too', async t => {
  const target = await startTarget('node-sqlite', { ADMIN_TOKEN: adminToken })
  await target.putRaw?.('user:broken', '{"v":9}')
  await target.putRaw?.('cred:broken:leftover', 'x')
  t.match(await users(target), { users: [{ username: 'broken', created: null, last_used: null, keys: null }] })
  t.equal((await call(`${target.origin}/admin/users/broken`, { method: 'DELETE', headers: admin })).status, 200)
  t.notMatch(await target.dumpStore(), /broken/)
  t.same(await target.close(), [])
})
