// Copilot's Auto: `auto` is a model in every dialect, and the only one of seats that may not name a model.
import Anthropic from '@anthropic-ai/sdk'
import type { Content } from '@google/genai'
import type { Frame } from '../fixtures/cases.ts'
import { call, type Json } from '../fixtures/http.ts'
import { storeCallsOf } from '../fixtures/store-calls.ts'
import type { Target, User } from '../fixtures/targets.ts'
import { gather, google, googleBase } from './google.ts'
import { openAi, says } from './openai.ts'

const weather = { name: 'get_weather', description: 'The weather of a city.',
  parameters: { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] } }
const question = 'Use the tool get_weather for "Bern".'
const callPaths = ['/chat/completions', '/responses', '/v1/messages']
const chosen = 'claude-haiku-4.5'

/** Runs a whole tool loop, and returns its last text and the model that answered. */
const loops: Readonly<Record<string, (user: User, stream: boolean) => Promise<{ text: string, model: string }>>> = {
  async chat (user, stream) {
    const client = openAi(user)
    const tools = [{ type: 'function' as const, function: weather }]
    const ask = (messages: Json[]) =>
      stream
        ? client.chat.completions.stream({ model: 'auto', messages, tools }).finalChatCompletion()
        : client.chat.completions.create({ model: 'auto', messages, tools })
    const first = await ask([{ role: 'user', content: question }])
    const message = first.choices[0]?.message as Json
    const { model, choices } = await ask([{ role: 'user', content: question }, message, {
      role: 'tool',
      tool_call_id: message.tool_calls[0].id,
      content: 'sunny',
    }])
    return { text: choices[0]?.message.content ?? '', model }
  },
  async responses (user, stream) {
    const client = openAi(user)
    const tools = [{ type: 'function' as const, strict: false, ...weather }]
    const ask = (input: Json[]) =>
      stream
        ? client.responses.stream({ model: 'auto', input, tools }).finalResponse()
        : client.responses.create({ model: 'auto', input, tools })
    const first = await ask([{ role: 'user', content: question }])
    const made = first.output.find(({ type }) => type === 'function_call') as Json
    const last = await ask([{ role: 'user', content: question }, ...first.output, {
      type: 'function_call_output',
      call_id: made.call_id,
      output: 'sunny',
    }])
    return { text: last.output_text, model: last.model }
  },
  async messages (user, stream) {
    const client = anthropic(user)
    const tools = [{ name: weather.name, description: weather.description, input_schema: weather.parameters }]
    const ask = (messages: Json[]) =>
      stream
        ? client.messages.stream({ model: 'auto', max_tokens: 500, messages, tools }).finalMessage()
        : client.messages.create({ model: 'auto', max_tokens: 500, messages, tools })
    const first = await ask([{ role: 'user', content: question }])
    const made = first.content.find(({ type }) => type === 'tool_use') as Json
    const last = await ask([{ role: 'user', content: question }, { role: 'assistant', content: first.content }, {
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: made.id, content: 'sunny' }],
    }])
    return { text: last.content.map(block => block.type === 'text' ? block.text : '').join(''), model: last.model }
  },
  async gemini (user, stream) {
    const { models } = google(user)
    const { parameters: parametersJsonSchema, ...named } = weather
    const config = { tools: [{ functionDeclarations: [{ ...named, parametersJsonSchema }] }] }
    const ask = async (contents: Content[]) => {
      const asked = { model: 'auto', contents, config }
      return stream
        ? (await gather(await models.generateContentStream(asked))).chunks
        : [await models.generateContent(asked)]
    }
    const begin = { role: 'user', parts: [{ text: question }] }
    const first = (await ask([begin])).flatMap(({ functionCalls }) => functionCalls ?? [])
    const last = await ask([begin, { role: 'model', parts: first.map(functionCall => ({ functionCall })) }, {
      role: 'user',
      parts: first.map(({ name = '' }) => ({ functionResponse: { name, response: { output: 'sunny' } } })),
    }])
    return { text: last.map(({ text }) => text ?? '').join(''), model: last[0]?.modelVersion ?? '' }
  },
}

function anthropic ({ base, password }: User): Anthropic {
  return new Anthropic({ authToken: password, apiKey: null, baseURL: base.replace(/\/v1$/, ''), maxRetries: 0 })
}

