// The operator's session, invites, errors, status, usage and backup.
import { DatabaseSync } from 'node:sqlite'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Frame } from '../fixtures/cases.ts'
import { call, settled, until, type Got } from '../fixtures/http.ts'
import { isWorkerd, type Target } from '../fixtures/targets.ts'

const adminToken = 'operator-AdminToken-9876543210'
const bearer = { authorization: `Bearer ${adminToken}` }
const own = { 'sec-fetch-site': 'same-origin' }
type Sent = Record<string, string>

const signIn = (target: Target, token: unknown = adminToken, headers: Sent = own) =>
  call(`${target.origin}/admin/session`, { json: { token }, headers })

async function cookieOf (target: Target): Promise<string> {
  const got = await signIn(target)
  const [cookie = ''] = (got.headers.get('set-cookie') ?? '').split(';')
  target.plant(cookie.slice(cookie.indexOf('=') + 1))
  return cookie
}

async function invite (target: Target, body?: object): Promise<{ id: string, code: string, expires_at: string }> {
  const got = await call(`${target.origin}/admin/invites`,
    body === undefined ? { method: 'POST', headers: bearer } : { json: body, headers: bearer })
  if (got.status !== 201) throw new Error(got.text)
  target.plant(got.json.code)
  target.plant(got.json.code.slice(-32))
  return got.json
}

function register (target: Target, code: string, username = target.newName()): Promise<Got> {
  return call(`${target.origin}/`, {
    json: { username, password: target.newPassword(), code, token: target.addSeat().githubToken },
  })
}

