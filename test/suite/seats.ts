// Seats: further GitHub accounts of a user. Each request uses one; nothing of one reaches another.
import type { Seat } from '../../src/emulator/emulator.ts'
import type { Frame } from '../fixtures/cases.ts'
import { call, rawCall, type Got, type Json } from '../fixtures/http.ts'
import { openSocket, Refused } from '../fixtures/socket.ts'
import { storeCallsOf } from '../fixtures/store-calls.ts'
import type { Target, User } from '../fixtures/targets.ts'
import { openAi, says } from './openai.ts'

type Send = (method: string, path: string, more?: { body?: object, seat?: string, key?: string }) => Promise<Got>

interface Owner extends User {
  readonly send: Send
  /** Links a seat that has these models alone. */
  readonly link: (name: string, seat?: Partial<Seat>) => Promise<Seat>
}

const own = ['gpt-4o', 'gpt-5.1', 'claude-sonnet-4.5', 'text-embedding-3-small']
const theirs = ['gpt-5-mini', 'claude-haiku-4.5', 'gemini-2.5-pro', 'text-embedding-3-small', 'gpt-4.1']

async function owner (target: Target, seat: Partial<Seat> = {}): Promise<Owner> {
  const user = await target.addUser(undefined, seat)
  const send: Send = (method, path, { body, seat, key = user.password } = {}) =>
    call(`${user.base}${path}`, { method,
      headers: { 'authorization': `Bearer ${key}`, 'content-type': 'application/json',
        ...seat === undefined ? {} : { 'x-copilot-seat': seat } }, ...body === undefined ? {} : {
      body: JSON.stringify(body),
    } })
  return { ...user, send, async link (name, given) {
    const linked = target.addSeat(given)
    const got = await send('PUT', `/seats/${name}`, { body: { token: linked.githubToken } })
    if (got.status !== 201) throw new Error(got.text)
    return linked
  } }
}

async function makeKey (target: Target, user: Owner, body: object): Promise<string> {
  const got = await user.send('POST', '/keys', { body: { name: 'tool', ...body } })
  if (got.status !== 201) throw new Error(got.text)
  target.plant(got.json.key)
  return got.json.key
}

const chat = (model: string) => ({ model, messages: says('hi') })
const idsOf = ({ json }: Got): string[] => json.data.map(({ id }: Json) => id).sort()
/** The seat whose Copilot token each request had. */
const usedBy = (target: Target, path: string, ...seats: readonly Seat[]): string[] =>
  target.seen(path).map(({ headers }) =>
    seats.find(({ tokensIssued }) => tokensIssued.some(token => headers['authorization'] === `Bearer ${token}`))?.login
      ?? 'none of them'
  )