const chat = (user: User, more: object = {}, headers: Record<string, string> = {}) =>
  call(`${user.base}/chat/completions`, { json: { model: 'auto', messages: says('hello'), ...more },
    headers: { authorization: `Bearer ${user.password}`, ...headers } })
/** The list of models is read once by each process. */
const begin = (target: Target, user: User) => target.askEach(() => chat(user))
const list = (user: User) => call(`${user.base}/models`, { headers: { authorization: `Bearer ${user.password}` } })
const sent = (target: Target) => target.seen().filter(({ path }) => callPaths.includes(path))

export function autoSuite ({ target, test, testWith }: Frame): void {
  const { emulator } = target

  for (const [dialect, loop] of Object.entries(loops)) {
    for (const stream of [false, true]) {
      test(`a seat of Auto runs a tool loop on ${dialect}, ${stream ? 'streamed' : 'whole'}`, async t => {
        const user = await target.addUser(undefined, { kind: 'student' })
        const { text, model } = await loop(user, stream)
        t.match(text, /sunny/)
        t.match(model, /^claude-haiku-4[.-]5/, "the answer names Copilot's choice")
        t.same(target.seen('/auto').map(({ json }) => json), [{ prompt: question }], 'one session for the conversation')
        t.equal(target.seen('/auto')[0]?.headers['x-github-api-version'], '2026-08-01')
        t.same(sent(target).map(({ json }) => (json as Json).model), [chosen, chosen])
        t.equal(new Set(sent(target).map(({ headers }) => headers['copilot-session-token'])).size, 1)
        t.match(sent(target)[0]?.headers['copilot-session-token'], /^auto_/)
        t.same(user.seat.charges, [{ model: chosen, cost: 0.297 }], 'with the discount, and once')
      })
    }
  }

  test('auto takes the text of a Gemini client without a role, or of a single content', async t => {
    const user = await target.addUser(undefined, { kind: 'student' })
    const contents = [[{ parts: [{ text: 'one' }] }], { parts: { text: 'two' } }, { role: 'user', parts: [{
      text: 'three',
    }] }]
    for (const each of contents) {
      t.match(
        await call(`${googleBase(user)}/v1beta/models/auto:generateContent`, { json: { contents: each },
          headers: { 'x-goog-api-key': user.password, 'x-session-id': JSON.stringify(each) } }),
        { status: 200 },
      )
    }
    t.same(target.seen('/auto').map(({ json }) => json), [{ prompt: 'one' }, { prompt: 'two' }, { prompt: 'three' }])
  })

  test('auto is in the list of every seat, with limits that each of its models keeps', async t => {
    for (const kind of ['student', 'paid'] as const) {
      const user = await target.addUser(undefined, { kind })
      const entry = (await list(user)).json.data.find(({ id }: Json) => id === 'auto')
      t.match(entry, { object: 'model', display_name: 'Auto', capabilities: { type: 'chat' },
        model_picker_enabled: true, context_length: Number, max_output_tokens: Number })
      t.ok(entry.context_length >= 64_000, String(entry.context_length))
      t.match(await openAi(user).models.retrieve('auto'), { id: 'auto' })
    }
  })

  test('a seat of Auto: without a model it is auto, and a refused model names auto', async t => {
    const user = await target.addUser(undefined, { kind: 'student' })
    t.match(await chat(user, { model: undefined }), { status: 200, json: { model: chosen } })
    t.equal(target.seen('/auto').length, 1)
    const refused = await chat(user, { model: 'gpt-4.1' })
    t.match(refused, { status: 400, json: { error: { code: 'model_not_supported' } } })
    t.match(refused.json.error.message, /`auto`/)
    t.notOk(sent(target).at(-1)?.headers['copilot-session-token'], 'a session goes with its own model only')
  })

  test('tokens of auto are counted here', async t => {
    const user = await target.addUser(undefined, { kind: 'student' })
    const counted = await call(`${user.base}/messages/count_tokens`, { json: { model: 'auto', messages: says('hello') },
      headers: { authorization: `Bearer ${user.password}` } })
    t.match(counted, { status: 200, json: { input_tokens: Number } })
    t.equal(target.seen('/auto').length, 0)
  })

  test('a session that Copilot ended costs one new session and one repetition', async t => {
    for (const stream of [false, true]) {
      const user = await target.addUser(undefined, { kind: 'student' })
      await begin(target, user)
      emulator.expireAutoSessions()
      target.begin()
      t.equal((await chat(user, { stream })).status, 200)
      t.same(target.seen().map(({ path, status }) => [path, status]), [['/chat/completions', 401], ['/auto', 200], [
        '/chat/completions',
        200,
      ]])
      t.equal(user.seat.exchanges, 1, 'the Copilot token is fine')
    }
  })

  test('a session that Copilot refuses twice is an error that a client may repeat', async t => {
    const user = await target.addUser(undefined, { kind: 'student' })
    emulator.fault({ path: '/chat/completions' }, { kind: 'status', status: 401, body: 'Invalid auto-mode selector\n' },
      2)
    t.match(await chat(user), { status: 502, json: { error: { code: 'upstream_error', message: /auto/ } } })
    t.equal(target.seen('/auto').length, 2)
  })

  test('a warm conversation calls neither the store nor POST /auto', async t => {
    const user = await target.addUser(undefined, { kind: 'student' })
    await begin(target, user)
    await target.askEach(() => list(user))
    const calls = await storeCallsOf(target, async () => {
      target.begin()
      for (let n = 0; n < 5; n++) t.equal((await chat(user)).status, 200)
      t.same(target.seen().map(({ path }) => path), Array(5).fill('/chat/completions'))
    })
    t.equal(calls, 0)
  })

  test('other conversations and other users have other sessions', async t => {
    const [user, other] = [await target.addUser(undefined, { kind: 'student' }),
      await target.addUser(undefined, { kind: 'student' })]
    await chat(user)
    await chat(user, { messages: says('another beginning') })
    await chat(other)
    t.equal(target.seen('/auto').length, 3)
    t.equal(new Set(sent(target).map(({ headers }) => headers['copilot-session-token'])).size, 3)
  })

  test('after a compaction the conversation gets a new session', async t => {
    const user = await target.addUser(undefined, { kind: 'student' })
    const ask = (text: string) => chat(user, { messages: says(text) }, { 'x-claude-code-session-id': 'session-1' })
    await ask('Fix the bug.')
    await ask('Your task is to create a detailed summary of the conversation so far, paying close attention to this.')
    t.equal(target.seen('/auto').length, 1)
    await ask('This session is being continued.')
    await ask('Go on.')
    t.equal(target.seen('/auto').length, 2)
  })

  test('a request whose repetition meets an ended session leaves none behind', async t => {
    const user = await target.addUser(undefined, { kind: 'student' })
    await chat(user)
    emulator.fault({ path: '/chat/completions' }, { kind: 'status', status: 400, body: 'Bad Request\n' })
    emulator.fault({ path: '/chat/completions' }, { kind: 'status', status: 401, body: 'Invalid auto-mode selector\n' })
    t.match(await chat(user), { status: 502, json: { error: { message: /auto/ } } })
    target.begin()
    t.equal((await chat(user)).status, 200)
    t.same(target.seen().map(({ path }) => path), ['/auto', '/chat/completions'])
  })

  for (const path of ['responses', 'responses/compact']) {
    testWith({}, `after a compaction by Copilot the conversation gets a new session, POST /${path}`, async (t, own) => {
      own.emulator.models.splice(0, Infinity, ...own.emulator.models.filter(({ id }) => id === 'gpt-5-mini'))
      const user = await own.addUser(undefined, { kind: 'student' })
      const ask = async (to: string, input: Json[]) => {
        const got = await call(`${user.base}/${to}`, { json: { model: 'auto', input },
          headers: { authorization: `Bearer ${user.password}`, 'session-id': 'session-1' } })
        t.equal(got.status, 200)
        return got.json.output
      }
      await ask('responses', says('Fix the bug.'))
      const trigger = path === 'responses' ? [{ type: 'compaction_trigger' }] : []
      const output = await ask(path, [...says('Fix the bug.'), ...trigger])
      t.match(output.at(-1), { type: 'compaction', encrypted_content: /^gAAAA/ })
      t.equal(own.seen('/auto').length, 1)
      await ask('responses', [output.at(-1), ...says('Go on.')])
      await ask('responses', [output.at(-1), ...says('Go on.')])
      t.equal(own.seen('/auto').length, 2)
    })
  }

  testWith({ USER_REQUESTS_PER_MINUTE: '2' }, "POST /auto is within the user's requests, and counts once",
    async (t, own) => {
      const user = await own.addUser(undefined, { kind: 'student' })
      const asked = await Promise.all(
        Array.from({ length: 20 }, (_each, n) => chat(user, { messages: says(`question ${n}`) })),
      )
      t.same(asked.map(({ status }) => status).sort(), [200, 200, ...Array<number>(18).fill(429)])
      t.equal(own.seen('/auto').length, 2)
      t.equal(sent(own).length, 2)
    })

  testWith({ USER_CONCURRENCY: '1' }, 'a failure of POST /auto gives the place back, and a waiting request asks once',
    async (t, own) => {
      const user = await own.addUser(undefined, { kind: 'student' })
      own.emulator.fault({ path: '/auto' }, { kind: 'status', status: 503, body: '' })
      t.equal((await chat(user)).status, 503)
      own.begin()
      for (const { status } of await Promise.all([chat(user), chat(user), chat(user, { stream: true })])) {
        t.equal(status, 200)
      }
      t.equal(own.seen('/auto').length, 1)
    })

  test('a request without any text of a user is refused, and Copilot is not asked', async t => {
    const user = await target.addUser(undefined, { kind: 'student' })
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }
    t.match(await chat(user, { messages: [{ role: 'user', content: [image] }] }), { status: 400,
      json: { error: { param: 'model' } } })
    t.equal(target.seen('/auto').length, 0)
  })

  test('without POST /auto, a seat of Auto is asked on Chat without a model, and the reply says so', async t => {
    const user = await target.addUser(undefined, { kind: 'student' })
    emulator.fault({ path: '/auto' }, { kind: 'status', status: 404, body: '404 page not found\n' })
    for (const path of ['chat/completions', 'responses']) {
      const got = await call(`${user.base}/${path}`, { headers: { authorization: `Bearer ${user.password}` },
        json: { model: 'auto', ...path === 'responses' ? { input: 'hello' } : { messages: says('hello') } } })
      t.equal(got.status, 200, path)
      t.match(got.headers.get('x-proxy-dropped'), /auto-session/)
    }
    t.ok(sent(target).every(({ json, path }) => path === '/chat/completions' && !Object.hasOwn(json as Json, 'model')))
    t.equal(target.seen('/auto').length, 1)
    t.ok((await list(user)).json.data.some(({ id }: Json) => id === 'auto'))
  })

  test('a paid seat without Auto gets a clear error, and its list loses auto', async t => {
    const user = await target.addUser()
    emulator.fault({ path: '/auto' }, { kind: 'status', status: 404, body: '404 page not found\n' })
    t.match(await chat(user), { status: 404, json: { error: { code: 'model_not_found', message: /auto/ } } })
    t.notOk((await list(user)).json.data.some(({ id }: Json) => id === 'auto'))
  })

  test("a failure of POST /auto has Copilot's status and reason", async t => {
    const user = await target.addUser(undefined, { kind: 'student' })
    emulator.fault({ path: '/auto' }, { kind: 'status', status: 503, body: '{"error":"no_available_model"}',
      contentType: 'application/json' })
    t.match(await chat(user), { status: 503, json: { error: { message: /no_available_model/ } } })
    t.equal((await chat(user)).status, 200, 'the next request may work')
  })

  testWith({}, 'a session is renewed five minutes before it ends; if that fails, the old one serves',
    async (t, own) => {
      const user = await own.addUser(undefined, { kind: 'student' })
      await begin(own, user)
      own.clock?.advance(86_400_000 - 290_000)
      own.emulator.fault({ path: '/auto' }, { kind: 'status', status: 503, body: '' })
      own.begin()
      t.equal((await chat(user)).status, 200)
      t.equal((await chat(user)).status, 200)
      t.equal(own.seen('/auto').length, 1, 'not every request tries it')
      own.clock?.advance(30_000)
      t.equal((await chat(user)).status, 200)
      const tokens = sent(own).map(({ headers }) => headers['copilot-session-token'])
      t.same(own.seen('/auto').map(({ status }) => status), [503, 200])
      t.equal(new Set(tokens).size, 2)
    })

  testWith({}, "a request without a model gets the seat's default if gpt-4o is not in the list", async (t, own) => {
    own.emulator.models.splice(0, Infinity, ...own.emulator.models.filter(({ id }) => !id.startsWith('gpt-4o')))
    const user = await own.addUser()
    t.match(await chat(user, { model: undefined }), { status: 200, json: { model: /^gpt-4\.1/ } })
  })
}
