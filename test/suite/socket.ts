// Responses over WebSocket: what a POST does, over one connection that remembers its last answer.
import type { Frame } from '../fixtures/cases.ts'
import { isWorkerd } from '../fixtures/targets.ts'
import { call, readEvents, type Json } from '../fixtures/http.ts'
import { openSocket, Refused } from '../fixtures/socket.ts'
import { storeCallsOf } from '../fixtures/store-calls.ts'
import { openAi } from './openai.ts'
import { loopOverHttp, loopOverSocket } from './socket-loop.ts'

/** One model for each endpoint of Copilot. */
const models = { '/responses': 'gpt-5.1', '/v1/messages': 'claude-sonnet-4.5', '/chat/completions': 'gpt-4.1' } as const
const entries = Object.entries(models) as Array<[keyof typeof models, string]>
const tools = [{ type: 'function', name: 'run', strict: false,
  parameters: { type: 'object', properties: { command: { type: 'string' } } } }]
const hi = { model: 'gpt-4.1', input: 'hi', store: false }
const typesOf = (events: Json[]): string[] => events.map(({ type }) => type)
const idOf = (events: Json[]): string => events.at(-1)?.response.id
const refusedAs = async (opening: Promise<unknown>): Promise<Refused> => {
  const thrown = await opening.then(() => new Error('the connection opened'), (reason: unknown) => reason)
  if (!(thrown instanceof Refused)) throw thrown
  return thrown
}

