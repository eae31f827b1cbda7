// Sessions of pages: the cookie, where it counts, and the list of devices.
import type { Frame } from '../fixtures/cases.ts'
import { call, type Got, type Json } from '../fixtures/http.ts'
import type { Target, User } from '../fixtures/targets.ts'

const own = { 'sec-fetch-site': 'same-origin' }

interface Opened {
  readonly got: Got
  /** As the browser sends it back. */
  readonly cookie: string
  readonly attributes: string
}

async function open (
  target: Target,
  { username, password }: User,
  more: object = {},
  headers: Record<string, string> = {},
): Promise<Opened> {
  const got = await call(`${target.origin}/session`, { json: { username, password, ...more }, headers: {
    ...own,
    'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0',
    ...headers,
  } })
  if (got.status !== 200) throw new Error(got.text)
  const [cookie = '', ...attributes] = (got.headers.get('set-cookie') ?? '').split('; ')
  target.plant(cookie.slice(cookie.indexOf('=') + 1))
  target.plant(cookie.slice(-32))
  return { got, cookie, attributes: attributes.join('; ') }
}

export function sessionsSuite ({ target, test }: Frame): void {
  const { origin } = target
  const ask = (path: string, cookie: string, headers: Record<string, string> = own, method = 'GET') =>
    call(`${origin}${path}`, { method, headers: { cookie, ...headers } })

  test('a page signs in, is known by its cookie, and signs out', async t => {
    const user = await target.addUser()
    const { got, cookie, attributes } = await open(target, user, { remember: true })
    t.match(got.json, { username: user.username, device: /^[a-z0-9]{8}$/, expires_at: /^\d{4}-\d\d-\d\dT/ })
    t.match(cookie, new RegExp(`^copilot_proxy_session=${user.username}\\.acps-[a-z0-9]{8}-[a-z0-9]{32}$`))
    t.equal(attributes, 'Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000')
    t.notMatch(got.text, /acps-/, 'no script can read it')
    t.same((await ask('/session', cookie)).json, got.json)
    const other = `theme=dark; ${cookie}; x`
    t.equal((await ask(`/${user.username}/v1/models`, other)).status, 200, 'it is a credential on the API')
    t.equal(
      (await call(`${user.base}/chat/completions`, { headers: { cookie, ...own },
        json: { model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }] } })).status,
      200,
    )
    const out = await ask('/session', cookie, own, 'DELETE')
    t.match(out, { status: 200, json: { status: 'signed-out' } })
    t.match(out.headers.get('set-cookie'), /^copilot_proxy_session=;.*HttpOnly; SameSite=Strict; Max-Age=0$/)
    t.equal((await ask('/session', cookie)).status, 401)
    t.equal((await ask(`/${user.username}/v1/models`, cookie)).status, 401)
    t.equal((await ask('/session', cookie, own, 'DELETE')).status, 200, 'again')
    t.match((await open(target, user)).attributes, /^Path=\/; HttpOnly; SameSite=Strict$/, 'until the browser closes')
  })

  test('over https the cookie is Secure, also behind a proxy that ends TLS', async t => {
    const { username, password } = await target.addUser()
    const { host } = new URL(origin)
    const got = await call(`${origin}/session`, { json: { username, password },
      headers: { origin: `https://${host}` } })
    t.match(got.headers.get('set-cookie'), /; Secure$/)
    target.plant((got.headers.get('set-cookie') ?? '').split(/[=;]/)[1] ?? '')
  })

  test("the cookie counts on requests of this host's own pages alone", async t => {
    const user = await target.addUser()
    const { cookie } = await open(target, user)
    const { host } = new URL(origin)
    for (const headers of [own, { 'sec-fetch-site': 'none' }, { origin }, {}, { 'origin': `http://${host}` }]) {
      t.equal((await ask(`/${user.username}/v1/models`, cookie, headers as Record<string, string>)).status, 200)
    }
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, {
      origin: 'https://evil.example',
    }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site', origin }]) {
      const from = headers as Record<string, string>
      t.equal((await ask(`/${user.username}/v1/models`, cookie, from)).status, 401, JSON.stringify(headers))
      for (const method of ['GET', 'DELETE']) {
        t.match(await ask('/session', cookie, from, method), { status: 403, json: { status: 'cross-site' } })
      }
      const { username, password } = user
      t.match(await call(`${origin}/session`, { json: { username, password }, headers: from }), { status: 403,
        json: { status: 'cross-site' } })
    }
    t.equal((await ask('/session', cookie)).status, 200, 'none of them ended it')
  })

  test("a cookie opens neither another user's routes nor a key's place, and a header wins", async t => {
    const [user, other] = [await target.addUser(), await target.addUser()]
    const { cookie } = await open(target, user)
    t.equal((await ask(`/${other.username}/v1/models`, cookie)).status, 401)
    const text = cookie.slice(cookie.indexOf('.') + 1)
    for (const headers of [{ authorization: `Bearer ${text}` }, { 'x-api-key': text }]) {
      t.equal((await call(`${user.base}/models`, { headers: headers as Record<string, string> })).status, 401)
    }
    t.equal(
      (await ask(`/${other.username}/v1/models`, cookie, { ...own, authorization: `Bearer ${other.password}` })).status,
      200,
    )
    for (const wrong of [cookie.replace('acps', 'acpk'), `${cookie}0`, cookie.replace(user.username, other.username),
      cookie.replace('.', ''), 'copilot_proxy_session=']) {
      t.equal((await ask('/session', wrong)).status, 401, wrong.slice(0, 30))
    }
  })

  test('a browser has one session: a new sign-in ends the earlier one, of the same or of another user', async t => {
    const [user, other] = [await target.addUser(), await target.addUser()]
    const first = await open(target, user, { remember: true })
    target.clock?.advance(2_000)
    const second = await open(target, user, {}, { cookie: first.cookie })
    t.equal((await ask('/session', first.cookie)).status, 401)
    t.match((await ask(`/${user.username}/v1/devices`, second.cookie)).json.data, [{ id: second.got.json.device }])
    target.clock?.advance(2_000)
    const third = await open(target, other, {}, { cookie: second.cookie })
    t.equal((await ask('/session', second.cookie)).status, 401)
    t.match((await ask('/session', third.cookie)).json, { username: other.username })
    target.clock?.advance(2_000)
    const fourth = await open(target, other, {}, { cookie: first.cookie })
    t.equal((await ask('/session', third.cookie)).status, 200, 'a dead cookie ends nothing')
    t.equal((await ask('/session', fourth.cookie)).status, 200)
  })

  test('devices are named after the browser and the system, not after what they claim to be like', async t => {
    const user = await target.addUser()
    const like = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0'
    for (const [agent, name] of [[`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${like} Safari/537.36 Edg/150.0.0.0`,
      'Edge on Windows'], [`Mozilla/5.0 (Linux; Android 16) ${like} Mobile Safari/537.36`, 'Chrome on Android'], [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 20_0 like Mac OS X) AppleWebKit/605 Version/20 Safari/605',
      'Safari on iPhone',
    ], ['<b>', 'a browser']] as const) {
      target.clock?.advance(2_000)
      const { got, cookie } = await open(target, user, {}, { 'user-agent': agent })
      const { json } = await ask(`/${user.username}/v1/devices`, cookie)
      t.match(json.data.find(({ id }: Json) => id === got.json.device), { name })
    }
  })

  test('devices are listed and signed out, and a session manages keys', async t => {
    const user = await target.addUser()
    const first = await open(target, user, { remember: true })
    target.clock?.advance(2_000)
    const second = await open(target, user)
    const { json } = await ask(`/${user.username}/v1/devices`, second.cookie)
    t.match(json, { object: 'list',
      data: [{ id: first.got.json.device, name: 'Firefox on Linux', remembered: true, current: false }, {
        id: second.got.json.device,
        remembered: false,
        last_used_day: /^\d{4}-\d\d-\d\d$/,
        current: true,
      }] })
    target.clock?.advance(2_000)
    const made = await call(`${user.base}/keys`, { json: { name: 'x' }, headers: { cookie: second.cookie, ...own } })
    t.equal(made.status, 201)
    target.plant(made.json.key)
    t.equal((await call(`${user.base}/devices`, { headers: { 'x-api-key': made.json.key } })).status, 403)
    t.same(
      (await call(`${user.base}/keys`, { headers: { authorization: `Bearer ${user.password}` } })).json.data.map((
        { name }: Json,
      ) => name),
      ['x'],
      'sessions are no keys',
    )
    target.clock?.advance(2_000)
    const path = `/${user.username}/v1/devices/${first.got.json.device}`
    t.match(await ask(path, second.cookie, own, 'DELETE'), { status: 200, json: { deleted: true } })
    t.equal((await ask('/session', first.cookie)).status, 401, 'at once')
    t.equal((await ask('/session', second.cookie)).status, 200)
    target.clock?.advance(2_000)
    t.equal((await ask(path, second.cookie, own, 'DELETE')).status, 404)
    t.equal((await call(`${user.base}/models`, { headers: { 'x-api-key': made.json.key } })).status, 200)
  })

  test('a new password ends all sessions but the one that asks', async t => {
    const user = await target.addUser()
    const [first, other] = [await open(target, user, { remember: true }), await open(target, user)]
    const [second, third] = [target.newPassword(), target.newPassword()]
    const change = (password: string, next: string, cookie?: string) =>
      call(`${origin}/users/password`, { headers: { ...own, ...cookie === undefined ? {} : { cookie } },
        json: { username: user.username, password, new_password: next } })
    target.clock?.advance(2_000)
    t.equal((await change(user.password, second, first.cookie)).status, 200)
    t.equal((await ask('/session', other.cookie)).status, 401)
    t.equal((await ask(`/${user.username}/v1/keys`, other.cookie)).status, 401, 'it keeps no right of the password')
    t.equal((await ask('/session', first.cookie)).status, 200)
    t.match((await ask(`/${user.username}/v1/devices`, first.cookie)).json.data, [{ id: first.got.json.device }])
    target.clock?.advance(2_000)
    const stranger = await open(target, await target.addUser())
    t.equal((await change(second, third, stranger.cookie)).status, 200)
    t.equal((await ask('/session', first.cookie)).status, 401, 'a request without a session of this user ends all')
    t.equal((await ask('/session', stranger.cookie)).status, 200)
  })

  test('a session ends after SESSION_DAYS and with its user', async t => {
    const [user, gone] = [await target.addUser(), await target.addUser()]
    const { cookie } = await open(target, user, { remember: true })
    target.clock?.advance(29 * 86_400_000)
    t.equal((await ask('/session', cookie)).status, 200)
    target.clock?.advance(2 * 86_400_000)
    t.equal((await ask('/session', cookie)).status, 401)
    target.clock?.advance(2_000)
    t.equal(
      (await call(`${user.base}/devices`, { headers: { authorization: `Bearer ${user.password}` } })).json.data.length,
      0,
    )
    const other = await open(target, gone)
    target.clock?.advance(2_000)
    await call(`${origin}/users/delete`, { json: { username: gone.username, password: gone.password } })
    t.equal((await ask('/session', other.cookie)).status, 401)
  })

  test('a wrong sign-in sets no cookie, and a key is refused', async t => {
    const { username, password } = await target.addUser()
    const wrong: Array<[json: object, status: number, state: string]> = [[{ username, password: target.newPassword() },
      403, 'auth-failed'], [{ username: target.newName(), password }, 403, 'auth-failed'], [{ username: 'A', password },
      400, 'invalid-username'], [{ username, password: 'x' }, 400, 'invalid-password'], [{ username, password,
      remember: 'yes' }, 400, 'invalid-request'], [{ username, password: `acpk-00000000-${'0'.repeat(32)}` }, 403,
      'key-not-allowed']]
    for (const [json, status, state] of wrong) {
      const got = await call(`${origin}/session`, { json, headers: own })
      t.match(got, { status, json: { status: state } })
      t.equal(got.headers.get('set-cookie'), null)
    }
  })

  test('eleven sessions: the oldest is signed out', async t => {
    const user = await target.addUser()
    const opened: Opened[] = []
    for (let at = 0; at < 11; at++) {
      target.clock?.advance(2_000)
      opened.push(await open(target, user))
    }
    t.equal((await ask('/session', opened[0]?.cookie ?? '')).status, 401)
    t.equal((await ask('/session', opened[1]?.cookie ?? '')).status, 200)
    t.equal((await ask('/session', opened[10]?.cookie ?? '')).status, 200)
  })

  /** @returns the code of a new device, as the page of this session shows it */
  const offer = async (cookie: string) => {
    const got = await ask('/session/device-code', cookie, own, 'POST')
    t201(got)
    target.plant(got.json.code)
    target.plant(got.json.code.slice(-32))
    return got
  }
  const t201 = ({ status, text }: Got) => {
    if (status !== 201) throw new Error(text)
  }
  const redeem = (code: unknown, more: object = {}, headers: Record<string, string> = {}) =>
    call(`${origin}/session`, { json: { device_code: code, ...more },
      headers: { ...own, 'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 20_0 like Mac OS X) Safari/605',
        ...headers } })
  const used = { status: 403,
    json: { status: 'auth-failed', error: { message: /^This code is used, or its two minutes/ } } }

  test('a signed-in page gives a code that signs one further device in, once', async t => {
    const user = await target.addUser()
    const { cookie } = await open(target, user)
    target.clock?.advance(2_000)
    const { json } = await offer(cookie)
    t.match(json, { code: /^acpd-[a-z0-9]{8}-[a-z0-9]{32}$/, expires_at: /^\d{4}-\d\d-\d\dT/,
      link: `${origin}/#device=${json.code}` })
    const phone = await redeem(json.code, { remember: true })
    t.match(phone, { status: 200, json: { username: user.username, device: /^[a-z0-9]{8}$/ } })
    t.match(phone.headers.get('set-cookie'), /HttpOnly; SameSite=Strict; Max-Age=2592000$/)
    const [own = ''] = (phone.headers.get('set-cookie') ?? '').split('; ')
    target.plant(own.slice(-32))
    t.same((await ask('/session', own)).json, phone.json)
    t.equal((await ask('/session', cookie)).status, 200, 'the first device stays signed in')
    t.match((await ask(`/${user.username}/v1/devices`, cookie)).json.data.map(({ name }: Json) => name), [
      'Firefox on Linux',
      'Safari on iPhone',
    ])
    t.match(await redeem(json.code), used, 'a second time')
    t.equal((await redeem(json.code)).headers.get('set-cookie'), null)
    for (const headers of [{ authorization: `Bearer ${json.code}` }, { 'x-api-key': json.code }]) {
      t.equal((await call(`${user.base}/models`, { headers: headers as Record<string, string> })).status, 401,
        'it opens no API')
    }
    target.clock?.advance(2_000)
    t.equal((await call(`${user.base}/models`, { headers: { cookie: own, 'sec-fetch-site': 'same-origin' } })).status,
      200)
  })

  test('of several requests at once, one redeems a device code', async t => {
    const user = await target.addUser()
    const { cookie } = await open(target, user)
    target.clock?.advance(2_000)
    const { json: { code } } = await offer(cookie)
    const all = await Promise.all(Array.from({ length: 5 }, () => redeem(code)))
    t.same(all.map(({ status }) => status).toSorted(), [200, 403, 403, 403, 403])
    for (const { headers } of all) target.plant((headers.get('set-cookie') ?? '').split('; ')[0]?.slice(-32) ?? '')
    target.clock?.advance(2_000)
    t.equal((await ask(`/${user.username}/v1/devices`, cookie)).json.data.length, 2)
  })

  test('a device code ends after two minutes, with its user, and with the data key', async t => {
    const [user, other, gone] = [await target.addUser(), await target.addUser(), await target.addUser()]
    const codeOf = async (user: User) => {
      const { cookie } = await open(target, user)
      target.clock?.advance(2_000)
      return { cookie, code: (await offer(cookie)).json.code as string }
    }
    if (target.clock !== null) {
      const { code } = await codeOf(user)
      target.clock.advance(120_000)
      t.match(await redeem(code), used)
    }
    const rotated = await codeOf(other)
    target.clock?.advance(2_000)
    t.equal(
      (await call(`${origin}/users/password`, { headers: own,
        json: { username: other.username, password: other.password, new_password: target.newPassword() } })).status,
      200,
    )
    t.match(await redeem(rotated.code), used, 'a new password ends it')
    const dead = await codeOf(gone)
    target.clock?.advance(2_000)
    await call(`${origin}/users/delete`, { json: { username: gone.username, password: gone.password } })
    t.match(await redeem(dead.code), used, 'the deletion of its user ends it')
  })

  test('who may ask for a device code, and what is no code', async t => {
    const user = await target.addUser()
    const { cookie } = await open(target, user)
    const path = `${origin}/session/device-code`
    for (const headers of [{}, { authorization: `Bearer ${user.password}` }, { cookie: `${cookie}x` }, {
      cookie: cookie.replace(/.{32}$/, '0'.repeat(32)),
    }]) {
      t.match(await call(path, { method: 'POST', headers: { ...own, ...headers as Record<string, string> } }), {
        status: 401,
      })
    }
    t.match(await call(path, { method: 'POST', headers: { cookie, 'sec-fetch-site': 'cross-site' } }), { status: 403,
      json: { status: 'cross-site' } })
    target.clock?.advance(2_000)
    const { json: { code } } = await offer(cookie)
    t.match(await redeem(code, {}, { 'sec-fetch-site': 'cross-site' }), { status: 403, json: { status: 'cross-site' } })
    for (const wrong of ['', 7, null, `${code.slice(0, -1)}${code.endsWith('a') ? 'b' : 'a'}`, code.toUpperCase(),
      `acpd-00000000-${'0'.repeat(32)}`]) {
      t.match(await redeem(wrong), used, JSON.stringify(wrong))
    }
    t.match(await redeem(code, { remember: 'yes' }), { status: 400, json: { status: 'invalid-request' } })
    const phone = await redeem(code)
    t.equal(phone.status, 200, 'none of them used it')
    target.plant((phone.headers.get('set-cookie') ?? '').split('; ')[0]?.slice(-32) ?? '')
    target.clock?.advance(2_000)
    const limited = await Promise.all(
      Array.from({ length: 11 }, () => ask('/session/device-code', cookie, own, 'POST')),
    )
    for (const { json } of limited) if (json.code) target.plant(json.code.slice(-32))
    t.ok(limited.some(({ status, headers }) => status === 429 && Number(headers.get('retry-after')) > 0), 'ten a while')
  })

  test('with ?optional=1 a page without a session gets no 401', async t => {
    const nobody = { status: 200, json: { username: null, device: null, expires_at: null } }
    t.match(await ask('/session?optional=1', ''), nobody)
    const user = await target.addUser()
    const { cookie, got } = await open(target, user)
    t.same((await ask('/session?optional=1', cookie)).json, got.json)
    t.match(await ask('/session?optional=1', cookie.replace(/.{32}$/, '0'.repeat(32))), nobody)
    t.match(await ask('/session?optional=1', cookie, { 'sec-fetch-site': 'cross-site' }), { status: 403 })
  })
}
