// Named keys: made, limited, revoked, and what they do not open. With OpenAI's and Anthropic's own SDKs.
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import type { Frame } from '../fixtures/cases.ts'
import { call, type Got, type Json } from '../fixtures/http.ts'
import type { Target, User } from '../fixtures/targets.ts'
import { openAi, says } from './openai.ts'

interface Owner extends User {
  readonly send: (method: string, path?: string, body?: object, key?: string) => Promise<Got>
  readonly make: (body: object) => Promise<Json>
}

async function owner (target: Target, seat = {}): Promise<Owner> {
  const user = await target.addUser(undefined, seat)
  const send: Owner['send'] = (method, path = '', body, key = user.password) =>
    call(`${user.base}/keys${path}`, { method,
      headers: { 'authorization': `Bearer ${key}`, 'content-type': 'application/json' },
      ...body === undefined ? {} : { body: JSON.stringify(body) } })
  return { ...user, send, async make (body) {
    const { status, json, text } = await send('POST', '', { name: 'a tool', ...body })
    if (status !== 201) throw new Error(text)
    target.plant(json.key)
    return json
  } }
}

const models = async ({ base }: User, key: string) =>
  call(`${base}/models`, { headers: { authorization: `Bearer ${key}` } })
const client = ({ base }: User, key: string) => openAi({ base, password: key })
const hi = { messages: says('hi') }

