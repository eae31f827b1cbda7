// The Python SDKs: their requests as recorded on the wire, and answers in the shape that their models need.
import type { Frame } from '../fixtures/cases.ts'
import { decodeEvents, recorded, recordedCalls, replay, type Answer } from '../fixtures/python-sdks.ts'
import type { User } from '../fixtures/targets.ts'

export function pythonSuite ({ target, test }: Frame): void {
  const openAi = (call: string, user: User) => replay(target, 'openai', recorded('openai', call), user)
  const anthropic = (call: string, user: User) => replay(target, 'anthropic', recorded('anthropic', call), user)
  const chunks = ({ text }: Answer) =>
    decodeEvents(text).filter(({ data }) => !data.startsWith('[DONE]')).map(({ data }) => JSON.parse(data))

  test("every recorded request is answered, and none of the SDKs' own headers reaches Copilot", async t => {
    const user = await target.addUser()
    for (const sdk of ['openai', 'anthropic'] as const) {
      for (const call of recordedCalls(sdk)) {
        t.equal((await replay(target, sdk, recorded(sdk, call), user)).status, 200, `${sdk}: ${call}`)
      }
    }
    t.ok(target.seen().length > 8)
    t.same(
      target.seen().flatMap(({ headers }) => Object.keys(headers)).filter(name =>
        name.startsWith('x-stainless') || name === 'x-api-key'
      ),
      [],
    )
    t.ok(target.seen().every(({ headers }) => !/Python/.test(headers['user-agent'] ?? '')))
  })

  test('openai: chat.completions.create, whole and streamed', async t => {
    const user = await target.addUser()
    const { status, json, headers } = await openAi('chat.completions.create', user)
    t.equal(status, 200)
    t.match(headers.get('content-type'), /^application\/json/)
    t.match(json, { id: /./, object: 'chat.completion', created: Number, model: /^gpt-4o/,
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: /Grüße 🙂/ } }],
      usage: { prompt_tokens: Number, completion_tokens: Number, total_tokens: Number } })
    const streamed = await openAi('chat.completions.create(stream=True)', user)
    t.match(streamed.headers.get('content-type'), /^text\/event-stream/)
    t.ok(decodeEvents(streamed.text).at(-1)?.data.startsWith('[DONE]'), 'the SDK stops reading here')
    for (const chunk of chunks(streamed)) {
      t.match(chunk, { id: /./, object: 'chat.completion.chunk', created: Number, model: /^gpt-4o/, choices: Array })
    }
    const calls = chunks(streamed).flatMap(({ choices }) => choices).flatMap(({ delta }) => delta.tool_calls ?? [])
    t.equal(calls[0]?.function.name, 'get_weather')
    t.same(JSON.parse(calls.map(({ function: { arguments: part = '' } = {} }) => part).join('')), { location: 'Rome' })
    t.match(chunks(streamed).at(-1), { choices: [], usage: { total_tokens: Number } }, 'include_usage')
  })

  test('openai: responses.create, whole and streamed, native and translated', async t => {
    const user = await target.addUser()
    const { json } = await openAi('responses.create', user)
    t.match(json, { id: /./, object: 'response', created_at: Number, status: 'completed', model: /^gpt-5-mini/,
      output: Array, usage: { input_tokens: Number, output_tokens: Number, total_tokens: Number } })
    const content = json.output.filter(({ type }: { type: string }) => type === 'message').flatMap((
      { content }: { content: Array<{ type: string, text: string }> },
    ) => content)
    t.match(content, [{ type: 'output_text', text: /Grüße 🙂/ }], 'the SDK builds output_text from this')
    const events = decodeEvents((await openAi('responses.create(stream=True)', user)).text)
    t.same([events[0]?.event, events.at(-1)?.event], ['response.created', 'response.completed'])
    t.same(events.map(({ data }) => JSON.parse(data).type), events.map(({ event }) => event),
      'the type in the data equals the event name')
    t.same(events.map(({ data }) => JSON.parse(data).sequence_number), events.map((_event, at) => at))
  })

  test('openai: embeddings.create asks for base64 by default, and unpacks it with array("f")', async t => {
    const user = await target.addUser()
    const { json } = await openAi('embeddings.create', user)
    t.match(json, { object: 'list', model: 'text-embedding-3-small',
      data: [{ object: 'embedding', index: 0, embedding: String }],
      usage: { prompt_tokens: Number, total_tokens: Number } })
    const bytes = Buffer.from(json.data[0].embedding, 'base64')
    t.equal(bytes.length, 4 * 1_536)
    const floats = Array.from({ length: 1_536 }, (_, at) => bytes.readFloatLE(4 * at))
    t.ok(Math.abs(floats.reduce((sum, value) => sum + value * value, 0) - 1) < 1e-3, 'a vector of length one')
    const many = await openAi('embeddings.create(dimensions=8)', user)
    t.same(
      many.json.data.map((
        { index, embedding }: { index: number, embedding: string },
      ) => [index, Buffer.from(embedding, 'base64').length]),
      [[0, 32], [1, 32]],
    )
    t.same(target.seen('/embeddings').map(({ json }) => json), [{ model: 'text-embedding-3-small', input: ['Grüße'] }, {
      model: 'text-embedding-3-small',
      input: ['a', 'b'],
      dimensions: 8,
    }], 'Copilot gets no encoding, so it sends floats')
  })

  test('openai: models.list and models.retrieve', async t => {
    const user = await target.addUser()
    t.match(await openAi('models.list', user), { status: 200,
      json: { object: 'list', data: [{ id: /./, object: 'model', created: Number, owned_by: /./ }] } })
    t.match(await openAi('models.retrieve', user), { status: 200, json: { id: 'gpt-4o', object: 'model' } })
  })

  test('anthropic: messages.create with a key, with a token, whole, streamed and by its helper', async t => {
    const user = await target.addUser()
    const { json, headers } = await anthropic('messages.create', user)
    t.match(json, { id: /./, type: 'message', role: 'assistant', model: /./,
      content: [{ type: 'text', text: /Grüße 🙂/ }], stop_reason: 'end_turn',
      usage: { input_tokens: Number, output_tokens: Number } })
    t.match(headers.get('request-id'), /^[0-9a-f-]{36}$/, 'the SDK shows it as _request_id')
    for (const call of ['messages.create(stream=True)', 'messages.stream']) {
      const answer = await anthropic(call, user)
      t.match(answer.headers.get('content-type'), /^text\/event-stream/, call)
      const events = decodeEvents(answer.text).filter(({ event }) => event !== 'ping')
      t.same([events[0]?.event, events.at(-1)?.event], ['message_start', 'message_stop'], call)
      t.same(events.map(({ data }) => JSON.parse(data).type), events.map(({ event }) => event), call)
    }
    const inputs = decodeEvents((await anthropic('messages.stream', user)).text).map(({ data }) => JSON.parse(data))
      .filter(({ delta }) => delta?.type === 'input_json_delta')
    t.same(JSON.parse(inputs.map(({ delta }) => delta.partial_json).join('')), { location: 'Rome' })
    t.match(await anthropic('beta.messages.create', user), { status: 200, json: { type: 'message' } },
      'the query of the beta has no effect')
  })

  test('anthropic: messages.count_tokens and models.list', async t => {
    const user = await target.addUser()
    const { json } = await anthropic('messages.count_tokens', user)
    t.ok(json.input_tokens > 0)
    t.match(await anthropic('models.list', user), { status: 200,
      json: { data: [{ id: /./, type: 'model', display_name: /./, created_at: /^\d{4}-/ }], has_more: false,
        first_id: /./, last_id: /./ } })
  })

  test('a wrong password makes both SDKs raise AuthenticationError', async t => {
    const user = { ...await target.addUser(), password: target.newPassword() }
    t.match(await openAi('models.list', user), { status: 401, json: {
      error: { message: /^Token is invalid\./, type: 'authentication_error', code: 'invalid_api_key', param: null },
    } })
    t.match(await anthropic('messages.create', user), { status: 401,
      json: { type: 'error', error: { type: 'authentication_error', message: /^Token is invalid\./ },
        request_id: /./ } })
  })
}
