// Creating, changing and deleting users: every state, as JSON and as a redirect, and which callers are refused.
import type { Frame } from '../fixtures/cases.ts'
import { call } from '../fixtures/http.ts'
import type { Settings, Target, User } from '../fixtures/targets.ts'

const form = (fields: Settings) => ({ method: 'POST', body: new URLSearchParams(fields),
  headers: { 'content-type': 'application/x-www-form-urlencoded' } as Record<string, string> })
const formOfPage = (fields: Settings) => ({ ...form(fields),
  headers: { ...form(fields).headers, accept: 'text/html,application/xhtml+xml' } })
const signIn = ({ origin }: Target, { username, password }: Pick<User, 'username' | 'password'>) =>
  call(`${origin}/${username}/v1/models`, { headers: { authorization: `Bearer ${password}` } })

export function accountsSuite ({ target, test, testWith }: Frame): void {
  const { origin } = target
  const fresh = () => ({ username: target.newName(), password: target.newPassword(),
    token: target.addSeat().githubToken })

  test('POST / creates a user from JSON or a form: 201, and the user can sign in at once', async t => {
    for (const send of [(fields: Settings) => call(`${origin}/`, { json: fields }),
      (fields: Settings) => call(`${origin}/`, form(fields))]) {
      const fields = fresh()
      const { status, json, headers } = await send(fields)
      t.equal(status, 201)
      t.same(json, { username: fields.username, status: 'saved' })
      t.match(headers.get('cache-control'), 'no-store')
      t.equal((await signIn(target, fields)).status, 200)
    }
  })

  test("a page's form gets a 303 with the state, and the address contains no secret", async t => {
    const fields = fresh()
    const location = async (path: string, given: Settings) => {
      const { status, headers, text } = await call(origin + path, formOfPage(given))
      return `${status} ${headers.get('location') ?? text}`
    }
    t.equal(await location('/', fields), '303 /?status=saved')
    t.equal(await location('/', { ...fields, password: target.newPassword() }), '303 /?status=auth-failed')
    t.equal(await location('/', { ...fields, token: 'nothing' }), '303 /?status=invalid')
    t.equal(await location('/', { ...fields, username: 'No Name' }), '303 /?status=invalid-username')
    t.equal(await location('/', { ...fields, password: 'short' }), '303 /?status=invalid-password')
    t.equal(await location('/users/delete', { ...fields, password: target.newPassword() }), '303 /?status=auth-failed')
    t.equal(await location('/users/delete', fields), '303 /?status=deleted')
  })

  test('every wrong field has its state, and the first wrong field decides', async t => {
    const good = fresh()
    const state = async (change: Record<string, string | undefined>) => {
      const { status, json } = await call(`${origin}/`, { json: { ...good, ...change } })
      t.equal(typeof json.error?.message, 'string')
      t.equal(json.error?.code, json.status)
      return `${status} ${json.status}`
    }
    for (const token of [undefined, '', 'ghp_0123456789abcdefghij0123', 'github_pat_0123456789abcdefghij', 'ghu',
      'ghu_short', `ghu_${'a'.repeat(252)}`, 'ghu_0123456789abcdefghij\nx']) {
      t.equal(await state({ token }), '400 invalid', String(token).slice(0, 20))
    }
    for (const username of ['', 'Alice', '-a', 'a-', 'a--b', 'a_b', 'a.b', 'ü', 'a'.repeat(65), 'admin', 'api',
      'assets', 'chat', 'github', 'healthz', 'metrics', 'readyz', 'static', 'users', 'v1']) {
      t.equal(await state({ username }), '400 invalid-username', username.slice(0, 20))
    }
    for (const password of [undefined, '', 'acpc-123456789', 'acpc-12345678901', 'ACPC-1234567890', 'acpc-12345_7890',
      ' acpc-1234567890']) t.equal(await state({ password }), '400 invalid-password', String(password))
    for (const username of ['constructor', 'tostring', '0', 'a'.repeat(64)]) {
      t.equal((await call(`${origin}/`, { json: { ...good, username } })).status, 201, username.slice(0, 20))
    }
  })

  test('only the current password changes an existing user, and GitHub is asked after it is checked', async t => {
    const user = await target.addUser()
    const other = target.addSeat()
    target.begin()
    const refused = await call(`${origin}/`, {
      json: { username: user.username, password: target.newPassword(), token: other.githubToken },
    })
    t.match(refused, { status: 403, json: { status: 'auth-failed' } })
    t.same(target.seen(), [], 'GitHub got no request')
    t.equal((await signIn(target, user)).status, 200, 'nothing was changed')

    const updated = await call(`${origin}/`, {
      json: { username: user.username, password: user.password, token: other.githubToken },
    })
    t.match(updated, { status: 200, json: { username: user.username, status: 'saved' } })
    target.begin()
    t.equal((await signIn(target, user)).status, 200)
    t.equal(other.exchanges, 1, 'the check at registration did the exchange')
    t.ok(target.seen().every(({ headers }) => headers['authorization'] === `Bearer ${other.tokensIssued[0] ?? ''}`),
      'the new token is used from now on')
  })

  test('if two people request one name at the same time, one gets it and the other is refused', async t => {
    const username = target.newName()
    const both = [fresh(), fresh()].map(fields => ({ ...fields, username }))
    const statuses = await Promise.all(both.map(async fields => (await call(`${origin}/`, { json: fields })).status))
    t.same(statuses.toSorted(), [201, 403])
    for (const [at, status] of statuses.entries()) {
      t.equal((await signIn(target, both[at] ?? { username, password: '' })).status, status === 201 ? 200 : 401)
    }
  })

  test('POST /users/password: the new password works at once, the old one no longer', async t => {
    const user = await target.addUser()
    t.equal((await signIn(target, user)).status, 200)
    const password = target.newPassword()
    const rotate = (fields: Settings) => call(`${origin}/users/password`, { json: fields })
    t.match(await rotate({ username: user.username, password: target.newPassword(), new_password: password }), {
      status: 403,
      json: { status: 'auth-failed' },
    })
    t.match(await rotate({ username: user.username, password: user.password, new_password: 'weak' }), { status: 400,
      json: { status: 'invalid-password' } })
    t.equal((await rotate({ username: user.username, password: user.password, new_password: password })).status, 200)
    t.equal((await signIn(target, { username: user.username, password })).status, 200)
    t.equal((await signIn(target, user)).status, 401)
    t.match(await rotate({ username: user.username, password: user.password, new_password: password }), { status: 403 })
  })

  test('POST /users/delete deletes for good; unknown users and wrong passwords get the same answer', async t => {
    const user = await target.addUser()
    const remove = (fields: Settings) => call(`${origin}/users/delete`, { json: fields })
    const wrong = await remove({ username: user.username, password: target.newPassword() })
    const unknown = await remove({ username: target.newName(), password: user.password })
    const malformed = await remove({ username: 'No Name', password: '' })
    t.match(wrong, { status: 403, json: { status: 'auth-failed' } })
    t.same([unknown.status, unknown.text, malformed.status, malformed.text], [wrong.status, wrong.text, wrong.status,
      wrong.text])
    t.equal((await signIn(target, user)).status, 200)

    t.match(await remove({ username: user.username, password: user.password }), { status: 200,
      json: { status: 'deleted' } })
    t.equal((await signIn(target, user)).status, 401, 'at once, in the process that deleted the user')
    t.notMatch(await target.dumpStore(), `user:${user.username}\t`)
    t.match(await remove({ username: user.username, password: user.password }), { status: 403,
      json: { status: 'auth-failed' } })
    const again = { username: user.username, password: target.newPassword(), token: target.addSeat().githubToken }
    t.equal((await call(`${origin}/`, { json: again })).status, 201, 'the name is free again')
  })

  test('bad form bodies are refused: repeated fields, values that are not text, other types, too large', async t => {
    const { username, password, token } = fresh()
    const twice = new URLSearchParams([['username', username], ['password', password], ['token', token], ['token',
      token]])
    t.equal((await call(`${origin}/`, { method: 'POST', body: twice })).status, 400)
    t.equal((await call(`${origin}/`, { json: { username: { a: 1 }, password, token } })).status, 400)
    t.equal(
      (await call(`${origin}/`, { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } })).status,
      400,
    )
    t.equal((await call(`${origin}/`, { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } })).status,
      415)
    t.equal((await call(`${origin}/`, { json: { username, password, token, more: 'x'.repeat(20_000) } })).status, 413)
  })

  test('a page of another origin is refused, and no answer has a CORS header', async t => {
    const other = 'https://evil.example'
    for (const path of ['/', '/users/password', '/users/delete', '/github/get-device-code',
      '/github/poll-device-code']) {
      const send = (headers: Record<string, string>) =>
        call(origin + path, { ...form({}), headers: { ...form({}).headers, ...headers } })
      for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site', origin }, {
        origin: other,
      }, { origin: 'null' }] as Array<Record<string, string>>) {
        const { status, json, headers: got } = await send(headers)
        t.match({ status, json }, { status: 403, json: { status: 'cross-site' } }, `${path} ${JSON.stringify(headers)}`)
        t.same([...got.keys()].filter(name => name.startsWith('access-control')), [])
      }
      for (const headers of [{ 'sec-fetch-site': 'same-origin', origin: other }, { 'sec-fetch-site': 'none' }, {
        origin,
      }, {}] as Array<Record<string, string>>) {
        t.not((await send(headers)).json?.status, 'cross-site', `${path} ${JSON.stringify(headers)}`)
      }
      const preflight = await call(origin + path, { method: 'OPTIONS',
        headers: { origin: other, 'access-control-request-method': 'POST' } })
      t.same([...preflight.headers.keys()].filter(name => name.startsWith('access-control')), [])
    }
    t.equal(
      (await call(`${origin}/`, { ...formOfPage({}), headers: { ...formOfPage({}).headers, origin: other } })).headers
        .get('location'),
      '/?status=cross-site',
    )
  })

  test('if GitHub refuses: 422 github-rejected and no user; if GitHub is down: saved-unchecked', async t => {
    for (const state of ['revoked', 'no-seat', 'wrong-app', 'policy', 'access-revoked'] as const) {
      const fields = { ...fresh(), token: target.addSeat({ state }).githubToken }
      t.match(await call(`${origin}/`, { json: fields }), { status: 422,
        json: { status: 'github-rejected', error: { code: 'github-rejected', message: /./ } } }, state)
      t.notMatch(await target.dumpStore(), `user:${fields.username}\t`)
    }
    target.emulator.fault({ path: '/copilot_internal/v2/token' }, { kind: 'html', status: 502 }, 2)
    const fields = fresh()
    t.match(await call(`${origin}/`, { json: fields }), { status: 201,
      json: { username: fields.username, status: 'saved-unchecked' } })
    t.equal((await signIn(target, fields)).status, 200, 'the token is checked when it is needed')
    const user = await target.addUser()
    user.seat.state = 'revoked'
    t.match(await call(`${origin}/`, {
      json: { username: user.username, password: user.password, token: user.seat.githubToken },
    }), { status: 422 }, 'a bad token does not replace a good one')
  })

  testWith({ REGISTRATION: 'closed', PUBLIC_ORIGIN: 'https://copilot.example.com' },
    'REGISTRATION=closed accepts no new user, whatever PUBLIC_ORIGIN is', async (t, own) => {
    const fields = { username: own.newName(), password: own.newPassword(), token: own.addSeat().githubToken }
    const refused = { status: 403, json: { status: 'auth-failed', error: { message: /takes no new users/ } } }
    t.match(await call(`${own.origin}/`, { json: fields }), refused)
    t.match(
      await call(`${own.origin}/`, { ...form(fields),
        headers: { ...form(fields).headers, origin: 'https://copilot.example.com' } }),
      refused,
    )
    t.match((await call(`${own.origin}/readyz`)).json, { registration: 'closed' })
  })

  testWith({ REGISTRATION: 'code', REGISTRATION_CODE: 'open sesame' },
    'REGISTRATION=code asks new users for the code, and existing users not', async (t, own) => {
    const fields = { username: own.newName(), password: own.newPassword(), token: own.addSeat().githubToken }
    for (const code of [undefined, '', 'open sesam', 'OPEN SESAME']) {
      t.match(await call(`${own.origin}/`, { json: { ...fields, code } }), { status: 403,
        json: { status: 'auth-failed', error: { message: /registration code/ } } })
    }
    t.equal((await call(`${own.origin}/`, { json: { ...fields, code: 'open sesame' } })).status, 201)
    t.equal((await call(`${own.origin}/`, { json: fields })).status, 200)
  })

  testWith({ REGISTRATIONS_PER_10_MINUTES: '2', AUTH_FAILURES_PER_MINUTE: '4' },
    'registrations and failed sign-ins are limited by address; correct passwords never are', async (t, own) => {
    const user = await own.addUser()
    await own.addUser()
    const third = await call(`${own.origin}/`, {
      json: { username: own.newName(), password: own.newPassword(), token: own.addSeat().githubToken },
    })
    t.match(third, { status: 429, json: { status: 'rate-limited' } })
    t.ok(Number(third.headers.get('retry-after')) >= 1)
    // The refused registration counts too, because it tried a name.
    const statuses = []
    for (let n = 0; n < 5; n++) statuses.push((await signIn(own, { ...user, password: own.newPassword() })).status)
    t.same(statuses, [401, 401, 401, 429, 429])
    t.equal((await signIn(own, user)).status, 200)
  })
}