export function seatsSuite ({ target, test, testWith }: Frame): void {
  test('a seat has its own models, plan, quota, counts and Copilot token', async t => {
    const user = await owner(target, { models: own, login: 'home' })
    const work = await user.link('work', { models: theirs, login: 'office', plan: 'business', kind: 'free' })
    t.match((await user.send('GET', '/seats')).json, { object: 'list',
      data: [{ name: 'default', login: 'home', plan: 'individual', problem: null }, { name: 'work', login: 'office',
        plan: 'business', problem: null }] })
    t.same(idsOf(await user.send('GET', '/models')).filter(id => id !== 'auto'), [...own].sort())
    t.same(idsOf(await user.send('GET', '/models', { seat: 'work' })).filter(id => id !== 'auto'), [...theirs].sort())
    t.same(idsOf(await user.send('GET', '/models', { seat: 'default' })).filter(id => id !== 'auto'), [...own].sort())

    target.begin()
    target.emulator.answers.push(
      ...[1, 2].map(() => ({ text: 'x', usage: { inputTokens: 100, cachedTokens: 0, outputTokens: 5 } })),
    )
    t.equal((await user.send('POST', '/chat/completions', { body: chat('gpt-4o') })).status, 200)
    t.equal((await user.send('POST', '/chat/completions', { body: chat('gpt-4.1'), seat: 'work' })).status, 200)
    t.same(usedBy(target, '/chat/completions', user.seat, work), ['home', 'office'])
    t.equal(user.seat.exchanges, 1)
    t.equal(work.exchanges, 1)

    const [first, second] = [await user.send('GET', '/usage'), await user.send('GET', '/usage', { seat: 'work' })]
    t.match(first.json, { seat: 'default', login: 'home', plan: 'individual',
      proxy: { models: [{ model: 'gpt-4o', requests: 1 }] } })
    t.match(second.json, { seat: 'work', login: 'office', plan: 'business', sku: 'free_limited_copilot',
      proxy: { models: [{ model: 'gpt-4.1', requests: 1, input_tokens: 100 }] } })
    t.equal(first.json.proxy.models.length + second.json.proxy.models.length, 2)
  })

  test('the model of one seat is unknown in the other, in every dialect', async t => {
    const user = await owner(target, { models: own })
    await user.link('work', { models: theirs })
    for (const [path, body] of [['/chat/completions', chat('gpt-5-mini')], ['/responses', { model: 'gpt-5-mini',
      input: 'hi' }], ['/messages', { ...chat('claude-haiku-4.5'), max_tokens: 9 }], ['/messages/count_tokens',
      chat('claude-haiku-4.5')]] as const) {
      t.equal((await user.send('POST', path, { body })).status, 404, path)
      t.equal((await user.send('POST', path, { body, seat: 'work' })).status, 200, `${path} in the other seat`)
    }
  })

  test('x-copilot-seat works in every dialect, for embeddings, Gemini and WebSocket', async t => {
    const user = await owner(target, { models: own, login: 'home' })
    const work = await user.link('work', { models: theirs, login: 'office' })
    work.policies.set('gemini-2.5-pro', 'enabled')
    target.begin()
    const asked: ReadonlyArray<readonly [string, object]> = [['/chat/completions', chat('gpt-4.1')], ['/responses', {
      model: 'gpt-5-mini',
      input: 'hi',
    }], ['/messages', { ...chat('claude-haiku-4.5'), max_tokens: 9 }], ['/embeddings', {
      model: 'text-embedding-3-small',
      input: 'hi',
    }], ['beta/models/gemini-2.5-pro:generateContent', { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] }]]
    for (const [path, body] of asked) {
      const got = await user.send('POST', path, { body, seat: 'work' })
      t.equal(got.status, 200, `${path}: ${got.text.slice(0, 200)}`)
    }
    const socket = await openSocket(user, { headers: { 'x-copilot-seat': 'work' } })
    const events = await socket.create({ model: 'gpt-5-mini', input: 'hi', store: false })
    t.equal(events.at(-1)?.type, 'response.completed')
    socket.close()
    for (const path of ['/chat/completions', '/responses', '/v1/messages', '/embeddings']) {
      const used = usedBy(target, path, user.seat, work)
      t.ok(used.length > 0 && used.every(login => login === 'office'), `${path}: ${used.join()}`)
    }
  })

  test('an unknown seat is 400 in the form of each dialect, and nothing goes upstream', async t => {
    const user = await owner(target)
    target.begin()
    const openAiForm = { error: { code: 'invalid_request', param: 'x-copilot-seat', message: /linked GitHub account/ } }
    const google = { error: { code: 400, status: 'INVALID_ARGUMENT', message: /linked GitHub account/ } }
    for (const [method, path, json, form] of [['POST', '/chat/completions', chat('gpt-4o'), openAiForm], ['POST',
      '/responses', { model: 'gpt-5.1', input: 'hi' }, openAiForm], ['POST', '/messages', { ...chat('gpt-4o'),
      max_tokens: 9 }, { type: 'error', error: { type: 'invalid_request_error', message: /linked GitHub account/ } }], [
      'POST',
      '/embeddings',
      { model: 'text-embedding-3-small', input: 'hi' },
      openAiForm,
    ], ['GET', '/models', undefined, openAiForm], ['GET', '/usage', undefined, openAiForm], ['GET', '/seats', undefined,
      openAiForm], ['POST', 'beta/models/gemini-2.5-pro:generateContent', { contents: [{ parts: [{ text: 'hi' }] }] },
      google], ['GET', 'beta/models', undefined, google]] as const) {
      for (const seat of ['nobody', 'Default', 'constructor', '']) {
        const got = await user.send(method, path, { ...json === undefined ? {} : { body: json }, seat })
        t.match(got, { status: 400, json: form }, `${method} ${path} with "${seat}"`)
      }
    }
    const refused = await openSocket(user, { headers: { 'x-copilot-seat': 'nobody' } }).catch((thrown: unknown) =>
      thrown
    )
    t.match(refused instanceof Refused ? refused : null, { status: 400, json: openAiForm })
    t.same(target.seen(), [])
    const headers = [`host: ${new URL(target.origin).host}`, `authorization: Bearer ${user.password}`,
      ...Array<string>(2).fill('x-copilot-seat: default'), 'connection: close']
    const twice = await rawCall(target.origin,
      `GET /${user.username}/v1/models HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`)
    t.match(twice, /^HTTP\/1.1 400 [\s\S]*x-copilot-seat is there twice/)
    const wrong = await user.send('GET', '/models', { seat: 'nobody', key: target.newPassword() })
    t.equal(wrong.status, 401, 'only the user learns which seats there are')
  })

  test('a key uses its seat; another header, and a removed seat, are 403', async t => {
    const user = await owner(target, { models: own, login: 'home' })
    const work = await user.link('work', { models: theirs, login: 'office' })
    const [bound, atHome, free] = [await makeKey(target, user, { seat: 'work' }),
      await makeKey(target, user, { seat: 'default' }), await makeKey(target, user, {})]
    t.same((await user.send('GET', '/keys')).json.data.map(({ seat }: Json) => seat), ['work', 'default', null])
    target.begin()
    const ask = (key: string, model: string, seat?: string) =>
      user.send('POST', '/chat/completions', { body: chat(model), key, ...seat === undefined ? {} : { seat } })
    t.equal((await ask(bound, 'gpt-4.1')).status, 200)
    t.equal((await ask(bound, 'gpt-4.1', 'work')).status, 200, 'the same seat')
    t.equal((await ask(free, 'gpt-4o')).status, 200)
    t.equal((await ask(free, 'gpt-4.1', 'work')).status, 200, 'a key without a seat')
    t.same(usedBy(target, '/chat/completions', user.seat, work), ['office', 'office', 'home', 'office'])
    for (const [key, seat] of [[bound, 'default'], [atHome, 'work'], [bound, 'nobody']] as const) {
      t.match(await ask(key, 'gpt-4o', seat), { status: 403, json: { error: { code: 'seat_not_allowed' } } })
    }
    t.match(
      await call(`${user.base}/messages`, { json: { ...chat('gpt-4o'), max_tokens: 9 },
        headers: { 'x-api-key': bound, 'x-copilot-seat': 'default' } }),
      { status: 403,
        json: { type: 'error', error: { type: 'permission_error', message: /This key uses the seat "work" alone/ } } },
    )

    t.match(await user.send('DELETE', '/seats/work'), { status: 200, json: { name: 'work', deleted: true } })
    const gone = await ask(bound, 'gpt-4.1')
    t.match(gone, { status: 403,
      json: { error: { code: 'seat_not_allowed', message: /"work" of this key was removed/ } } })
    t.equal(gone.headers.get('x-should-retry'), 'false')
    t.equal((await ask(free, 'gpt-4o', 'work')).status, 400)
    t.equal((await ask(atHome, 'gpt-4o')).status, 200)
    await user.link('work', { models: theirs })
    t.equal((await ask(bound, 'gpt-4.1')).status, 200, 'a seat of the same name serves the key again')
  })

  test('a key must name a seat that exists, when it is made and when it is changed', async t => {
    const user = await owner(target)
    for (const seat of ['nobody', 'No Seat', 7]) {
      t.match(await user.send('POST', '/keys', { body: { name: 'x', seat } }), { status: 400,
        json: { error: { code: 'invalid_request', param: 'seat' } } }, String(seat))
    }
    await user.link('work')
    await makeKey(target, user, { seat: 'work' })
    const { id } = (await user.send('GET', '/keys')).json.data[0]
    const change = (seat: unknown) => user.send('PATCH', `/keys/${id}`, { body: { seat } })
    t.match(await change('nobody'), { status: 400, json: { error: { param: 'seat' } } })
    t.match(await change('default'), { status: 200, json: { seat: 'default' } })
    t.match(await change(null), { status: 200, json: { seat: null } })
  })

  test('PUT checks the token as POST / does, and replaces it; what was cached of the old one is gone', async t => {
    const user = await owner(target)
    const put = (token: unknown, name = 'work') => user.send('PUT', `/seats/${name}`, { body: { token } })
    for (const token of ['', 'ghp_0123456789abcdef0123456789abcdef0123', 7, null]) {
      t.match(await put(token), { status: 400, json: { error: { code: 'invalid' } } })
    }
    for (const name of ['Work', 'a--b', '-', 'x'.repeat(65)]) t.equal((await put('', name)).status, 400, name)
    const revoked = target.addSeat({ state: 'no-seat' })
    t.match(await put(revoked.githubToken), { status: 422, json: { error: { code: 'github-rejected' } } })
    t.same((await user.send('GET', '/seats')).json.data.map(({ name }: Json) => name), ['default'])

    await user.link('work', { models: theirs, login: 'first' })
    t.ok(idsOf(await user.send('GET', '/models', { seat: 'work' })).includes('gpt-5-mini'))
    const next = target.addSeat({ models: own, login: 'second' })
    t.match(await put(next.githubToken), { status: 200, json: { name: 'work', login: 'second', status: 'saved' } })
    t.notOk(idsOf(await user.send('GET', '/models', { seat: 'work' })).includes('gpt-5-mini'))
    target.begin()
    t.equal((await user.send('POST', '/chat/completions', { body: chat('gpt-4o'), seat: 'work' })).status, 200)
    t.same(usedBy(target, '/chat/completions', next), ['second'])
    t.match((await user.send('GET', '/usage', { seat: 'work' })).json, { login: 'second' })

    const better = target.addSeat({ login: 'better' })
    t.match(await put(better.githubToken, 'default'), { status: 200, json: { name: 'default', login: 'better' } })
    t.match((await user.send('GET', '/usage')).json, { login: 'better', seat: 'default' })
    t.match((await user.send('GET', '/usage', { seat: 'work' })).json, { login: 'second' })
  })

  test('GitHub out of reach: the seat is saved unchecked', async t => {
    const user = await owner(target)
    const seat = target.addSeat()
    target.emulator.fault({ path: '/copilot_internal/v2/token' }, { kind: 'html', status: 502 }, 2)
    t.match(await user.send('PUT', '/seats/work', { body: { token: seat.githubToken } }), { status: 201,
      json: { name: 'work', login: null, status: 'saved-unchecked' } })
  })

  test('a seat whose token fails has its own clear error, and no other seat helps out', async t => {
    const user = await owner(target, { login: 'home' })
    const work = await user.link('work')
    work.state = 'revoked'
    target.emulator.expireTokens()
    target.begin()
    const ask = (seat?: string) =>
      user.send('POST', '/chat/completions', { body: chat('gpt-4o'), ...seat === undefined ? {} : { seat } })
    t.match(await ask('work'), { status: 403,
      json: { error: { code: 'github_token_rejected', message: /^Seat "work": / } } })
    t.equal((await ask()).status, 200, 'the default one goes on')
    t.match(await ask('work'), { status: 403 })
    t.ok(usedBy(target, '/chat/completions', user.seat).filter(login => login === 'home').length >= 1)
    target.clock?.advance(31_000) // What GitHub says of a seat serves for half a minute.
    const { json: { data: [first, second] } } = await user.send('GET', '/seats')
    t.match(first, { name: 'default', login: 'home', problem: null })
    t.match(second, { name: 'work', login: null, problem: /Copilot/ })
  })

  test('20 keys and 5 seats for one user; one more of either is 409', async t => {
    const user = await owner(target, { login: 'seat-0' })
    const seats = [user.seat]
    for (let at = 1; at < 5; at++) seats.push(await user.link(`seat-${at}`, { login: `seat-${at}` }))
    const more = target.addSeat()
    target.begin()
    t.match(await user.send('PUT', '/seats/seat-5', { body: { token: more.githubToken } }), { status: 409,
      json: { error: { code: 'seat_limit', message: 'A user has 5 seats at most. Remove one first.' } } })
    t.same(target.seen(), [], 'GitHub is not asked')
    const keys: string[] = []
    for (let at = 0; at < 20; at++) {
      keys.push(
        await makeKey(target, user, { name: `key ${at}`, seat: at % 5 === 0 ? 'default' : `seat-${at % 5}`,
          models: ['gpt-4o', 'gpt-4.1', 'gpt-5.1'], monthly_credits: 1_000 }),
      )
    }
    t.match(await user.send('POST', '/keys', { body: { name: 'x' } }), { status: 409,
      json: { error: { code: 'key_limit' } } })
    target.begin()
    for (const key of keys) {
      t.equal((await user.send('POST', '/chat/completions', { body: chat('gpt-4o'), key })).status, 200)
    }
    t.same(usedBy(target, '/chat/completions', ...seats), keys.map((_, at) => `seat-${at % 5}`))
    t.equal((await user.send('GET', '/seats')).json.data.length, 5)
    for (const seat of [undefined, 'seat-1', 'seat-4']) {
      const { json } = await user.send('GET', '/usage', seat === undefined ? {} : { seat })
      t.match(json.proxy.models, [{ model: 'gpt-4o', requests: 4 }], 'each seat counts its own')
    }
  })

  test('a key does not manage seats; the default one stays; another user sees none of them', async t => {
    const user = await owner(target)
    const work = await user.link('work')
    const key = await makeKey(target, user, {})
    for (const [method, path] of [['GET', '/seats'], ['PUT', '/seats/work'], ['DELETE', '/seats/work']] as const) {
      t.match(await user.send(method, path, { key, ...method === 'PUT' ? { body: { token: work.githubToken } } : {} }),
        {
          status: 403,
          json: { error: { code: 'key_not_allowed' } },
        })
    }
    t.match(await user.send('DELETE', '/seats/default'), { status: 400, json: { error: { param: 'name' } } })
    t.equal((await user.send('DELETE', '/seats/nobody')).status, 404)
    t.equal((await (await owner(target)).send('GET', '/models', { seat: 'work' })).status, 400)
  })

  test('seats outlive a new password, a new token of another seat and a revoked key', async t => {
    const user = await owner(target, { login: 'home' })
    await user.link('work', { login: 'office' })
    const key = await makeKey(target, user, { seat: 'work' })
    const other = await makeKey(target, user, {})
    const { id } = (await user.send('GET', '/keys')).json.data[1]
    t.equal((await user.send('DELETE', `/keys/${id}`)).status, 200)
    t.equal((await user.send('GET', '/models', { key: other })).status, 401)
    const better = target.addSeat({ login: 'better' })
    const { username, password } = user
    t.equal((await call(`${target.origin}/`, { json: { username, password, token: better.githubToken } })).status, 200)
    const newPassword = target.newPassword()
    t.equal(
      (await call(`${target.origin}/users/password`, { json: { username, password, new_password: newPassword } }))
        .status,
      200,
    )
    t.match((await user.send('GET', '/seats', { key: newPassword })).json.data, [{ name: 'default', login: 'better' }, {
      name: 'work',
      login: 'office',
    }])
    t.match((await user.send('GET', '/usage', { key })).json, { seat: 'work', login: 'office' })
    t.equal((await user.send('DELETE', '/seats/work', { key: newPassword })).status, 200)
    const left = (await target.dumpStore()).split('\n').filter(line => /:work\b/.test(line) && line.includes(username))
    t.same(left, [], 'nothing of a removed seat stays in the store')
  })

  test('an answer of one seat is unknown to the other', async t => {
    const user = await owner(target)
    await user.link('work')
    const client = openAi(user)
    const created = await client.responses.create({ model: 'gpt-5.1', input: 'hi', store: true })
    const id = encodeURIComponent(created.id)
    t.equal((await user.send('GET', `/responses/${id}`)).status, 200)
    t.equal((await user.send('GET', `/responses/${id}`, { seat: 'work' })).status, 404)
    t.match(
      await user.send('POST', '/responses', { seat: 'work',
        body: { model: 'gpt-5.1', input: 'on', previous_response_id: created.id } }),
      { json: { error: { code: 'previous_response_not_found' } } },
    )
    t.equal((await user.send('DELETE', `/responses/${id}`, { seat: 'work' })).status, 404)
    t.equal((await user.send('DELETE', `/responses/${id}`)).status, 200)
  })

  test('the same conversation has another id at Copilot in each seat', async t => {
    const user = await owner(target)
    await user.link('work')
    target.begin()
    const body = { ...chat('gpt-4o'), prompt_cache_key: 'one' }
    for (const seat of [undefined, 'work', undefined]) {
      await user.send('POST', '/chat/completions', { body, ...seat === undefined ? {} : { seat } })
    }
    const [first, second, third] = target.seen('/chat/completions').map(({ headers }) => headers['x-interaction-id'])
    t.not(first, second)
    t.equal(first, third)
  })

  testWith({ AUTH_REVALIDATE_SECONDS: '600' }, 'a warm request of any seat calls no store', async (t, target) => {
    const user = await owner(target)
    await user.link('work')
    const ask = (seat?: string) =>
      user.send('POST', '/chat/completions', { body: chat('gpt-4o'), ...seat === undefined ? {} : { seat } })
    for (const seat of [undefined, 'work']) await ask(seat)
    const calls = await storeCallsOf(target, async () => {
      for (const seat of [undefined, 'work', 'default']) t.equal((await ask(seat)).status, 200)
    })
    t.equal(calls, 0)
  })
}
