// Copilot's deviations in Chat Completions, `docs/spec/copilot.md#chat-answer`, `docs/spec/copilot.md#chat-stream`,
// each repaired for OpenAI's clients.
import type { Script } from '../../src/emulator/emulator.ts'
import type { Frame } from '../fixtures/cases.ts'
import { call, readEvents, type Json } from '../fixtures/http.ts'
import { callsOf, openAi, says } from './openai.ts'

const path = '/chat/completions'
const done = 'data: [DONE]\n\n'
const head = { created: 1_774_700_000, id: 'chatcmpl-1', model: 'gpt-4o-2024-11-20' }
const chunk = (delta: object | null, more: object = {}, rest: object = {}) => ({
  choices: [{ index: 0, ...(delta === null ? {} : { delta }), ...more }],
  ...head,
  ...rest,
})
const text = (content: string) => chunk({ content, role: 'assistant' })
const stop = chunk({ content: null }, { finish_reason: 'stop' })
const promptFilter = { choices: [], created: 0, id: '', model: '', object: '',
  prompt_filter_results: [{ prompt_index: 0 }] }
const call0 = (delta: object) => chunk({ content: null, tool_calls: [{ index: 0, ...delta }] })

export function quirksSuite ({ target, test }: Frame): void {
  const { emulator } = target
  /** Streams these chunks; gives the received text and its parsed events. */
  const streamed = async (chunks: readonly unknown[], more: object = {}): Promise<{ text: string, events: Json[] }> => {
    const { base, password } = await target.addUser()
    emulator.answers.push({ chunks })
    const { text } = await call(`${base}/chat/completions`, {
      json: { model: 'gpt-4o', messages: says('hi'), stream: true, ...more },
      headers: { authorization: `Bearer ${password}` },
    })
    return { text, events: readEvents(text) }
  }
  const gathered = async (script: Script, model = 'gpt-4o') => {
    emulator.answers.push(script)
    return openAi(await target.addUser()).chat.completions.stream({ model, messages: says('hi') }).finalChatCompletion()
  }
  const whole = async (body: unknown, more: object = {}): Promise<Json> => {
    const { base, password } = await target.addUser()
    emulator.answers.push({ body })
    return (await call(`${base}/chat/completions`, { json: { model: 'gpt-4o', messages: says('hi'), ...more },
      headers: { authorization: `Bearer ${password}` } })).json
  }

  test('a whole answer gets its object, its date and an id, and loses its padding', async t => {
    t.match(await whole({ choices: [{ finish_reason: 'stop', message: { content: 'x', padding: 'abc' } }] }), {
      object: 'chat.completion',
      created: Number,
      id: /^chatcmpl-/,
      model: 'gpt-4o',
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'x', padding: undefined } }],
    })
    t.match(await whole({ ...head, choices: [] }), { error: { code: 'upstream_error' } },
      'an answer without a choice is an error')
    t.match(await whole({ ...head, choices: [{ message: { content: 'x' } }] }), { error: { code: 'upstream_error' } },
      'a choice without a finish reason is an error too')
    t.match(
      await whole({ ...head,
        choices: [{ finish_reason: 'length', index: 0, message: { role: 'assistant', content: null } }] }),
      { choices: [{ finish_reason: 'length', message: { content: '' } }] },
    )
  })

  test('split choices are joined: text, then all calls, and the most informative reason', async t => {
    const one = (name: string) => ({ function: { arguments: '', name }, id: `call_${name}`, type: 'function' })
    const body = { ...head,
      choices: [{ finish_reason: 'stop', index: 0, message: { content: 'I will ', role: 'assistant' } }, {
        finish_reason: 'stop',
        index: 0,
        message: { content: 'look.', role: 'assistant' },
      }, { finish_reason: 'tool_calls', index: 0, message: { role: 'assistant', tool_calls: [one('f')] } }, {
        finish_reason: 'tool_calls',
        index: 0,
        message: { role: 'assistant', tool_calls: [one('g')] },
      }] }
    const { choices } = await whole(body)
    t.equal(choices.length, 1)
    t.match(choices[0], { finish_reason: 'tool_calls',
      message: { content: 'I will look.',
        tool_calls: [{ id: 'call_f', function: { arguments: '{}' } }, { id: 'call_g' }] } })
    t.equal(
      (await whole({ ...head,
        choices: [0, 1].map(index => ({ index, finish_reason: 'stop',
          message: { role: 'assistant', content: `${index}` } })
        ) }, { n: 2 })).choices.length,
      2,
      'two requested choices stay two',
    )
  })

  test('a first chunk without choices is left out, and id and date come from one that has choices', async t => {
    const { events } = await streamed([promptFilter, text('a'), text('b'), stop, done])
    t.equal(events.length, 4)
    for (const event of events.slice(0, -1)) {
      t.match(event, { object: 'chat.completion.chunk', id: 'chatcmpl-1', created: 1_774_700_000,
        model: 'gpt-4o-2024-11-20' })
    }
    t.equal(events.at(-1), '[DONE]')
  })

  test('null choices, empty or missing deltas and old annotations cause no error', async t => {
    const { events } = await streamed([{ choices: null, copilot_references: [] }, chunk(null), text('a'),
      chunk({ content: 'b', copilot_annotations: { TextCopyright: [] } }), stop, done])
    t.equal(events.map(event => event.choices?.[0]?.delta?.content ?? '').join(''), 'ab')
    t.ok(events.slice(0, -1).every(event => event.choices.length === 1 && typeof event.choices[0].delta === 'object'))
    t.notMatch(JSON.stringify(events), /annotations/)
  })

  test('two calls that are both numbered 0 stay two, and a call without arguments has {}', async t => {
    const chunks = [call0({ function: { name: 'f' }, id: 'tooluse_A', type: 'function' }),
      call0({ function: { arguments: '' }, type: 'function' }),
      call0({ function: { arguments: '{"a"' }, type: 'function' }), call0({ function: { arguments: ':1}' } }),
      call0({ function: { name: 'g' }, id: 'tooluse_B', type: 'function' }),
      call0({ function: { name: 'h' }, id: 'tooluse_C', type: 'function' }),
      call0({ function: { arguments: '{"c":3}' } }), chunk({ content: null }, { finish_reason: 'tool_calls' }), done]
    t.same(callsOf(await gathered({ chunks })), [['f', { a: 1 }], ['g', {}], ['h', { c: 3 }]])
    const { events } = await streamed(chunks)
    const deltas = events.flatMap(event => event.choices?.[0]?.delta?.tool_calls ?? [])
    t.same([...new Set(deltas.map((delta: Json) => delta.index))], [0, 1, 2])
    t.same(deltas.filter((delta: Json) => delta.id !== undefined).map((delta: Json) => delta.index), [0, 1, 2],
      'each call has an id once')
  })

  test('calls whose deltas interleave by index stay apart', async t => {
    const at = (index: number, fields: object) => chunk({ tool_calls: [{ index, ...fields }] })
    const { choices } = await gathered({
      chunks: [at(0, { id: 'a', type: 'function', function: { name: 'f', arguments: '' } }),
        at(1, { id: 'b', type: 'function', function: { name: 'g', arguments: '' } }),
        at(0, { function: { arguments: '{"a"' } }), at(1, { function: { arguments: '{"b":' } }),
        at(0, { function: { arguments: ':1}' } }), at(1, { function: { arguments: '2}' } }),
        chunk({}, { finish_reason: 'tool_calls' }), done],
    })
    t.same(callsOf({ choices }), [['f', { a: 1 }], ['g', { b: 2 }]])
  })

  test('a stream without [DONE] is complete if it had a finish reason, and gets its [DONE]', async t => {
    const { text: raw } = await streamed([text('a'), stop])
    t.match(raw, /"finish_reason":"stop"[^]*\n\ndata: \[DONE\]\n\n$/)
    t.equal(raw.split('[DONE]').length, 2)
  })

  test('a stream that contains nothing but [DONE] is an error', async t => {
    await t.rejects(gathered({ chunks: [promptFilter, done] }), { code: 'upstream_error' })
  })

  const cuts: ReadonlyArray<readonly [string, () => void]> = [['a clean end', () => {
    emulator.fault({ path }, { kind: 'eof-after', events: 4 })
  }], ['a reset', () => {
    emulator.fault({ path }, { kind: 'reset-after', events: 4 })
  }], ['no finish reason at its end', () => {
    emulator.fault({ path }, { kind: 'omit', terminator: true, done: true })
  }], ['an error event', () => {
    emulator.fault({ path }, { kind: 'error-after', events: 4,
      error: { code: 'model_overloaded', message: 'too much' } })
  }]]
  for (const [name, plan] of cuts) {
    test(`a stream cut short by ${name} ends with an error and without [DONE]`, async t => {
      const user = await target.addUser()
      plan()
      const { status, text: raw } = await call(`${user.base}/chat/completions`, {
        json: { model: 'gpt-4o', messages: says('hi'), stream: true },
        headers: { authorization: `Bearer ${user.password}` },
      })
      t.equal(status, 200)
      const events = readEvents(raw)
      t.ok(events.length > 2, 'the received part is passed on')
      t.match(events.at(-1), {
        error: { message: /./, type: 'server_error',
          code: name === 'an error event' ? 'model_overloaded' : 'upstream_error' },
      })
      t.notMatch(raw, /\[DONE\]/)
      plan()
      await t.rejects(
        openAi(user).chat.completions.stream({ model: 'gpt-4o', messages: says('hi') }).finalChatCompletion(),
        { message: name === 'an error event' ? /too much/ : /Copilot|upstream/ },
      )
    })
  }

  test('a broken answer that is not streamed is 502', async t => {
    const { base, password } = await target.addUser()
    for (const kind of ['eof-after', 'reset-after'] as const) {
      emulator.fault({ path }, { kind, events: 0 })
      t.match(
        await call(`${base}/chat/completions`, { json: { messages: says('hi') },
          headers: { authorization: `Bearer ${password}` } }),
        { status: 502, json: { error: { code: 'upstream_error' } } },
      )
    }
  })

  test('an event that is not JSON, or a finish reason of "error", ends the stream with an error', async t => {
    for (const bad of ['data: {"choices":[{\n\n', chunk({}, { finish_reason: 'error' })]) {
      const { text: raw } = await streamed([text('a'), bad, stop, done])
      t.match(readEvents(raw).at(-1), { error: { code: 'upstream_error' } })
      t.notMatch(raw, /\[DONE\]/)
    }
  })

  test('an answer with unrequested compression is an error, not garbage', async t => {
    const { base, password } = await target.addUser()
    for (const stream of [false, true]) {
      emulator.fault({ path }, { kind: 'gzip' })
      const { status, text: raw } = await call(`${base}/chat/completions`, { json: { messages: says('hi'), stream },
        headers: { authorization: `Bearer ${password}` } })
      t.ok(status === 502 || stream, `${status}`)
      t.match(readEvents(raw).at(-1) ?? raw,
        stream && status === 200 ? { error: { code: 'upstream_error' } } : /upstream_error/)
      t.notMatch(raw, /\[DONE\]/)
    }
  })

  test('usage comes once, and in its own chunk if requested, whichever way Copilot sends it', async t => {
    const usage = { prompt_tokens: 15, completion_tokens: 1, total_tokens: 16 }
    const inFinish = [text('a'), chunk({ content: null }, { finish_reason: 'stop' }, { usage }), done]
    const apart = [{ ...text('a'), usage: null }, { ...stop, usage: null }, { choices: [], ...head, usage }, done]
    for (const chunks of [inFinish, apart]) {
      const { events } = await streamed(chunks, { stream_options: { include_usage: true } })
      const last = events.at(-2)
      t.match(last, { choices: [], object: 'chat.completion.chunk', usage })
      t.equal(events.filter(event => event.usage?.total_tokens === 16).length, 1)
    }
    const { events } = await streamed(apart)
    t.ok(events.slice(0, -1).every(event => event.choices.length === 1),
      'no chunk without a choice unless the client asks for usage')
  })

  test("the model's text cannot create an event", async t => {
    const words =
      'a\n\ndata: [DONE]\n\nevent: error\r\n\u2028"object":"chat.completion.chunk" "finish_reason":"stop" "tool_calls":'
    t.equal((await gathered({ text: [words, 'b'] })).choices[0]?.message.content, `${words}b`)
  })

  test('reasoning state of Claude and Gemini reaches the client and comes back unchanged', async t => {
    const { base, password } = await target.addUser()
    const ask = async (messages: unknown) => (await call(`${base}/chat/completions`, {
      json: { model: 'gemini-3.1-pro-preview', reasoning_effort: 'low', messages,
        tools: [{ type: 'function',
          function: { name: 'get_weather',
            parameters: { type: 'object', properties: { location: { type: 'string' } }, required: ['location'] } } }] },
      headers: { authorization: `Bearer ${password}` },
    }))
    const { json: { choices: [{ message }] } } = await ask(says('call get_weather for "Rome"'))
    t.match(message, { reasoning_opaque: /./, reasoning_text: /Rome/, tool_calls: [{}] })
    const { status } = await ask([...says('call get_weather for "Rome"'), message, { role: 'tool',
      tool_call_id: message.tool_calls[0].id, content: 'sunny' }])
    t.equal(status, 200, 'Copilot accepts only the state that it gave')
  })

  test('more stop sequences than the gateway emulates are refused before the upstream call', async t => {
    const { base, password } = await target.addUser()
    const stops = (n: number) => Array.from({ length: n }, (_, nth) => `stop ${nth}`)
    const ask = (path: string, json: object) =>
      call(`${base}${path}`, { json: { messages: says('hi'), ...json },
        headers: { authorization: `Bearer ${password}` } })
    t.equal((await ask('/chat/completions', { model: 'gpt-4o', stop: stops(68) })).status, 200,
      'four go to Copilot, 64 are emulated')
    const before = ['/chat/completions', '/responses', '/v1/messages'].flatMap(path => target.seen(path)).length
    const native = await ask('/chat/completions', { model: 'gpt-4o', stop: stops(69) })
    t.match(native, { status: 400, json: { error: { code: 'unsupported_parameter', param: 'stop' } } })
    const translated = await ask('/chat/completions', { model: 'gpt-5.3-codex', stop: stops(65) })
    t.match(translated, { status: 400, json: { error: { code: 'unsupported_parameter', param: 'stop' } } })
    const messages = await ask('/messages', { model: 'gpt-5.3-codex', max_tokens: 100,
      stop_sequences: ['x'.repeat(4_097)] })
    t.match(messages, { status: 400, json: { type: 'error', error: { type: 'invalid_request_error' } } })
    t.equal(['/chat/completions', '/responses', '/v1/messages'].flatMap(path => target.seen(path)).length, before)
  })
}