export function socketSuite ({ target, test, testWith }: Frame): void {
  const { emulator } = target

  test('a user may have 64 connections, and one that closes makes room', async t => {
    const user = await target.addUser()
    const open = await Promise.all(Array.from({ length: 64 }, () => openSocket(user)))
    const refused = await openSocket(user)
    await refused.until(() => refused.closed() !== null, 'the close')
    t.match(refused.events, [{ type: 'error', status: 429, error: { code: 'rate_limited' } }])
    t.match(refused.closed(), { code: 1013 })
    const other = await openSocket(await target.addUser())
    t.equal((await other.create(hi)).at(-1)?.type, 'response.completed', 'another user has room')
    other.close()
    open[0]?.close()
    let type: string | undefined
    for (let tried = 0; tried < 50 && type !== 'response.completed'; tried++) {
      await new Promise(resolve => setTimeout(resolve, 50))
      const next = await openSocket(user)
      next.send(JSON.stringify({ type: 'response.create', ...hi }))
      await next.until(() => /completed|error/.test(next.events.at(-1)?.type ?? ''), 'an answer')
      type = next.events.at(-1)?.type
      next.close()
    }
    t.equal(type, 'response.completed', 'the close made room')
    for (const client of open) client.close()
  })

  for (const [path, model] of entries) {
    test(`${model}: a tool loop with store: false sends only what is new`, async t => {
      const client = await openSocket(await target.addUser())
      target.begin()
      const warm = await client.create({ model, generate: false, store: false, tools,
        input: [{ role: 'developer', content: 'Be brief.' }] })
      t.same(typesOf(warm), ['response.created', 'response.in_progress', 'response.completed'])
      t.match(warm.at(-1), { response: { id: /^resp_/, status: 'completed', output: [] } })
      t.same(target.seen(path), [], 'nothing is sent to Copilot yet')

      emulator.answers.push({ toolCalls: [{ name: 'run', arguments: '{"command":"date"}' }] }, { text: 'Done.' })
      const first = await client.create({ model, store: false, tools, previous_response_id: idOf(warm),
        initiator: 'agent', background: true, stream: false, input: [{ role: 'user', content: 'What time is it?' }] })
      const item = first.at(-1)?.response.output.find(({ type }: Json) => type === 'function_call')
      t.match(item, { name: 'run', arguments: '{"command":"date"}' })
      const second = await client.create({ model, store: false, tools, previous_response_id: idOf(first),
        input: [{ type: 'function_call_output', call_id: item.call_id, output: 'noon' }] })
      t.equal(second.at(-1)?.type, 'response.completed')
      t.match(second.at(-1)?.response.output.at(-1), { content: [{ text: 'Done.' }] })

      t.same(target.seen(path).map(({ headers }) => headers['x-initiator']), ['user', 'agent'])
      const sent = JSON.stringify(target.seen(path).at(-1)?.json)
      for (const part of ['Be brief.', 'What time is it?', 'date', 'noon']) t.ok(sent.includes(part), part)
      t.notMatch(sent, /response\.create|previous_response_id|"(?:generate|initiator|background)"/)
      client.close()
    })

    test(`${model}: the events are those of a stream over HTTP`, async t => {
      const user = await target.addUser()
      const body = { model, input: 'Say it.', tools, stream: true }
      const script = { reasoning: 'Hm.', text: ['One ', 'two ', 'three\n\n', 'ö 🌍'],
        toolCalls: [{ id: 'call_1', name: 'run', arguments: ['{"command":', '"ls"}'] }] }
      emulator.answers.push(script, script)
      const { text } = await call(`${user.base}/responses`, { json: body,
        headers: { authorization: `Bearer ${user.password}` } })
      const client = await openSocket(user)
      const events = await client.create(body)
      t.same(events.map(plain), readEvents(text).map(plain))
      client.close()
    })

    test(`${model}: a compaction takes the place of the conversation`, async t => {
      const client = await openSocket(await target.addUser())
      const first = await client.create({ model, store: false, input: 'Remember the pear.' })
      const compacted = await client.create({ model, store: false, previous_response_id: idOf(first),
        input: [{ type: 'compaction_trigger' }] })
      t.match(compacted.at(-1), { response: { output: [{ type: 'compaction' }] } })
      const next = await client.create({ model, store: false, previous_response_id: idOf(compacted), input: 'Go on.' })
      t.equal(next.at(-1)?.type, 'response.completed')
      t.notMatch(JSON.stringify(target.seen(path).at(-1)?.json), /"Remember the pear\."/)
      client.close()
    })
  }

  test('a loop of 20 steps uploads at least 80 % less than over HTTP', async t => {
    const user = await target.addUser()
    const [http, socket] = [await loopOverHttp(target, user), await loopOverSocket(target, user)]
    t.same(socket.upstream, http.upstream, 'Copilot gets the same conversation')
    t.ok(socket.bytes < 0.2 * http.bytes, `${socket.bytes} instead of ${http.bytes} bytes`)
  })

  test('an answer that is not stored belongs to its connection; a stored one to the user', async t => {
    const user = await target.addUser()
    const [one, other] = [await openSocket(user), await openSocket(user)]
    const own = await one.create(hi)
    t.match(await other.create({ ...hi, previous_response_id: idOf(own) }), [{ type: 'error', status: 400,
      error: { type: 'invalid_request_error', code: 'previous_response_not_found', param: 'previous_response_id' } }])
    t.equal((await other.create(hi)).at(-1)?.type, 'response.completed', 'the connection stays open')
    const authorization = { headers: { authorization: `Bearer ${user.password}` } }
    t.equal((await call(`${user.base}/responses/${idOf(own)}`, authorization)).status, 404)

    const stored = await one.create({ ...hi, store: true, input: 'Remember the pear.' })
    t.equal((await call(`${user.base}/responses/${idOf(stored)}`, authorization)).status, 200)
    const next = await other.create({ ...hi, previous_response_id: idOf(stored) })
    t.equal(next.at(-1)?.type, 'response.completed')
    t.match(JSON.stringify(target.seen().at(-1)?.json), 'Remember the pear.')
    const stranger = await openSocket(await target.addUser())
    t.match(await stranger.create({ ...hi, previous_response_id: idOf(stored) }), [{
      error: { code: 'previous_response_not_found' },
    }])
    for (const client of [one, other, stranger]) client.close()
  })

  test('messages are answered one after another; when too many wait, each further one gets an error', async t => {
    const client = await openSocket(await target.addUser())
    await client.create(hi)
    emulator.chunkDelayMs = 20
    emulator.answers.push(...Array.from({ length: 17 }, (_, at) => ({ text: [`answer `, `${at}`] })))
    const from = client.events.length
    for (let at = 0; at < 19; at++) client.send({ type: 'response.create', ...hi })
    const ended = () => client.events.slice(from).filter(({ type }) => type === 'response.completed')
    await client.until(() => ended().length === 17, '17 answers')
    t.same(ended().map(({ response }) => response.output[0].content[0].text),
      Array.from({ length: 17 }, (_, at) => `answer ${at}`))
    const refused = client.events.filter(({ type }) => type === 'error')
    t.match(refused, [{ status: 429, error: { code: 'rate_limited', headers: { 'retry-after': '1' } } }, {}])
    t.equal(refused.length, 2)
    let current = ''
    for (const { type, response } of client.events.slice(from)) {
      if (type === 'response.created') current = response.id
      else if (response !== undefined) t.equal(response.id, current, 'no event of another answer')
    }
    client.close()
  })

  test('the lane of a message is on every event of its answer', async t => {
    const client = await openSocket(await target.addUser())
    const [a, b] = [await client.create({ ...hi, stream_id: 'a' }), await client.create({ ...hi, stream_id: 'b"' })]
    t.ok(a.every(({ stream_id: lane }) => lane === 'a') && b.every(({ stream_id: lane }) => lane === 'b"'))
    const next = await client.create({ ...hi, stream_id: 'a', previous_response_id: idOf(a) })
    t.equal(next.at(-1)?.type, 'response.completed', 'each lane has its last answer')
    t.match(await client.create({ ...hi, stream_id: 'c', model: 'gpt-none' }), [{ type: 'error', stream_id: 'c' }])
    t.match(await client.create({ ...hi, stream_id: 7 }), [{ type: 'error', error: { param: 'stream_id' } }])
    client.close()
  })

  test('a message that asks for nothing gets an error, and the connection stays open', async t => {
    const client = await openSocket(await target.addUser())
    for (const [message, error] of [['no JSON', { code: 'invalid_request' }], ['[]', { code: 'invalid_request' }], [{
      type: 'response.steer',
      input: 'x',
    }, { code: 'invalid_request', param: 'type' }], [hi, { param: 'type' }], [{ type: 'response.create', model: 7 }, {
      param: 'model',
    }], [Buffer.from([0xff, 0x00]), { code: 'invalid_request' }], [{ type: 'response.create', ...hi,
      model: 'gpt-none' }, { code: 'model_not_found' }]] as const) {
      client.send(message)
      t.match(await client.answer(), [{ type: 'error', status: /^40[04]$/, error }])
    }
    client.send(Buffer.from(JSON.stringify({ type: 'response.create', ...hi })))
    t.equal((await client.answer()).at(-1)?.type, 'response.completed', 'a binary message is read as text')
    client.close()
  })

  test("upstream's refusals are errors with the status, the code and the headers of HTTP", async t => {
    const client = await openSocket(await target.addUser())
    const path = '/chat/completions'
    emulator.fault({ path }, { kind: 'status', status: 402,
      body: '{"error":{"code":"quota_exceeded","message":"used up"}}' })
    t.match(await client.create(hi), [{ type: 'error', status: 429,
      error: { type: 'insufficient_quota', code: 'insufficient_quota', headers: { 'x-should-retry': 'false' } },
      headers: { 'x-should-retry': 'false' } }])
    emulator.fault({ path }, { kind: 'status', status: 429, headers: { 'retry-after': '7' },
      body: '{"error":{"code":"rate_limited","message":"slow down"}}' })
    t.match(await client.create(hi), [{ status: 429, headers: { 'retry-after': '7' } }])
    emulator.fault({ path }, { kind: 'eof-after', events: 3 })
    const cut = await client.create(hi)
    t.match([cut[0], cut.at(-1)], [{ type: 'response.created' }, { type: 'response.failed',
      response: { error: { code: String } } }])
    t.equal((await client.create(hi)).at(-1)?.type, 'response.completed')
    client.close()
  })

  test('every base URL opens it; credentials, version and method are checked before', async t => {
    const user = await target.addUser()
    const root = { ...user, base: user.base.replace(/\/v1$/, '') }
    for (const base of [user, root, { ...user, base: `${user.base}/v1` }]) {
      const client = await openSocket(base)
      t.equal((await client.create(hi)).at(-1)?.type, 'response.completed', base.base)
      client.close()
    }
    const wrong = await refusedAs(openSocket({ ...user, password: 'acpc-wrongwrong' }))
    t.match(wrong, { status: 401, json: { error: { code: 'invalid_api_key' } }, headers: { 'x-request-id': /./ } })
    const key = await openSocket(user, { headers: { authorization: '', 'x-api-key': user.password } })
    t.equal((await key.create(hi)).at(-1)?.type, 'response.completed')
    key.close()
    for (const authorization of ['', `Bearer ${user.password}`]) {
      const got = await call(`${user.base}/responses`, { headers: { authorization } })
      t.match([got.status, got.headers.get('allow'), got.json], [405, 'POST, OPTIONS', {
        error: { code: 'method_not_allowed' },
      }])
    }
    t.equal((await refusedAs(openSocket(user, { path: '/chat/completions' }))).status, 405)
  })

  test('a deleted user is refused with the next message after a minute, and the connection is closed', async t => {
    const user = await target.addUser()
    const client = await openSocket(user)
    await client.create(hi)
    const { username, password } = user
    await call(`${target.origin}/users/delete`, { json: { username, password } })
    target.clock?.advance(61_000)
    t.match(await client.create(hi), [{ type: 'error', status: 401, error: { code: 'invalid_api_key' } }])
    await client.until(() => client.closed() !== null, 'the close')
    t.match(client.closed(), { code: 1008 })
  })

  test('when the client leaves, the call to Copilot ends', async t => {
    const client = await openSocket(await target.addUser())
    await client.create(hi)
    target.begin()
    emulator.chunkDelayMs = 50
    emulator.answers.push({ text: 'x', repeat: 200 })
    client.send({ type: 'response.create', ...hi })
    await client.until(() => client.events.at(-1)?.type === 'response.output_text.delta', 'the first text')
    client.socket.terminate()
    const from = performance.now()
    while (target.seen('/chat/completions')[0]?.aborted !== true && performance.now() - from < 5_000) {
      await new Promise(resolve => setTimeout(resolve, 10))
    }
    t.equal(target.seen('/chat/completions')[0]?.aborted, true)
    emulator.chunkDelayMs = 0
  })

  test('its calls are in the usage of the user, and each message has a line in the log', async t => {
    const user = await target.addUser()
    const client = await openSocket(user)
    emulator.answers.push({ text: 'x', usage: { inputTokens: 100, cachedTokens: 40, outputTokens: 5 } })
    await client.create(hi)
    client.close()
    const { json } = await call(`${user.base}/usage`, { headers: { authorization: `Bearer ${user.password}` } })
    t.match(json.proxy.models, [{ model: 'gpt-4.1', requests: 1, input_tokens: 100, cached_tokens: 40,
      output_tokens: 5 }])
    const lines = target.logs().split('\n').filter(line => line.includes(`"user":"${user.username}"`))
    t.match(lines.map(line => JSON.parse(line)).filter(({ route }) => route === '/:username/v1/responses'), [{
      method: 'GET',
      status: 101,
    }, { method: 'WS', status: 200 }])
  })

  test("OpenAI's SDK drives it", async t => {
    const { ResponsesWS } = await import('openai/resources/responses/ws')
    const user = await target.addUser()
    const client = new ResponsesWS(openAi(user))
    const done: Json[] = []
    client.on('error', error => t.fail(error.message))
    client.on('response.completed', event => {
      done.push(event)
    })
    const answered = async (count: number): Promise<void> => {
      for (let waited = 0; done.length < count && waited < 500; waited++) {
        await new Promise(resolve => setTimeout(resolve, 10))
      }
    }
    const ask = (input: string) => ({ type: 'response.create' as const, model: 'claude-sonnet-4.5', store: false,
      input })
    client.send(ask('Remember the pear.'))
    await answered(1)
    client.send({ ...ask('And?'), previous_response_id: done[0]?.response.id })
    await answered(2)
    t.match(done, [{ response: { status: 'completed' } }, { response: { status: 'completed' } }])
    t.match(JSON.stringify(target.seen('/v1/messages').at(-1)?.json), 'Remember the pear.')
    client.close()
  })

  test('every chat model of the seat answers on one connection', async t => {
    const user = await target.addUser()
    const { json } = await call(`${user.base}/models`, { headers: { authorization: `Bearer ${user.password}` } })
    const ids = (json.data as Json[]).filter(({ capabilities, policy }) =>
      capabilities?.type === 'chat' && (policy === undefined || policy.state === 'enabled')
    ).map(({ id }) => id as string)
    t.ok(ids.length > 10, `${ids.length} models`)
    const client = await openSocket(user)
    for (const model of ids.slice(0, 39)) {
      t.equal((await client.create({ ...hi, model })).at(-1)?.type, 'response.completed', model)
    }
    client.close()
  })

  test('a message of five megabytes is read, and one later message refers to it', async t => {
    const client = await openSocket(await target.addUser())
    const warm = await client.create({ ...hi, generate: false,
      input: [{ role: 'user', content: 'x'.repeat(5_000_000) }] })
    t.equal(warm.at(-1)?.type, 'response.completed')
    t.match(await client.create({ ...hi, previous_response_id: idOf(warm) }), [{
      type: /^(?:error|response\.created)$/,
    }])
    t.equal((await client.create(hi)).at(-1)?.type, 'response.completed')
    client.close()
  })

  test('a message on a warm connection makes no call to the store', async t => {
    const client = await openSocket(await target.addUser())
    await client.create(hi)
    const calls = await storeCallsOf(target, async () => {
      for (let at = 0; at < 3; at++) await client.create(hi)
    })
    t.equal(calls, 0)
    client.close()
  })

  test("Node's own WebSocket drives it, with a subprotocol", async t => {
    const { WebSocket } = await import('undici')
    const user = await target.addUser()
    const socket = new WebSocket(`${user.base.replace('http', 'ws')}/responses`, {
      headers: { authorization: `Bearer ${user.password}` },
      protocols: ['responses', 'other'],
    })
    const types: string[] = []
    await new Promise<void>((resolve, reject) => {
      socket.onerror = () => {
        reject(new Error('no connection'))
      }
      socket.onopen = () => {
        socket.send(JSON.stringify({ type: 'response.create', ...hi }))
      }
      socket.onmessage = ({ data }) => {
        types.push((JSON.parse(data)).type)
        if (types.at(-1) === 'response.completed') resolve()
      }
    })
    t.equal(types[0], 'response.created')
    t.equal(socket.protocol, 'responses')
    const closed = new Promise<number>(resolve => {
      socket.onclose = ({ code }) => {
        resolve(code)
      }
    })
    socket.close(1000)
    t.equal(await closed, 1000)
  })

  test('on Workers a connection ends after 40 messages, and says so', async t => {
    const client = await openSocket(await target.addUser())
    let id: string | undefined
    for (let at = 0; at < 40; at++) {
      const events = await client.create({ ...hi, ...(id === undefined ? {} : { previous_response_id: id }) })
      t.equal(events.at(-1)?.type, 'response.completed', `message ${at}`)
      id = idOf(events)
    }
    if (isWorkerd(target)) {
      await client.until(() => client.closed() !== null, 'the close')
      t.match(client.events.at(-1), { type: 'error', status: 400,
        error: { code: 'websocket_connection_limit_reached' } })
      t.match(client.closed(), { code: 1000 })
    } else t.equal((await client.create(hi)).at(-1)?.type, 'response.completed')
    client.close()
  })

  testWith({ MAX_BODY_BYTES: '20000' }, 'a message over MAX_BODY_BYTES closes the connection with 1009',
    async (t, { addUser }) => {
      const client = await openSocket(await addUser())
      client.send({ type: 'response.create', ...hi, input: 'x'.repeat(30_000) })
      await client.until(() => client.closed() !== null, 'the close')
      t.match(client.closed(), { code: 1009 })
    })

  testWith({ USER_CONCURRENCY: '1', USER_REQUESTS_PER_MINUTE: '3' }, "a user's limits count each message",
    async (t, { addUser, emulator }) => {
      const user = await addUser()
      const [one, other] = [await openSocket(user), await openSocket(user)]
      emulator.chunkDelayMs = 30
      const both = await Promise.all([one.create(hi), other.create(hi)])
      t.same(both.map(events => events.at(-1)?.type), ['response.completed', 'response.completed'])
      const [first, second] = [both[0][0], both[1][0]] as [Json, Json]
      t.not(first.response.id, second.response.id)
      await one.create(hi)
      t.match(await other.create(hi), [{ type: 'error', status: 429, error: { code: 'rate_limited' },
        headers: { 'retry-after': /^\d+$/ } }])
      for (const client of [one, other]) client.close()
    })

  testWith({ HEARTBEAT_SECONDS: '0.2' }, 'a client that waits for a silent model gets signs of life',
    async (t, { addUser, emulator, kind }) => {
      const client = await openSocket(await addUser())
      let pings = 0
      client.socket.on('ping', () => {
        pings++
      })
      emulator.fault({ path: '/chat/completions' }, { kind: 'stall-after', events: 3, ms: 1_000 })
      const events = await client.create(hi)
      t.equal(events.at(-1)?.type, 'response.completed')
      const signs = isWorkerd({ kind }) ? events.filter(({ type }) => type === 'keepalive').length : pings
      t.ok(signs >= 3 && signs <= 8, `${signs} signs`)
    })

  testWith({ HEARTBEAT_SECONDS: '8', UPSTREAM_IDLE_SECONDS: '1', UPSTREAM_FIRST_BYTE_SECONDS: '1',
    USER_CONCURRENCY: '1' }, 'a silent model is given up, and a client that leaves gives its place back',
    async (t, { addUser, emulator }) => {
      const user = await addUser()
      const client = await openSocket(user)
      const path = '/chat/completions'
      await client.create(hi)
      emulator.fault({ path }, { kind: 'hang' })
      t.match(await client.create(hi), [{ type: 'error', status: 504, error: { code: 'upstream_timeout' } }])
      emulator.fault({ path }, { kind: 'stall-after', events: 3, ms: 30_000 })
      t.match((await client.create(hi)).at(-1), { type: 'response.failed' })
      emulator.fault({ path }, { kind: 'stall-after', events: 3, ms: 30_000 })
      client.send({ type: 'response.create', ...hi })
      await client.until(() => client.events.at(-1)?.type === 'response.output_text.delta', 'the first text')
      client.socket.terminate()
      const next = await openSocket(user)
      t.equal((await next.create(hi)).at(-1)?.type, 'response.completed')
      next.close()
    })

  testWith({ CORS_ORIGIN: 'https://good.example' }, 'a page of a foreign origin may not open it',
    async (t, { addUser, origin }) => {
      const user = await addUser()
      t.match(await refusedAs(openSocket(user, { headers: { origin: 'https://evil.example' } })), { status: 403,
        json: { error: { code: 'origin_not_allowed' } } })
      for (const allowed of ['https://good.example', origin]) {
        const client = await openSocket(user, { headers: { origin: allowed } })
        t.equal((await client.create(hi)).at(-1)?.type, 'response.completed', allowed)
        client.close()
      }
    })
}

/** Without what differs between two answers. */
function plain (event: Json): unknown {
  return JSON.parse(
    JSON.stringify(event, (key, value: unknown) =>
      key === 'id' || key === 'item_id' || key === 'call_id' || key === 'obfuscation' || /_at$/.test(key)
        || key === 'encrypted_content' || key === 'copilot_quota_snapshots'
        ? null
        : value),
  )
}
