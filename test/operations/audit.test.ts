// The audit log: exactly these lines, with a network prefix for an address, and no secret.
import t from 'tap'
import { addressPrefix } from '../../src/audit.ts'
import { call, until } from '../fixtures/http.ts'
import { startTarget, type Target } from '../fixtures/targets.ts'

const adminToken = 'operator-AdminToken-0123456789'
interface Line {
  readonly event?: string
  readonly action?: string
  readonly outcome?: string
  readonly user?: string
  readonly seat?: string
  readonly address?: string
  readonly reqId?: string
  readonly level: string
}
const linesOf = ({ logs }: Target) =>
  logs().split('\n').filter(line => line !== '').map(line => JSON.parse(line) as Line)
const audits = (target: Target) => linesOf(target).filter(({ event }) => event === 'audit')

for (const kind of ['node-memory', 'workerd'] as const) {
  t.test(`${kind}: a session writes exactly these lines`, async t => {
    const target = await startTarget(kind, { ADMIN_TOKEN: adminToken, AUTH_FAILURES_PER_MINUTE: '5',
      REGISTRATIONS_PER_10_MINUTES: '2', DEVICE_STARTS_PER_10_MINUTES: '1', USER_REQUESTS_PER_MINUTE: '2' })
    const { origin } = target
    const seat = target.addSeat()
    const [username, password, wrong, next] = ['alice', target.newPassword(), target.newPassword(),
      target.newPassword()]
    const expected: unknown[] = []
    const step = async (
      entry: readonly [action: string, outcome: string, user?: string, seat?: string] | null,
      work: Promise<{ readonly headers: Headers, readonly status: number }>,
      status: number,
    ) => {
      const got = await work
      t.equal(got.status, status, entry?.join(' ') ?? 'no line')
      if (entry !== null) {
        expected.push({ action: entry[0], outcome: entry[1], user: entry[2], seat: entry[3],
          reqId: got.headers.get('x-request-id') })
      }
      return got
    }
    const save = (fields: object) =>
      call(`${origin}/`, { json: { username, password, token: seat.githubToken, ...fields } })
    const models = (key: string, name = username) =>
      call(`${origin}/${name}/v1/models`, { headers: { authorization: `Bearer ${key}` } })
    const chat = (key: string) =>
      call(`${origin}/${username}/v1/chat/completions`, { json: { messages: [{ role: 'user', content: 'hi' }] },
        headers: { authorization: `Bearer ${key}` } })

    await step(['create', 'done', username], save({}), 201)
    await step(['create', 'done', 'bob'], save({ username: 'bob' }), 201)
    await step(['register', 'limited', 'carol'], save({ username: 'carol' }), 429)
    await step(['update-token', 'done', username], save({ token: target.addSeat().githubToken }), 200)
    await step(['prove', 'auth-failed', username], save({ password: wrong }), 429)
    await step(null, save({ username: 'Not-A-Name' }), 400)
    await step(['change-password', 'done', username],
      call(`${origin}/users/password`, { json: { username, password, new_password: next } }), 200)
    // KV takes one write a second for each key.
    const later = <T>(work: () => Promise<T>) => {
      target.clock?.advance(1_200)
      return work()
    }
    const seats = (method: string, body?: object) =>
      call(`${origin}/${username}/v1/seats/work`, { method, body: body === undefined ? null : JSON.stringify(body),
        headers: { 'authorization': `Bearer ${next}`, 'content-type': 'application/json' } })
    await step(['link-seat', 'done', username, 'work'], later(() =>
      seats('PUT', { token: target.addSeat().githubToken })
    ), 201)
    await step(['remove-seat', 'done', username, 'work'], later(() => seats('DELETE')), 200)
    const open = (cookie: string) =>
      call(`${origin}/session`, { json: { username, password: next },
        headers: { 'sec-fetch-site': 'same-origin', cookie } })
    const cookieOf = ({ headers }: { readonly headers: Headers }) => {
      const [cookie = ''] = (headers.get('set-cookie') ?? '').split(';')
      target.plant(cookie.slice(-32))
      return cookie
    }
    const first = await step(['open-session', 'done', username], later(() => open('')), 200)
    const second = await step(['open-session', 'done', username], later(() => open(cookieOf(first))), 200)
    expected.push({ action: 'close-session', outcome: 'done', user: username, seat: undefined,
      reqId: second.headers.get('x-request-id') })
    await step(['close-session', 'done', username], later(() =>
      call(`${origin}/session`, { method: 'DELETE',
        headers: { 'sec-fetch-site': 'same-origin', cookie: cookieOf(second) } })
    ), 200)
    for (let n = 0; n < 2; n++) await step(null, chat(next), 200)
    await step(['model-call', 'limited', username], chat(next), 429)
    await step(null, call(`${origin}/github/get-device-code`), 200)
    await step(['device-flow', 'limited'], call(`${origin}/github/get-device-code`), 429)
    await step(['admin', 'auth-failed'],
      call(`${origin}/admin/users`, { headers: { authorization: `Bearer ${wrong}` } }), 401)
    await step(null, call(`${origin}/admin/users`, { headers: { authorization: `Bearer ${adminToken}` } }), 200)
    await step(null, call(`${origin}/admin/users`), 401)
    await step(['admin-delete', 'done', 'bob'],
      call(`${origin}/admin/users/bob`, { method: 'DELETE', headers: { authorization: `Bearer ${adminToken}` } }), 200)
    await step(['delete', 'done', username], call(`${origin}/users/delete`, { json: { username, password: next } }),
      200)
    await step(['sign-in', 'auth-failed', username], models(next), 401)
    await step(['sign-in', 'auth-failed', username], models('sk-nothing'), 401)
    await step(['sign-in', 'auth-failed', 'nobody'], models(wrong, 'nobody'), 401)
    await step(['sign-in', 'auth-failed', 'nobody'], models(wrong, 'nobody'), 401)
    await step(['sign-in', 'limited', 'nobody'], models(wrong, 'nobody'), 429)

    await until(() => audits(target).length >= expected.length, 'every line is written')
    t.strictSame(
      audits(target).map(({ action, outcome, user, seat, reqId }) => ({ action, outcome, user, seat, reqId })),
      expected,
    )
    t.ok(audits(target).every(({ address }) => /^(?:127\.0\.0\.0\/24|0:0:0::\/48|unknown)$/.test(address ?? '')),
      'no full address')
    for (const secret of [adminToken, password, wrong, next, seat.githubToken]) t.notOk(target.logs().includes(secret))
    t.same(await target.close(), [])
  })
}

t.test('addressPrefix() keeps a /24 of IPv4 and a /48 of IPv6', async t => {
  for (const [address, prefix] of [['203.0.113.77', '203.0.113.0/24'], ['::ffff:203.0.113.77', '203.0.113.0/24'], [
    '2001:db8:1:2:3:4:5:6',
    '2001:db8:1::/48',
  ], ['2001:DB8::1', '2001:db8:0::/48'], ['::1', '0:0:0::/48'], ['fe80::1%eth0', 'fe80:0:0::/48'], ['unknown',
    'unknown'], ['', 'unknown']] as const) t.equal(addressPrefix(address), prefix, address)
})
