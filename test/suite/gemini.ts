// Google's Gemini API through Google's own SDK: chats, streams, functions, structured output, counts, embeddings.
import { FunctionCallingConfigMode, ThinkingLevel, type Content } from '@google/genai'
import { knownErrors } from '../../src/emulator/emulator.ts'
import type { Frame } from '../fixtures/cases.ts'
import { call, type Json } from '../fixtures/http.ts'
import type { User } from '../fixtures/targets.ts'
import { gather, google, googleBase, models, tools } from './google.ts'
import { twoCalls } from './openai.ts'

const bare = { contents: [{ parts: [{ text: 'hi' }] }] }
const keyed = ({ password }: User) => ({ 'x-goog-api-key': password })
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk-M9QDwADhgGAWjR9awAAAABJRU5ErkJggg'

export function geminiSuite ({ target, test, testWith }: Frame): void {
  const { emulator } = target
  const sent = () =>
    target.seen().filter(({ path }) => /completions|responses|messages/.test(path)).map(({ json }) => json as Json)
  const enabled = async (): Promise<User> => {
    const user = await target.addUser()
    for (const model of models) user.seat.policies.set(model, 'enabled')
    return user
  }

  for (const model of models) {
    test(`generateContent() gives the same answer whole and streamed, ${model}`, async t => {
      const user = await enabled()
      for (const version of ['v1beta', 'v1']) {
        const ai = google(user, version)
        const whole = await ai.models.generateContent({ model, contents: 'hi' })
        t.match(whole, { modelVersion: model, responseId: /./, candidates: [{ finishReason: 'STOP' }],
          usageMetadata: { promptTokenCount: Number, candidatesTokenCount: Number, totalTokenCount: Number } })
        t.match(whole.text, /Hello from/)
        const { chunks, text } = await gather(await ai.models.generateContentStream({ model, contents: 'hi' }))
        t.equal(text.replace('is **streamed**', 'comes **whole**'), whole.text)
        t.ok(chunks.length > 2, 'it streams')
        t.ok(chunks.every(chunk => chunk.candidates?.[0]?.content?.role === 'model'), 'each content names its speaker')
        t.same(chunks.slice(0, -1).filter(chunk => chunk.candidates?.[0]?.finishReason !== undefined), [])
        t.match(chunks.at(-1), { candidates: [{ finishReason: 'STOP' }], usageMetadata: { totalTokenCount: Number } })
      }
    })

    test(`a chat runs two functions at once and answers with their results, ${model}`, async t => {
      const chat = google(await enabled()).chats.create({ model,
        config: { tools, thinkingConfig: { includeThoughts: true }, systemInstruction: 'Be short.' } })
      const { calls, chunks } = await gather(await chat.sendMessageStream({ message: twoCalls }))
      t.same(calls, [['get_weather', { location: 'Rome' }], ['read_file', { path: 'a/b.txt' }]])
      const asked = chunks.flatMap(chunk => chunk.functionCalls ?? [])
      t.equal(new Set(asked.map(({ id }) => id)).size, 2, 'an id each')
      // The results come in the other order; their ids tell them apart.
      const answer = await gather(await chat.sendMessageStream({
        message: asked.toReversed().map(({ id, name }) => ({
          functionResponse: { ...(id === undefined ? {} : { id }), name: name ?? '',
            response: { output: `of ${name ?? ''}` } },
        })),
      }))
      t.match(answer.text, /of get_weather/)
      t.match(answer.text, /of read_file/)
      t.equal(target.seen().filter(({ headers }) => headers['x-initiator'] === 'user').length, 1,
        "only the person's step counts")
      await gather(await chat.sendMessageStream({ message: 'thanks' }))
      t.equal(sent().length, 3)
    })

    test(`calls and results without ids find each other, ${model}`, async t => {
      const ai = google(await enabled())
      const history: Content[] = [{ role: 'user', parts: [{ text: 'look twice' }] }, { role: 'model',
        parts: [{ functionCall: { name: 'get_weather', args: { location: 'Rome' } } }, {
          functionCall: { name: 'get_weather', args: { location: 'Oslo' } },
        }] }, { role: 'user', parts: [{ functionResponse: { name: 'get_weather', response: { output: 'sun' } } }, {
          functionResponse: { name: 'get_weather', response: { error: 'no such town' } },
        }] }]
      const { text } = await ai.models.generateContent({ model, contents: history, config: { tools } })
      t.match(text, /sun[^]*no such town/)
      const again = await ai.models.generateContent({ model,
        contents: [...history, { role: 'model', parts: [{ text: 'ok' }] }, { role: 'user', parts: [{ text: 'and?' }] }],
        config: { tools } })
      t.ok(again.text)
      const [first, second] = sent().map(body =>
        JSON.stringify(body['messages'] ?? body['input']).replaceAll(/,"cache_control":\{[^}]*\}/g, '')
      )
      const known = first?.slice(0, 300) ?? ''
      t.equal(second?.slice(0, 300), known, 'the same history gives the same bytes')
    })

    test(`structured output, by either form of a schema, ${model}`, async t => {
      const ai = google(await enabled())
      const schema = { type: 'OBJECT',
        properties: { city: { type: 'STRING', nullable: true }, size: { type: 'INTEGER', enum: ['1', '2'] } },
        required: ['city', 'size'], propertyOrdering: ['city', 'size'] }
      for (const config of [{ responseSchema: schema as never }, {
        responseJsonSchema: { type: 'OBJECT', properties: { city: { type: 'STRING' }, size: { type: 'INTEGER' } },
          required: ['city', 'size'], additionalProperties: false },
      }]) {
        const { text } = await ai.models.generateContent({ model, contents: 'a city',
          config: { ...config, responseMimeType: 'application/json' } })
        // Copilot's Gemini gets the schema as words, which the emulated model does not obey.
        if (!model.startsWith('gemini')) t.match(JSON.parse(text ?? ''), { size: Number })
      }
      t.notMatch(JSON.stringify(sent()), /"OBJECT"|"nullable"|propertyOrdering/)
    })
  }

  for (const model of ['claude-sonnet-4.5', 'gpt-5-mini']) {
    test(`the state of reasoning comes back with its call, ${model}`, async t => {
      const chat = google(await enabled()).chats.create({ model,
        config: { tools, thinkingConfig: { includeThoughts: true, thinkingBudget: 2_048 } } })
      emulator.answers.push({ reasoning: 'Weather first.', opaque: 'c3RhdGUtb2YtdGhlLXRlc3Q', toolCalls: [{
        name: 'get_weather',
        arguments: '{"location":"Rome"}',
      }] })
      const first = await gather(await chat.sendMessageStream({ message: 'weather?' }))
      const parts = first.chunks.flatMap(chunk => chunk.candidates?.[0]?.content?.parts ?? [])
      t.match(parts[0], { thought: true, text: 'Weather first.' })
      const [signed] = parts.filter(part => part.thoughtSignature !== undefined)
      t.match(signed, { functionCall: { name: 'get_weather' }, thoughtSignature: /^[A-Za-z0-9+/]+=*$/ },
        'the signature is base64')
      const [asked] = first.chunks.flatMap(chunk => chunk.functionCalls ?? [])
      await chat.sendMessage({ message: [{ functionResponse: { ...asked, response: { output: 'sun' } } }] })
      t.match(JSON.stringify(sent().at(-1)), /c3RhdGUtb2YtdGhlLXRlc3Q/, 'Copilot gets its own state')
    })
  }

  test('images arrive, also in base64url and in the result of a function', async t => {
    const ai = google(await enabled())
    await ai.models.generateContent({ model: 'claude-sonnet-4.5',
      contents: [{ role: 'user', parts: [{ text: 'see' }, { inlineData: { mimeType: 'image/png', data: png } }] }, {
        role: 'model',
        parts: [{ functionCall: { id: 'c1', name: 'get_weather', args: {} } }],
      }, { role: 'user', parts: [{
        functionResponse: { id: 'c1', name: 'get_weather', response: { output: 'a map' },
          parts: [{ inlineData: { mimeType: 'image/png', data: png } }] },
      }] }], config: { tools } })
    const body = JSON.stringify(sent()[0])
    t.equal(body.split('"type":"image"').length - 1, 2)
    t.notMatch(body, /mNk-M9/, 'upstream takes no base64url')
    t.equal(target.seen('/v1/messages')[0]?.headers['copilot-vision-request'], 'true')
  })

  test('settings reach the model in its own terms', async t => {
    const ai = google(await enabled())
    await ai.models.generateContent({ model: 'gpt-5-mini', contents: 'hi',
      config: { maxOutputTokens: 300, temperature: 1, topP: 0.95, topK: 64,
        thinkingConfig: { thinkingLevel: ThinkingLevel.LOW }, tools, toolConfig: {
          functionCallingConfig: { mode: FunctionCallingConfigMode.ANY, allowedFunctionNames: ['read_file'] },
        } } })
    t.match(sent()[0], { max_output_tokens: 300, reasoning: { effort: 'low' }, tool_choice: { name: 'read_file' } })
    await ai.models.generateContent({ model: 'claude-sonnet-4.5', contents: 'hi', config: {
      systemInstruction: { parts: [{ text: 'Be short.' }] },
      stopSequences: ['STOP'],
      thinkingConfig: {
        thinkingBudget: 0,
      },
    } })
    t.match(sent()[1], { system: [{ text: 'Be short.' }], stop_sequences: ['STOP'] })
  })

  test('an answer that breaks off or is refused names its reason', async t => {
    const ai = google(await enabled())
    emulator.answers.push({ text: 'half', finish: 'length' }, { text: '', finish: 'content_filter' })
    const cut = await ai.models.generateContent({ model: 'gpt-4o', contents: 'hi' })
    t.match(cut.candidates, [{ finishReason: 'MAX_TOKENS', content: { parts: [{ text: 'half' }] } }])
    const refused = await ai.models.generateContent({ model: 'gpt-4o', contents: 'hi' })
    t.match(refused.candidates, [{ finishReason: 'SAFETY' }])
  })

  test("a stream without alt=sse is one JSON array, and fields may be spelt in protobuf's other way", async t => {
    const user = await enabled()
    const { status, headers, json } = await call(
      `${googleBase(user)}/v1beta/models/claude-sonnet-4.5:streamGenerateContent`,
      {
        json: { ...bare, system_instruction: { parts: [{ text: 'Be short.' }] },
          generation_config: { max_output_tokens: 99, stopSequences: ['x'] } },
        headers: keyed(user),
      },
    )
    t.equal(status, 200)
    t.match(headers.get('content-type'), /^application\/json/)
    t.ok(Array.isArray(json) && json.length > 2)
    t.match(json.at(-1), { candidates: [{ finishReason: 'STOP' }], usageMetadata: { totalTokenCount: Number } })
    t.match(sent()[0], { max_tokens: 99, stop_sequences: ['x'], system: [{ text: 'Be short.' }] })
  })

  test("errors have Google's form, before an answer and in the middle of one", async t => {
    const user = await enabled()
    const ai = google(user)
    const model = 'gpt-4o'
    await t.rejects(ai.models.generateContent({ model: 'no-such', contents: 'hi' }), { status: 404,
      message: /not among the models/ })
    await t.rejects(ai.models.generateContent({ model, contents: 'hi', config: { candidateCount: 2 } }), { status: 400,
      message: /candidate/ })
    await t.rejects(ai.models.generateContent({ model, contents: 'hi', config: { tools: [{ urlContext: {} }] } }), {
      status: 400,
      message: /urlContext/,
    })
    const ask = async (path: string, json: unknown = bare, headers: Record<string, string> = keyed(user)) =>
      call(`${googleBase(user)}/v1beta/models/${path}`, { json, headers })
    emulator.fault({ path: '/chat/completions' }, knownErrors.rateLimited())
    t.match(await ask('gpt-4o:generateContent'), { status: 429, json: {
      error: { code: 429, status: 'RESOURCE_EXHAUSTED',
        details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '7s' }] },
    } })
    t.match(await ask('gpt-4o:predict'), { status: 404, json: { error: { status: 'NOT_FOUND' } } })
    t.match(await ask('gpt-4o:generateContent', {}), { status: 400,
      json: { error: { status: 'INVALID_ARGUMENT', message: /contents/ } } })
    t.match(await ask('gpt-4o:generateContent', bare, {}), { status: 401,
      json: { error: { status: 'UNAUTHENTICATED' } } })
    t.match(await call(`${googleBase(user)}/v1beta/nothing`, { headers: keyed(user) }), { status: 404,
      json: { error: { status: 'NOT_FOUND' } } })

    emulator.fault({ path: '/chat/completions' }, { kind: 'reset-after', events: 3 })
    await t.rejects(ai.models.generateContentStream({ model, contents: 'hi' }).then(gather), /.*/)
    emulator.fault({ path: '/chat/completions' }, { kind: 'reset-after', events: 3 })
    const { text } = await ask('gpt-4o:streamGenerateContent?alt=sse')
    t.match(text, /data: \{"error":\{"code":502[^]*\r\n\r\n\{"error":\{"code":502/)
    t.notMatch(text, /finishReason/)
    emulator.fault({ path: '/chat/completions' }, { kind: 'reset-after', events: 3 })
    t.match((await ask('gpt-4o:streamGenerateContent')).json.at(-1), { error: { code: 502 } })
  })

  test('models, token counts and embeddings', async t => {
    const user = await enabled()
    for (const version of ['v1beta', 'v1']) {
      const ai = google(user, version)
      const listed = []
      for await (const model of await ai.models.list({ config: { pageSize: 7 } })) listed.push(model)
      t.ok(listed.length > 14, 'more than two pages')
      t.equal(new Set(listed.map(({ name }) => name)).size, listed.length)
      t.match(listed.find(({ name }) => name === 'models/claude-sonnet-4.5'), { inputTokenLimit: Number,
        outputTokenLimit: Number })
      t.match(await ai.models.get({ model: 'gpt-4o' }), { name: 'models/gpt-4o', displayName: 'GPT-4o' })
      await t.rejects(ai.models.get({ model: 'gpt-4.2' }), { status: 404, message: /not among the models/ })
      t.ok(((await ai.models.countTokens({ model: 'gpt-4o', contents: 'hello there' })).totalTokens ?? 0) > 2)
      const { embeddings } = await ai.models.embedContent({ model: 'text-embedding-3-small', contents: ['a', 'b'],
        config: { outputDimensionality: 8 } })
      t.same(embeddings?.map(({ values }) => values?.length), [8, 8])
    }
    const one = await call(`${googleBase(user)}/v1beta/models/text-embedding-3-small:embedContent`, {
      json: { content: { parts: [{ text: 'a' }] } },
      headers: keyed(user),
    })
    t.equal(one.json.embedding.values.length, 1_536)
    t.match((await call(`${user.base}/models`, { headers: { authorization: `Bearer ${user.password}` } })).json, {
      object: 'list',
    }, 'other clients get their own form')
  })

  test("Google's newest ids, which the seat lacks, are answered by its model of the kind", async t => {
    const user = await enabled()
    user.seat.policies.set('gemini-2.5-pro', 'enabled')
    for (const model of ['gemini-9-pro-preview', 'gemini-9-flash', 'gemini-9-flash-lite']) {
      await google(user).models.generateContent({ model, contents: 'hi' })
    }
    t.ok(sent().every(({ model }) => /^gemini-/.test(String(model)) && !String(model).startsWith('gemini-9')))
  })

  test("the key is read from Google's header and from the bearer, and never from the address by default", async t => {
    const user = await enabled()
    const url = `${googleBase(user)}/v1beta/models/gpt-4o:generateContent`
    for (const headers of [keyed(user), { authorization: `Bearer ${user.password}` }, { ...keyed(user),
      authorization: `Bearer ${user.password}` }]) {
      t.equal((await call(url, { json: bare, headers })).status, 200)
    }
    t.equal((await call(`${url}?key=${user.password}`, { json: bare })).status, 401)
    t.equal((await call(url, { json: bare, headers: { 'x-goog-api-key': target.newPassword() } })).status, 401)
  })

  testWith({ ALLOW_KEY_IN_URL: '1' }, 'with ALLOW_KEY_IN_URL the key may be in the address of these routes alone',
    async (t, own) => {
      const user = await own.addUser()
      const base = googleBase(user)
      t.equal((await call(`${base}/v1beta/models/gpt-4o:generateContent?key=${user.password}`, { json: bare })).status,
        200)
      t.match(await call(`${base}/v1/models?key=${user.password}`), { status: 200,
        json: { models: [{ name: /^models/ }] } })
      t.equal((await call(`${base}/v1/usage?key=${user.password}`)).status, 401)
      t.notMatch(own.logs(), user.password)
    })
}