export function keysSuite ({ target, test }: Frame): void {
  test('a key opens every dialect, in each header, with the SDKs of OpenAI and Anthropic', async t => {
    const user = await owner(target)
    const { key, ...shown } = await user.make({ name: 'laptop' })
    t.match(key, /^acpk-[a-z0-9]{8}-[a-z0-9]{32}$/)
    t.match(shown, { id: key.slice(5, 13), name: 'laptop', created_at: /^\d{4}-\d\d-\d\dT.*Z$/, expires_at: null,
      last_used_day: null, models: null, monthly_credits: null, credits_used: 0, seat: null })

    const chat = await client(user, key).chat.completions.create({ model: 'gpt-4o', ...hi })
    t.equal(chat.choices[0]?.message.role, 'assistant')
    const response = await client(user, key).responses.create({ model: 'gpt-5.1', input: 'hi' })
    t.equal(response.status, 'completed')
    const anthropic = new Anthropic({ apiKey: key, baseURL: user.base.replace(/\/v1$/, ''), maxRetries: 0 })
    const message = anthropic.messages.stream({ model: 'claude-sonnet-4.5', max_tokens: 99, messages: says('hi') })
    t.equal((await message.finalMessage()).stop_reason, 'end_turn')
    for (const headers of [{ 'x-api-key': key }, { 'x-goog-api-key': key }, { authorization: `bearer  ${key}` }]) {
      t.equal((await call(`${user.base}/models`, { headers: headers as Record<string, string> })).status, 200)
    }
    const { json } = await user.send('GET')
    t.match(json, { object: 'list',
      data: [{ id: shown.id, name: 'laptop',
        last_used_day: new Date(target.clock?.now() ?? Date.now()).toISOString().slice(0, 10) }] })
    t.notMatch(JSON.stringify(json), key.slice(14), 'never the secret')
  })

  test('a wrong, a foreign and a malformed key get the bytes of a wrong password', async t => {
    const [user, other] = [await owner(target), await owner(target)]
    const { key } = await user.make({})
    const foreign = await other.make({})
    const wrong = await models(user, target.newPassword())
    const last = key.endsWith('a') ? 'b' : 'a'
    for (const attempt of [`${key.slice(0, -1)}${last}`, foreign.key, key.toUpperCase(), `${key}x`,
      key.replace('acpk', 'acps'), `acpk-00000000-${key.slice(14)}`]) {
      const got = await models(user, attempt)
      t.equal(got.status, 401)
      t.equal(got.text, wrong.text)
    }
    t.equal((await call(`${target.origin}/${target.newName()}/v1/models`, { headers: { 'x-api-key': key } })).text,
      wrong.text, 'an unknown user')
    t.equal((await models(user, key)).status, 200)
  })

  test('a key opens the API only: keys, account and witness refuse it', async t => {
    const user = await owner(target)
    const { key, id } = await user.make({})
    for (const [method, path] of [['GET', ''], ['POST', ''], ['PATCH', `/${id}`], ['DELETE', `/${id}`]] as const) {
      const got = await user.send(method, path, method === 'GET' || method === 'DELETE' ? undefined : { name: 'x' },
        key)
      t.match(got, { status: 403,
        json: { error: { code: 'key_not_allowed', message: /takes the password or a session\.$/ } } },
        `${method} ${path}`)
    }
    t.match(await call(`${user.base}/witness`, { json: {}, headers: { 'x-api-key': key } }), { status: 403,
      json: { error: { code: 'key_not_allowed' } } })
    for (const [path, more] of [['/', { token: user.seat.githubToken }], ['/users/delete', {}], ['/users/password', {
      new_password: target.newPassword(),
    }]] as const) {
      t.match(await call(`${target.origin}${path}`, { json: { username: user.username, password: key, ...more } }), {
        status: 403,
        json: { status: 'key-not-allowed', error: { code: 'key_not_allowed' } },
      }, path)
    }
    t.equal((await user.send('GET')).json.data.length, 1)
  })

  test('a list of models: others are missing from the lists, and nothing goes upstream for them', async t => {
    const user = await owner(target)
    const { key } = await user.make({ models: ['gpt-4o', 'text-embedding-3-small'] })
    t.same((await models(user, key)).json.data.map(({ id }: Json) => id).sort(), ['gpt-4o', 'text-embedding-3-small'])
    t.equal((await call(`${user.base}/models/gpt-5.1`, { headers: { 'x-api-key': key } })).status, 404)
    const google = await call(`${user.base.replace(/v1$/, 'v1beta')}/models`, { headers: { 'x-goog-api-key': key } })
    t.ok(google.json.models.every(({ name }: Json) => /gpt-4o|embedding-3-small/.test(name)), google.text)
    target.begin()
    const refused: Array<[string, object]> = [['/chat/completions', { model: 'gpt-5.1', ...hi }], ['/responses', {
      model: 'gpt-5.1',
      input: 'hi',
    }], ['/messages', { model: 'claude-sonnet-4-5-20250929', max_tokens: 9, ...hi }], ['/messages/count_tokens', {
      model: 'claude-sonnet-4.5',
      ...hi,
    }], ['/chat/completions', { model: 'auto', ...hi }], ['/chat/completions', { model: 'gpt-5.1', stream: true,
      ...hi }], ['/responses/compact', { model: 'gpt-5.1', input: 'hi' }], ['/embeddings', {
      model: 'text-embedding-ada-002',
      input: 'hi',
    }]]
    for (const [path, json] of refused) {
      const got = await call(`${user.base}${path}`, { json, headers: { 'x-api-key': key } })
      t.equal(got.status, 403, `${path}: ${got.text}`)
      t.match(got.json.error, path.startsWith('/messages')
        ? { type: 'permission_error', message: /may not use the model/ }
        : { code: 'model_not_allowed' })
    }
    const gemini = `${user.base.replace(/v1$/, 'v1beta')}/models/gemini-2.5-pro:generateContent`
    t.equal(
      (await call(gemini, { json: { contents: [{ parts: [{ text: 'hi' }] }] }, headers: { 'x-goog-api-key': key } }))
        .status,
      403,
    )
    t.same(target.seen().filter(({ method, path }) => method === 'POST' && !path.includes('token')), [],
      'nothing went upstream')
    await client(user, key).chat.completions.create({ model: 'gpt-4o', ...hi })
    await client(user, key).chat.completions.create({ model: 'gpt-4o-2024-11-20', ...hi })
    await client(user, key).embeddings.create({ model: 'text-embedding-3-small', input: 'hello' })
    t.ok(await client(user, user.password).chat.completions.create({ model: 'gpt-5.1', ...hi }))
  })

  test('a monthly cap in credits: over it a call is a used-up quota, and nothing goes upstream', async t => {
    const user = await owner(target, { kind: 'credits' })
    const { key, id } = await user.make({ monthly_credits: 0.000_1 })
    await client(user, key).chat.completions.create({ model: 'gpt-5.1', ...hi })
    const spent = (await user.send('GET')).json.data[0]
    t.ok(spent.credits_used > 0.000_1, `${spent.credits_used} credits`)
    target.begin()
    const failed = await client(user, key).chat.completions.create({ model: 'gpt-5.1', ...hi }).catch((
      thrown: unknown,
    ) => thrown)
    t.ok(failed instanceof OpenAI.APIError)
    t.match(failed, { status: 402, code: 'key_budget_exceeded', type: 'insufficient_quota' })
    t.match(
      await call(`${user.base}/responses`, { json: { model: 'gpt-5.1', input: 'hi', stream: true },
        headers: { 'x-api-key': key } }),
      { status: 429, json: { error: { code: 'key_budget_exceeded' } } },
    )
    const messages = await call(`${user.base}/messages`, { json: { model: 'gpt-5.1', max_tokens: 9, ...hi },
      headers: { 'x-api-key': key } })
    t.equal(messages.status, 402)
    t.equal(messages.headers.get('x-should-retry'), 'false')
    t.equal(
      (await call(`${user.base}/embeddings`, { json: { model: 'text-embedding-3-small', input: 'hi' },
        headers: { 'x-api-key': key } })).status,
      402,
    )
    const search = { commands: { search_query: [{ q: 'tides' }] } }
    for (const [path, status] of [['/alpha/search', 402], ['/responses/compact', 429]] as const) {
      t.match(
        await call(`${user.base}${path}`, { json: { model: 'gpt-5.1', input: 'hi', ...search },
          headers: { 'x-api-key': key } }),
        { status, json: { error: { code: 'key_budget_exceeded' } } },
        path,
      )
    }
    t.same(target.seen().filter(({ method }) => method === 'POST'), [], 'nothing went upstream')
    t.ok(await client(user, user.password).chat.completions.create({ model: 'gpt-5.1', ...hi }),
      'the password has no cap')

    t.match(await user.send('PATCH', `/${id}`, { monthly_credits: null }), { status: 200,
      json: { monthly_credits: null } })
    t.ok(await client(user, key).chat.completions.create({ model: 'gpt-5.1', ...hi }), 'at once')
  })

  test('a list of models: a body that names two models, and one that names none', async t => {
    const user = await owner(target)
    const { key } = await user.make({ models: ['gpt-5-mini'] })
    const send = async (path: string, body: string): Promise<Json> => {
      target.begin()
      const got = await call(`${user.base}${path}`, { method: 'POST', body,
        headers: { 'x-api-key': key, 'content-type': 'application/json' } })
      t.equal(got.status, 200, got.text)
      return target.seen().filter(({ method }) => method === 'POST').at(-1) ?? {}
    }
    for (const [path, rest] of [['/chat/completions', '"messages":[{"role":"user","content":"hi"}]'], ['/responses',
      '"input":[{"role":"user","content":"hi"}],"store":false']]) {
      const { body } = await send(path ?? '', `{"model":"gpt-5.1","model":"gpt-5-mini",${rest}}`)
      t.notMatch(body, /gpt-5\.1/, 'Copilot reads one model')
      t.match(body, /"gpt-5-mini"/)
    }
    t.match((await send('/responses', '{"input":"hi"}')).json, { model: 'gpt-5-mini' })
    t.match((await send('/chat/completions', '{"messages":[{"role":"user","content":"hi"}]}')).json, {
      model: 'gpt-5-mini',
    })
    const { key: wide } = await user.make({ models: ['gpt-5-mini', 'gpt-4o'] })
    t.match((await call(`${user.base}/responses`, { json: { input: 'hi' }, headers: { 'x-api-key': wide } })).json, {
      model: /^gpt-4o/,
    })
  })

  test('a cap counts an estimate for a stream that ends before upstream names its price', async t => {
    const user = await owner(target, { kind: 'credits' })
    const { emulator } = target
    const { key } = await user.make({ monthly_credits: 1_000 })
    const used = async (): Promise<number> => (await user.send('GET')).json.data[0].credits_used
    const long = 'tell me a long story'
    let before = 0
    const counted = async (title: string): Promise<void> => {
      let now = before
      for (let tries = 0; tries < 100 && now === before; tries++) now = await used()
      t.ok(now > before, title)
      t.ok(now - before < 1, `${title}: ${now - before} credits`)
      before = now
    }
    emulator.chunkDelayMs = 5
    t.teardown(() => {
      emulator.chunkDelayMs = 0
    })
    for (const [path, body] of [['/responses', { model: 'gpt-5.1', input: long }], ['/messages', {
      model: 'claude-sonnet-4.5',
      max_tokens: 2_000,
      messages: says(long),
    }], ['/chat/completions', { model: 'gpt-5.1', messages: says(long) }], ['/messages', { model: 'gpt-5.1',
      max_tokens: 2_000, messages: says(long) }]] as const) {
      const leaving = new AbortController()
      const answer = await fetch(`${user.base}${path}`, { method: 'POST', signal: leaving.signal,
        headers: { 'x-api-key': key, 'content-type': 'application/json' },
        body: JSON.stringify({ ...body, stream: true }) })
      const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
      for (let text = ''; !/"delta"/.test(text);) text += (await reader?.read())?.value ?? ''
      leaving.abort()
      await counted(`a client that leaves ${path} of ${body.model}`)
    }
    emulator.chunkDelayMs = 0
    const cut = await call(`${user.base}/chat/completions`, { headers: { 'x-api-key': key },
      json: { model: 'gpt-5.4-mini', stream: true, stop: [' '], messages: says(long) } })
    t.match(cut.text, /"finish_reason":"stop"/)
    await counted('a stop sequence that the gateway cuts at')
    const whole = await call(`${user.base}/chat/completions`, { headers: { 'x-api-key': key },
      json: { model: 'gpt-5.4-mini', stop: [' '], messages: says(long) } })
    t.equal(whole.status, 200)
    await counted('the same for a whole answer')
  })

  test('a key past its end gets the 401 of a wrong one, at once', async t => {
    const user = await owner(target)
    const { clock } = target
    if (clock === null) throw new Error('no clock')
    const { key } = await user.make({ expires_at: new Date(clock.now() + 30_000).toISOString() })
    t.equal((await models(user, key)).status, 200)
    clock.advance(31_000)
    const got = await models(user, key)
    t.equal(got.status, 401)
    t.equal(got.text, (await models(user, target.newPassword())).text)
  })

  test('a key is renamed, changed and revoked, and takes part in nothing afterwards', async t => {
    const user = await owner(target)
    const [one, two] = [await user.make({ name: 'one' }), await user.make({ name: 'two' })]
    t.match(await user.send('PATCH', `/${one.id}`, { name: ' renamed ', models: ['gpt-4o'] }), { status: 200, json: {
      id: one.id,
      name: 'renamed',
      models: ['gpt-4o'],
      expires_at: null,
    } })
    t.equal((await models(user, one.key)).json.data.length, 1, 'the new limit holds at once')
    t.match(await user.send('DELETE', `/${one.id}`), { status: 200, json: { id: one.id, deleted: true } })
    t.equal((await models(user, one.key)).status, 401, 'at once')
    t.equal((await models(user, two.key)).status, 200, 'the others work')
    t.equal((await models(user, user.password)).status, 200)
    t.same((await user.send('GET')).json.data.map(({ name }: Json) => name), ['two'])
    for (const [method, body] of [['PATCH', { name: 'x' }], ['DELETE', undefined]] as const) {
      t.match(await user.send(method, `/${one.id}`, body), { status: 404, json: { error: { code: 'not_found' } } })
    }
  })

  test('keys outlive a new password and a new GitHub token, and go with their user', async t => {
    const user = await owner(target)
    const { key } = await user.make({})
    const newPassword = target.newPassword()
    const account = (path: string, password: string, more: object = {}) =>
      call(`${target.origin}${path}`, { json: { username: user.username, password, ...more } })
    t.equal((await account('/users/password', user.password, { new_password: newPassword })).status, 200)
    t.equal((await models(user, key)).status, 200)
    t.equal((await models(user, user.password)).status, 401)
    const { githubToken } = target.addSeat({ kind: 'free' })
    t.equal((await account('/', newPassword, { token: githubToken })).status, 200)
    t.equal((await models(user, key)).json.data.length, (await models(user, newPassword)).json.data.length)
    t.equal((await account('/users/delete', newPassword)).status, 200)
    t.equal((await models(user, key)).status, 401)
  })

  test('twenty keys at most, made at once or one after another', async t => {
    const user = await owner(target)
    const make = async () => {
      const got = await user.send('POST', '', { name: 'x' })
      if (got.json.key !== undefined) target.plant(got.json.key)
      return got
    }
    const first = await make()
    for (let at = 1; at < 18; at++) {
      target.clock?.advance(2_000) // KV takes one write a second.
      await make()
    }
    target.clock?.advance(2_000)
    const last = await Promise.all([make(), make(), make()])
    t.same(last.map(({ status }) => status).sort(), [201, 201, 409])
    t.match(last.find(({ status }) => status === 409)?.json, { error: { code: 'key_limit' } })
    t.equal((await user.send('GET')).json.data.length, 20)
    await user.send('DELETE', `/${first.json.id}`)
    t.equal((await make()).status, 201)
  })

  test('wrong fields are refused with their name', async t => {
    const user = await owner(target)
    const wrong: Array<[field: string, value: unknown]> = [['name', ''], ['name', 'x'.repeat(65)], ['name', 'a\nb'], [
      'name',
      7,
    ], ['expires_at', 'tomorrow'], ['expires_at', '2001-01-01'], ['expires_at', 1e12], ['models', []], ['models',
      'gpt-4o'], ['models', ['']], ['models', Array<string>(51).fill('m')], ['monthly_credits', -1], ['monthly_credits',
      '5'], ['seat', 'other']]
    for (const [field, value] of wrong) {
      const got = await user.send('POST', '', { name: 'x', [field]: value })
      t.match(got, { status: 400, json: { error: { code: 'invalid_request', param: field } } },
        `${field}: ${JSON.stringify(value)}`)
    }
    t.equal((await user.send('POST', '', {})).status, 400, 'a key needs a name')
    t.equal((await user.send('GET')).json.data.length, 0)
  })
}