export function operatorSuite ({ testWith }: Frame): void {
  const test = (name: string, body: Parameters<Frame['testWith']>[2], more: Record<string, string> = {}) => {
    testWith({ ADMIN_TOKEN: adminToken, ...more }, name, body)
  }

  testWith({}, "without ADMIN_TOKEN there is neither the page nor one of the operator's routes", async (t, target) => {
    for (const path of ['', '.html', '/session', '/status', '/users', '/usage', '/invites', '/invites/x', '/errors',
      '/backup']) {
      for (const headers of [{}, bearer] as Sent[]) {
        t.equal((await call(`${target.origin}/admin${path}`, { headers })).status, 404, path)
        if (path !== '/session' && path !== '/invites') continue
        t.equal((await call(`${target.origin}/admin${path}`, { json: { token: 'x' }, headers })).status, 404, path)
      }
    }
  })

  test('the page is served like the others', async (t, { origin }) => {
    const [page, other] = [await call(`${origin}/admin`), await call(`${origin}/chat`)]
    t.match([page.status, page.headers.get('content-type'), page.headers.get('cache-control')], [200, /^text\/html/,
      'no-store'])
    t.equal(page.headers.get('content-security-policy'), other.headers.get('content-security-policy'))
    t.equal((await call(`${origin}/admin.html`)).status, 404)
  })

  test("the page's session is a cookie for /admin, and the bearer keeps working", async (t, target) => {
    const ask = (path: string, headers: Sent, method = 'GET') =>
      call(`${target.origin}/admin${path}`, { method, headers: { ...own, ...headers } })
    const got = await signIn(target)
    t.match(got, { status: 200, json: { expires_at: /^\d{4}-\d\d-\d\dT/ } })
    const set = got.headers.get('set-cookie') ?? ''
    t.match(set, /^copilot_proxy_admin=acpo-[a-z0-9]{40}; Path=\/admin; HttpOnly; SameSite=Strict$/)
    t.notMatch(got.text, /acpo-/, 'no script can read it')
    const [cookie = ''] = set.split(';')
    target.plant(cookie.slice(-40))
    for (const path of ['/users', '/usage', '/invites', '/errors', '/status']) {
      t.equal((await ask(path, { cookie })).status, 200, path)
      t.equal((await ask(path, bearer)).status, 200, path)
      t.equal((await ask(path, { ...bearer, cookie: 'copilot_proxy_admin=x' })).status, 200, path)
      t.equal((await ask(path, { cookie, authorization: 'Bearer wrong' })).status, 401, 'a bearer decides')
    }
    t.equal((await call(`${target.origin}/metrics`, { headers: own })).status, isWorkerd(target) ? 404 : 401)
    const https = await signIn(target, adminToken, { origin: `https://${new URL(target.origin).host}` })
    t.match(https.headers.get('set-cookie'), /; Secure$/)
    target.plant(/acpo-\w+/.exec(https.headers.get('set-cookie') ?? '')?.[0] ?? 'none')

    const out = await ask('/session', { cookie }, 'DELETE')
    t.match([out.status, out.headers.get('set-cookie')], [200, /^copilot_proxy_admin=;.*Max-Age=0$/])
    t.equal((await ask('/users', { cookie })).status, 401, 'it has ended, not only been forgotten')
    t.equal((await ask('/session', { cookie }, 'DELETE')).status, 200, 'again')
    t.equal((await ask('/users', { cookie: 'copilot_proxy_admin=acpo-short' })).status, 401)
    await until(() => target.logs().includes('admin-close-session'), 'both actions leave a line')
    t.match(target.logs(), /"action":"admin-open-session"/)
  })

  test('the cookie counts on requests of this host alone, and no other site signs in', async (t, target) => {
    const cookie = await cookieOf(target)
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, {
      origin: 'https://evil.example',
    }, { origin: 'null' }] as Sent[]) {
      t.match(await signIn(target, adminToken, headers), { status: 403, json: { error: { code: 'cross-site' } } })
      t.equal((await call(`${target.origin}/admin/users`, { headers: { cookie, ...headers } })).status, 401)
      t.equal(
        (await call(`${target.origin}/admin/users/x`, { method: 'DELETE', headers: { cookie, ...headers } })).status,
        401,
      )
      t.equal(
        (await call(`${target.origin}/admin/session`, { method: 'DELETE', headers: { cookie, ...headers } })).status,
        403,
      )
    }
    t.equal((await call(`${target.origin}/admin/users`, { headers: { cookie, ...own } })).status, 200)
  })

  test('a session ends after twelve hours', async (t, target) => {
    const cookie = await cookieOf(target)
    target.clock?.advance(11 * 3_600_000)
    t.equal((await call(`${target.origin}/admin/users`, { headers: { cookie, ...own } })).status, 200)
    target.clock?.advance(2 * 3_600_000)
    t.equal((await call(`${target.origin}/admin/users`, { headers: { cookie, ...own } })).status, 401)
  })

  test('wrong tokens and cookies are limited together', async (t, target) => {
    for (const token of ['', 7, null]) t.equal((await signIn(target, token)).status, 400)
    t.equal((await signIn(target, 'wrong')).status, 401)
    t.equal((await call(`${target.origin}/admin/users`, { headers: { authorization: 'Bearer wrong' } })).status, 401)
    t.equal((await call(`${target.origin}/admin/users`, {
      headers: { cookie: `copilot_proxy_admin=acpo-${'0'.repeat(40)}`, ...own },
    })).status, 401)
    const signOut = () =>
      call(`${target.origin}/admin/session`, { method: 'DELETE',
        headers: { cookie: `copilot_proxy_admin=acpo-${'1'.repeat(40)}`, ...own } })
    t.equal((await signOut()).status, 200, 'of a session that is none')
    const before = await settled(target.storeCalls)
    t.match(await signIn(target), { status: 429, json: { error: { code: 'rate_limited' } } })
    t.equal((await call(`${target.origin}/admin/users`, { headers: bearer })).status, 429)
    t.match(await signOut(), { status: 429, json: { error: { code: 'rate_limited' } } })
    t.equal(await settled(target.storeCalls), before, 'the store is no longer read')
  }, { AUTH_FAILURES_PER_MINUTE: '4' })

  test('wrong invites of an address are limited before the store is read', async (t, target) => {
    const { code } = await invite(target)
    const wrong = (letter: string) => `acpi-${letter.repeat(8)}-${letter.repeat(32)}`
    for (const letter of 'abc') t.equal((await register(target, wrong(letter))).status, 403)
    const before = await settled(target.storeCalls)
    const limited = await register(target, wrong('d'))
    t.match(limited, { status: 429, json: { status: 'rate-limited' } })
    const right = await register(target, code)
    t.same([right.status, right.text], [429, limited.text], 'a right code gets the same answer')
    t.equal(await settled(target.storeCalls), before)
    await until(() => /"action":"register","outcome":"limited"/.test(target.logs()), 'it leaves a line')
    target.clock?.advance(21_000)
    if (target.clock !== null) t.equal((await register(target, code)).status, 201)
  }, { REGISTRATION: 'closed', AUTH_FAILURES_PER_MINUTE: '3' })

  test('wrong invites are limited where registration is open, too', async (t, target) => {
    const wrong = `acpi-${'e'.repeat(8)}-${'e'.repeat(32)}`
    for (const status of [201, 201, 429]) t.equal((await register(target, wrong)).status, status)
    t.equal((await register(target, '')).status, 201)
  }, { AUTH_FAILURES_PER_MINUTE: '2' })

  test('an invite lets one person register where registration is closed', async (t, target) => {
    t.match(await register(target, 'none'), { status: 403, json: { status: 'auth-failed' } })
    const made = await invite(target)
    t.match(made, { id: /^[a-z0-9]{8}$/, code: /^acpi-[a-z0-9]{8}-[a-z0-9]{32}$/, expires_at: /^\d{4}-/ })
    t.same(Object.keys(made).sort(), ['code', 'expires_at', 'id'])
    // Targets on KV share one store.
    const list = async () =>
      (await call(`${target.origin}/admin/invites`, { headers: bearer })).json.data.filter(({ id }: { id: string }) =>
        id === made.id
      )
    t.match(await list(), [{ id: made.id, created_at: /^\d{4}-/, expires_at: made.expires_at }])
    t.notMatch(JSON.stringify(await list()), made.code.slice(-32), 'the code is shown once')
    for (const wrong of [`${made.code}0`, made.code.slice(0, -1), made.code.replace(/.$/, '0'),
      made.code.replace(made.id, '00000000')].filter(code => code !== made.code)) {
      t.equal((await register(target, wrong)).status, 403, 'a code that is nearly right')
    }
    const name = target.newName()
    t.match(await register(target, ` ${made.code} `, name), { status: 201, json: { username: name } })
    t.equal((await register(target, made.code)).status, 403, 'once')
    t.equal((await register(target, made.code, name)).status, 403, 'also for the same name, with another password')
    t.same(await list(), [])
    await until(() => target.logs().includes('use-invite'), 'its use leaves a line')
    t.match(target.logs(), new RegExp(`"invite":"${made.id}"`))
  }, { REGISTRATION: 'closed' })

  test('a refused registration does not use the invite up', async (t, target) => {
    const { code } = await invite(target)
    const json = { username: target.newName(), password: target.newPassword(), code }
    t.equal((await call(`${target.origin}/`, { json: { ...json, token: 'gho_unknownUnknownUnknown123' } })).status, 422)
    t.equal((await call(`${target.origin}/`, { json: { ...json, token: 'none' } })).status, 400)
    t.equal((await call(`${target.origin}/`, { json: { ...json, token: target.addSeat().githubToken } })).status, 201)
    t.equal((await register(target, code)).status, 403)
  }, { REGISTRATION: 'code', REGISTRATION_CODE: 'the-code-of-all' })

  test('of requests that use one invite at once, exactly one creates an account', async (t, target) => {
    for (let round = 0; round < 3; round++) {
      const { code } = await invite(target)
      const got = await Promise.all(Array.from({ length: 6 }, () => register(target, code)))
      t.same(got.map(({ status }) => status).sort(), [201, 403, 403, 403, 403, 403])
    }
  }, { REGISTRATION: 'closed' })

  test('an invite expires, can be revoked, and there are fifty at most', async (t, target) => {
    const { origin } = target
    const [short, revoked] = [await invite(target, { expires_in_hours: 1 }), await invite(target, {})]
    const remove = () => call(`${origin}/admin/invites/${revoked.id}`, { method: 'DELETE', headers: bearer })
    t.match(await remove(), { status: 200, json: { id: revoked.id, deleted: true } })
    t.equal((await remove()).status, 404)
    t.equal((await register(target, revoked.code)).status, 403)
    target.clock?.advance(61 * 60_000)
    t.equal((await register(target, short.code)).status, 403)
    t.equal((await call(`${origin}/admin/invites/no:such`, { method: 'DELETE', headers: bearer })).status, 404)
    for (const hours of [0, -1, 721, '2', null]) {
      t.match(await call(`${origin}/admin/invites`, { json: { expires_in_hours: hours }, headers: bearer }), {
        status: 400,
        json: { error: { code: 'invalid_request' } },
      })
    }
    if (target.kind === 'node-kv') return // Other cases need invites in the same store.
    for (let at = 0; at < 50; at++) await invite(target)
    t.match(await call(`${origin}/admin/invites`, { method: 'POST', headers: bearer }), { status: 409,
      json: { error: { code: 'invite_limit' } } })
  }, { REGISTRATION: 'closed' })

  test('the list of users names their keys, and shows no secret', async (t, target) => {
    const user = await target.addUser()
    target.clock?.advance(2_000)
    const key = { authorization: `Bearer ${user.password}` }
    const made = await call(`${user.base}/keys`, { json: { name: 'laptop <b>' }, headers: key })
    target.plant(made.json.key)
    const { json, text } = await call(`${target.origin}/admin/users`, { headers: bearer })
    const found = json.users.filter(({ username }: { username: string }) => username === user.username)
    t.match(found, [{ keys: [{ id: made.json.id, name: 'laptop <b>', expires_at: null }] }])
    t.notMatch(text, made.json.key.slice(-32))
    await target.putRaw?.('user:a-broken-one', '{"v":9}')
    const page = await call(`${target.origin}/admin/users?limit=1&after=a-broken-on`, { headers: bearer })
    t.match(page.json.users, [{ username: 'a-broken-one', keys: null }])
    t.equal((await call(`${target.origin}/admin/users/a-broken-one`, { method: 'DELETE', headers: bearer })).status,
      200)
  })

  test('usage by user, the state of store and upstream, and recent errors without content', async (t, target) => {
    const user = await target.addUser()
    const headers = { authorization: `Bearer ${user.password}` }
    const chat = () =>
      call(`${user.base}/chat/completions`, { headers,
        json: { model: 'gpt-4o', messages: [{ role: 'user', content: 'planted-words-of-a-prompt' }] } })
    t.equal((await chat()).status, 200)
    const usage = (await call(`${target.origin}/admin/usage`, { headers: bearer })).json
    t.match(usage, { object: 'list', from: /^\d{4}-\d\d-\d\d$/ })
    const [row, ...others] = usage.data.filter(({ user: name }: { user: string }) => name === user.username)
    t.match(row, { model: /^gpt-4o/, requests: 1 })
    t.ok(row.input_tokens > 0)
    t.strictSame(others, [])
    t.match((await call(`${target.origin}/admin/status`, { headers: bearer })).json, { registration: 'open',
      version: /^\d/, started_at: /^\d{4}-/, store: { status: 'ok' }, upstream: [{ name: 'github', status: 'ok' }, {
        name: 'github-api',
        status: 'ok',
      }, { name: 'copilot-api', status: 'ok' }] })

    target.emulator.fault({ path: '/chat/completions' }, { kind: 'status', status: 500, body: 'planted-answer' }, 1)
    const failed = await chat()
    t.equal(failed.status, 502)
    const errors = await call(`${target.origin}/admin/errors`, { headers: bearer })
    t.match(errors.json.data[0], { at: /^\d{4}-/, level: 'error', status: 502, code: 'upstream_error',
      request_id: failed.headers.get('x-request-id') })
    t.notMatch(errors.text, /planted/)
    for (let at = 0; at < 205; at++) await call(`${target.origin}/admin/users`)
    t.ok((await call(`${target.origin}/admin/errors`, { headers: bearer })).json.data.length <= 200)
  })

  test('every action leaves one audit line of a fixed shape, without a secret', async (t, target) => {
    const { origin } = target
    t.equal((await call(`${origin}/admin/status`, { headers: own })).status, 401, 'a visit without a session: no line')
    const cookie = await cookieOf(target)
    const headers = { cookie, ...own }
    const { id } = await invite(target)
    await call(`${origin}/admin/invites/${id}`, { method: 'DELETE', headers })
    const { code } = await invite(target)
    const name = target.newName()
    await register(target, code, name)
    await call(`${origin}/admin/users/${name}`, { method: 'DELETE', headers })
    await call(`${origin}/admin/session`, { method: 'DELETE', headers })
    await call(`${origin}/admin/users`, { headers })
    await until(() => target.logs().includes('"action":"admin-close-session"'), 'the last line')
    const lines = target.logs().split('\n').flatMap(line => {
      const at = line.indexOf('{"level"')
      return at === -1 || !line.includes('"event":"audit"')
        ? []
        : [JSON.parse(line.slice(at)) as Record<string, unknown>]
    })
    t.same(lines.map(({ action }) => action), ['admin-open-session', 'admin-create-invite', 'admin-revoke-invite',
      'admin-create-invite', 'use-invite', 'create', 'admin-delete', 'admin-close-session', 'admin'])
    const known = ['level', 'time', 'event', 'action', 'outcome', 'address', 'user', 'invite', 'reqId', 'msg']
    t.same(lines.flatMap(line => Object.keys(line)).filter(field => !known.includes(field)), [])
    t.match(lines, [{}, { invite: id }, { invite: id, outcome: 'done', msg: 'the operator acted' }])
    t.match(lines[4], { user: name, invite: code.split('-')[1] })
  }, { REGISTRATION: 'closed' })

  test('by cookie, only the page starts a backup', async (t, target) => {
    const cookie = await cookieOf(target)
    const { host } = new URL(target.origin)
    const url = `${target.origin}/admin/backup`
    const browser = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' }
    const asked = async (headers: Sent) => (await call(url, { headers: { ...browser, ...headers } })).status
    // Over plain http beyond loopback, browsers send the cookie and no fetch metadata.
    for (const headers of [{ accept: 'image/png,image/*;q=0.8' }, { accept: '*/*' }, { accept: '*/*',
      referer: 'http://evil.example/' }, { accept: '*/*', referer: `http://${host.replace(/\d+$/, '1')}/` }, {
      ...own,
      'sec-fetch-dest': 'image',
    }] as Sent[]) t.equal(await asked({ cookie, ...headers }), 403, JSON.stringify(headers))
    const served = target.kind.startsWith('node-sqlite') ? 200 : 404
    for (const headers of [{ referer: `${target.origin}/admin` }, own, { ...bearer, accept: 'image/png' }] as Sent[]) {
      t.equal(await asked('authorization' in headers ? headers : { cookie, ...headers }), served)
    }
  })

  test('a backup is a copy of the SQLite file; other stores say that they have none', async (t, target) => {
    const user = await target.addUser()
    const url = `${target.origin}/admin/backup`
    t.equal((await call(url)).status, 401)
    if (!target.kind.startsWith('node-sqlite')) {
      t.match(await call(url, { headers: bearer }), { status: 404,
        json: { error: { code: 'not_found', message: /Only an SQLite file/ } } })
      return
    }
    const response = await fetch(url, { headers: bearer })
    const bytes = Buffer.from(await response.arrayBuffer())
    t.match([response.headers.get('content-type'), response.headers.get('content-disposition'),
      response.headers.get('cache-control')], ['application/vnd.sqlite3',
      /^attachment; filename="copilot-proxy-\d{4}-\d\d-\d\d\.sqlite"$/, 'no-store'])
    t.equal(String(bytes.length), response.headers.get('content-length'))
    const folder = mkdtempSync(join(tmpdir(), 'copilot-proxy-backup-'))
    writeFileSync(join(folder, 'copy.sqlite'), bytes)
    const db = new DatabaseSync(join(folder, 'copy.sqlite'))
    t.ok(db.prepare('SELECT value FROM entries WHERE key = ?').get(`user:${user.username}`))
    t.equal(db.prepare('PRAGMA integrity_check').get()?.['integrity_check'], 'ok')
    db.close()
    rmSync(folder, { recursive: true })
    t.equal((await call(url, { headers: bearer })).status, 200, 'and another')
    await until(() => target.logs().includes('admin-backup'), 'a backup leaves a line')
  })
}
