// Features that Codex needs and an ordinary Responses client does not.
import type OpenAI from 'openai'
import type { Frame } from '../fixtures/cases.ts'
import { call } from '../fixtures/http.ts'
import type { User } from '../fixtures/targets.ts'
import { openAi } from './openai.ts'

/** The keys that Codex 0.171 or an older version requires of every entry. docs/spec/translation.md#codex-catalogue */
const required = ['slug', 'display_name', 'supported_reasoning_levels', 'shell_type', 'visibility', 'supported_in_api',
  'priority', 'base_instructions', 'supports_reasoning_summaries', 'support_verbosity', 'truncation_policy',
  'supports_parallel_tool_calls', 'experimental_supported_tools']

export function codexSuite ({ target, test, testWith }: Frame): void {
  const { emulator } = target
  const ask = (user: User, query: string) =>
    call(`${user.base}/models${query}`, { headers: { authorization: `Bearer ${user.password}` } })

  test('with client_version the list also has the catalogue of Codex', async t => {
    const user = await target.addUser()
    const plain = await ask(user, '')
    const { status, json: { models, ...rest } } = await ask(user, '?client_version=0.171.0')
    t.same([status, rest], [200, plain.json], 'next to the lists of the others')
    t.notOk('models' in plain.json)
    const chat = (plain.json.data as Array<{ id: string, capabilities: { type: string } }>).filter(({ capabilities }) =>
      capabilities.type === 'chat'
    ).map(({ id }) => id)
    t.same(models.map(({ slug }: { slug: string }) => slug).toSorted(), chat.toSorted(), 'each chat model, no other')
    for (const [priority, model] of models.entries()) {
      t.same(required.filter(key => model[key] === undefined || model[key] === null), [], model.slug)
      t.match(model, { priority, shell_type: 'unified_exec', supported_in_api: true, visibility: /^(?:list|hide)$/,
        truncation_policy: { mode: 'tokens', limit: 10_000 }, experimental_supported_tools: [] })
      t.ok(model.input_modalities.every((word: string) => word === 'text' || word === 'image'))
    }
  })

  test('an entry has the limits and features of the model on this seat', async t => {
    const user = await target.addUser()
    const { json } = await ask(user, '?client_version=0.171.0')
    const entry = (slug: string) => json.models.find((model: { slug: string }) => model.slug === slug)
    t.match(entry('gpt-5.1'), { display_name: 'GPT-5.1', default_reasoning_level: 'medium', support_verbosity: true,
      default_verbosity: 'medium', context_window: 128_000, apply_patch_tool_type: 'freeform', visibility: 'list',
      supports_reasoning_summaries: true, input_modalities: ['text', 'image'] })
    t.match(entry('claude-sonnet-4.5'), { context_window: 168_000, max_context_window: 168_000,
      apply_patch_tool_type: 'freeform', supports_parallel_tool_calls: true })
    t.match(entry('gpt-4.1'), { supported_reasoning_levels: [], default_reasoning_level: null,
      supports_reasoning_summaries: false, support_verbosity: false, default_verbosity: null })
    t.match(entry('grok-code-fast-1'), { visibility: 'hide' }, 'nobody has accepted its terms')
    const shown = json.models.map((model: { visibility: string }) => model.visibility)
    t.equal(shown[0], 'list', 'the first is the default')
  })

  test('an early version gets no effort that it does not know', async t => {
    const { supports } = target.emulator.models.find(({ id }) => id === 'gpt-5.1')?.capabilities ?? {}
    const before = supports?.reasoning_effort ?? []
    t.teardown(() => Object.assign(supports ?? {}, { reasoning_effort: before }))
    Object.assign(supports ?? {}, { reasoning_effort: ['low', 'high', 'max'] })
    const user = await target.addUser()
    const efforts = async (version: string) => {
      const { json } = await ask(user, `?client_version=${version}`)
      const model = json.models.find(({ slug }: { slug: string }) => slug === 'gpt-5.1')
      return [model.default_reasoning_level,
        ...model.supported_reasoning_levels.map(({ effort }: { effort: string }) => effort)]
    }
    t.same(await efforts('0.92.0'), ['high', 'low', 'high'])
    t.same(await efforts('0.171.0'), ['high', 'low', 'high', 'max'])
    t.same(await efforts('latest'), ['high', 'low', 'high', 'max'], 'no version at all counts as the newest')
  })

  test('a response is found again by its id, with its input, until it is deleted', async t => {
    const user = await target.addUser()
    const client = openAi(user)
    for (const model of ['gpt-5.1', 'claude-sonnet-4.5']) {
      const first = await client.responses.create({ model, input: 'Say "one".', instructions: 'Be brief.' })
      const second = await client.responses.create({ model, input: [{ role: 'user', content: 'Say "two".' }],
        previous_response_id: first.id })
      const { output_text: _text, ...created } = second
      t.same(await client.responses.retrieve(second.id).then(({ output_text: _own, ...kept }) => kept), created, model)
      const items = await client.responses.inputItems.list(second.id, { order: 'asc' })
      const messages = items.data.filter(item => item.type === 'message')
      t.match(messages.map(({ role, content }) => [role, content]), [['user', [{ type: 'input_text',
        text: 'Say "one".' }]], ['assistant', [{ type: 'output_text' }]], ['user', [{ text: 'Say "two".' }]]], model)
      t.equal(new Set(items.data.map(({ id }) => id)).size, items.data.length, 'each has an id of its own')
      const pages: string[] = []
      for await (const { id } of client.responses.inputItems.list(second.id, { limit: 1 })) pages.push(id ?? '')
      t.same(pages, items.data.map(({ id }) => id).toReversed(), 'page by page, the newest first')

      target.begin()
      await client.responses.delete(second.id)
      await t.rejects(client.responses.retrieve(second.id), { status: 404, code: 'not_found' })
      await t.rejects(client.responses.create({ model, input: 'x', previous_response_id: second.id }), { status: 400,
        code: 'previous_response_not_found' })
      t.same(target.seen(), [], 'no request reaches Copilot')
      t.equal((await client.responses.retrieve(first.id)).id, first.id, 'the other stays')
    }
  })

  test('a response that was streamed is replayed as events', async t => {
    const user = await target.addUser()
    const client = openAi(user)
    for (const model of ['gpt-5.1', 'claude-sonnet-4.5']) {
      const made = await client.responses.stream({ model, input: 'Say "one".' }).finalResponse()
      const types = async (query: object) => {
        const events = await client.responses.retrieve(made.id, { stream: true, ...query })
        const seen: string[] = []
        for await (const event of events) seen.push(event.type)
        return seen
      }
      const all = await types({})
      t.match([all[0], all.at(-1)], ['response.created', 'response.completed'], model)
      t.same(await types({ starting_after: 1 }), all.slice(2))
      const again = await client.responses.stream({ response_id: made.id }).finalResponse()
      t.equal(again.output_text, made.output_text)
    }
  })

  test('only its own user finds a response, and no user finds one with store: false', async t => {
    const [user, other] = [await target.addUser(), await target.addUser()]
    const { id } = await openAi(user).responses.create({ model: 'gpt-5.1', input: 'hi' })
    const unstored = await openAi(user).responses.create({ model: 'gpt-5.1', input: 'hi', store: false })
    const missing = { status: 404, param: 'id', type: 'invalid_request_error',
      message: /Response with id '.+' not found/ }
    for (const [asking, asked] of [[other, id], [user, unstored.id], [user, 'resp_x']] as const) {
      await t.rejects(openAi(asking).responses.retrieve(asked), missing)
      await t.rejects(openAi(asking).responses.delete(asked), missing)
      await t.rejects(openAi(asking).responses.inputItems.list(asked), missing)
    }
    for (const query of ['limit=0', 'limit=101', 'limit=x', 'after=none']) {
      t.match(await call(`${user.base}/responses/${encodeURIComponent(id)}/input_items?${query}`, {
        headers: { authorization: `Bearer ${user.password}` },
      }), { status: 400, json: { error: { param: query.split('=')[0] } } }, query)
    }
  })

  test('responses.inputTokens.count() counts here, for any model', async t => {
    const user = await target.addUser()
    const client = openAi(user)
    const first = await client.responses.create({ model: 'gpt-5.1', input: 'one two three' })
    target.begin()
    const count = async (body: Parameters<typeof client.responses.inputTokens.count>[0]) => {
      const counted = await client.responses.inputTokens.count(body)
      t.equal(counted.object, 'response.input_tokens')
      return counted.input_tokens
    }
    const short = await count({ model: 'claude-sonnet-4.5', input: 'one two three' })
    t.ok(short > 0)
    t.ok(await count({ input: 'one two three', instructions: 'Be brief, please.' }) > short)
    t.ok(await count({ model: 'gpt-5.1', input: 'and?', previous_response_id: first.id }) > short)
    t.equal(await count({}), 0)
    await t.rejects(count({ previous_response_id: 'resp_x' }), { status: 400, code: 'previous_response_not_found' })
    t.same(target.seen(), [], 'nothing is sent to Copilot')
    const got = await call(`${user.base}/responses/input_tokens`, { json: { input: 'hi' },
      headers: { authorization: `Bearer ${user.password}` } })
    t.match(got.headers.get('x-token-count'), /^(?:tokenizer|estimate)$/)
    t.match(
      await call(`${user.base}/responses/input_tokens`, { json: { input: 1 },
        headers: { authorization: `Bearer ${user.password}` } }),
      { status: 400, json: { error: { param: 'input' } } },
    )
  })

  /** One model for each endpoint of Copilot. Only the first can compact by itself. */
  const models = { '/responses': 'gpt-5.3-codex', '/v1/messages': 'claude-sonnet-4.6',
    '/chat/completions': 'gpt-4.1' } as const
  const history = [{ role: 'user' as const, content: 'Write "proof" into proof.txt.' }, {
    type: 'function_call' as const,
    call_id: 'c1',
    name: 'run',
    arguments: '{"command":"echo proof > proof.txt"}',
  }, {
    type: 'function_call_output' as const,
    call_id: 'c1',
    output: 'done',
  }, { role: 'user' as const, content: 'And now?' }]
  const tools = [{ type: 'function' as const, name: 'run', strict: false,
    parameters: { type: 'object', properties: { command: { type: 'string' } } } }]
  const trigger = { type: 'compaction_trigger' } as never
  const lastCall = (path: keyof typeof models) => target.seen(path).at(-1)

  for (const [path, model] of Object.entries(models) as Array<[keyof typeof models, string]>) {
    for (const stream of [false, true]) {
      test(`${model} compacts a conversation, ${stream ? 'streamed' : 'whole'}, and goes on after it`, async t => {
        const client = openAi(await target.addUser())
        target.begin()
        const body = { model, input: [...history, trigger], tools }
        const { events, response } = stream
          ? await collected(client, body)
          : { events: null, response: await client.responses.create(body) }
        t.match(response.output, [{ type: 'compaction', id: /^cmp_/, encrypted_content: /./ }])
        t.equal(response.output.length, 1)
        t.match(response, { status: 'completed', usage: { total_tokens: Number } })
        if (events !== null) {
          t.strictSame(events.filter(({ type }) => type === 'response.output_item.done').length, 1)
          t.equal(events.at(-1)?.type, 'response.completed')
        }
        t.match(lastCall(path)?.headers, { 'x-initiator': 'agent', 'x-interaction-type': 'conversation-compaction',
          'openai-intent': 'conversation-agent' })
        t.equal(target.seen(path).length, 1, 'one call')
        const isNative = path === '/responses'
        const [item] = response.output as unknown as [{ encrypted_content: string }]
        t.equal(item.encrypted_content.startsWith('cpt1.s.'), !isNative, "Copilot's own state, or a summary")

        const next = { ...item, id: undefined } as never
        await client.responses.create({ model, input: [next, { role: 'user', content: 'Go on.' }], tools })
        t.equal(lastCall(path)?.headers['x-initiator'], 'user')
        const sent = JSON.stringify(lastCall(path)?.json)
        t.equal(sent.includes('Summary of the conversation so far:'), !isNative)
        t.equal(sent.includes(item.encrypted_content), isNative)
        await client.responses.create({ model, input: [{ role: 'user', content: 'Go on.' }, next], tools })
        t.equal(lastCall(path)?.headers['x-initiator'], 'agent', 'after a compaction in the middle of a turn')
      })
    }
  }

  test('the Chat route refuses to compact a Responses body', async t => {
    const user = await target.addUser()
    target.begin()
    for (const stream of [false, true]) {
      t.match(
        await call(`${user.base}/chat/completions`, { headers: { authorization: `Bearer ${user.password}` },
          json: { model: 'gpt-4.1', input: [...history, trigger], stream } }),
        { status: 400, json: { error: { code: 'unsupported_parameter', param: 'input' } } },
      )
    }
    t.same(target.seen(), [], 'nothing is sent to Copilot')
  })

  testWith({ UPSTREAM_FIRST_BYTE_SECONDS: '0.6', HEARTBEAT_SECONDS: '0.2' },
    'a streamed compaction that fails after its status leaves a line in the log', async (t, own) => {
    const user = await own.addUser()
    own.emulator.fault({ path: '/chat/completions' }, { kind: 'hang' })
    const { status, text } = await call(`${user.base}/responses`, {
      headers: { authorization: `Bearer ${user.password}` },
      json: { model: 'gpt-4.1', input: [...history, trigger], stream: true },
    })
    t.equal(status, 200)
    t.match(text, 'response.failed')
    t.match(own.logs(), /"code":"upstream_timeout".*a stream ended early/)
  })

  test('tools in namespaces and custom tools do not keep a conversation from being compacted by Copilot', async t => {
    const client = openAi(await target.addUser())
    const spaces = [{ type: 'namespace', name: 'multi', description: 'Agents.', tools }, { type: 'custom',
      name: 'patch' }]
    const { output } = await client.responses.create({ model: models['/responses'], input: [...history, trigger],
      tools: spaces as never })
    t.match(output, [{ type: 'compaction', encrypted_content: /^gAAAA/ }])
    const input = [output[0] as never, { role: 'user' as const, content: 'Go on.' }]
    await client.responses.create({ model: models['/responses'], input, tools: spaces as never })
    t.match(lastCall('/responses')?.json, { input: [{ type: 'compaction', encrypted_content: /^gAAAA/ }, {}] })
  })

  test('of two items the last is the answer; without one, or after a refusal, the model writes a summary', async t => {
    const client = openAi(await target.addUser())
    const compact = async () => {
      target.begin()
      const { output } = await client.responses.create({ model: 'gpt-5-mini', input: [...history, trigger], tools })
      t.equal(output.length, 1)
      return (output[0] as unknown as { encrypted_content: string }).encrypted_content
    }
    const state = await compact()
    t.match(state, /^gAAAA/)
    t.equal(target.seen('/responses').length, 1, 'gpt-5-mini gives two')
    const again = { type: 'compaction', encrypted_content: state } as never
    await client.responses.create({ model: 'gpt-5-mini', input: [again, { role: 'user', content: 'hi' }] })

    emulator.answers.push({ compactions: 0, text: 'I will not.' }, { text: 'The user wants a proof.' })
    t.match(textOf(await compact()), 'The user wants a proof.')
    t.equal(target.seen('/responses').length, 2)
    emulator.fault({ path: '/responses' }, { kind: 'status', status: 400, body: JSON.stringify({
      error: { message: "Invalid value: 'compaction_trigger'", code: 'invalid_request_body' },
    }) })
    emulator.answers.push({ text: 'The user wants a proof.' })
    t.match(textOf(await compact()), 'The user wants a proof.')
    const [question] = target.seen('/responses').slice(-1)
    t.match(question?.json, { tool_choice: 'none', store: false, input: Array })
    t.match(question?.headers, { 'x-initiator': 'agent', 'x-interaction-type': 'conversation-compaction' })
  })

  test('responses.compact() gives the messages of the user and one item, for every model', async t => {
    const client = openAi(await target.addUser())
    for (const [path, model] of Object.entries(models) as Array<[keyof typeof models, string]>) {
      target.begin()
      const compacted = await client.responses.compact({ model, input: history, instructions: 'Be brief.' })
      t.match(compacted, { id: /^resp_/, object: 'response.compaction', created_at: Number,
        usage: { input_tokens: Number, output_tokens: Number, total_tokens: Number,
          input_tokens_details: { cached_tokens: Number }, output_tokens_details: { reasoning_tokens: Number } },
        output: [{ type: 'message', role: 'user', id: /./, content: [{ type: 'input_text' }] }, { role: 'user' }, {
          type: 'compaction',
          id: /^cmp_/,
        }] }, model)
      t.equal(compacted.output.length, 3)
      t.equal(target.seen(path).length, 1)
      const answer = await client.responses.create({ model,
        input: [...compacted.output as never[], { role: 'user', content: 'Go on.' }] })
      t.equal(answer.status, 'completed', 'it can be used as it is')
    }
    const first = await client.responses.create({ model: 'gpt-4.1', input: 'Remember the word "pear".' })
    const chained = await client.responses.compact({ model: 'gpt-4.1', previous_response_id: first.id })
    t.match(chained.output.at(-1), { type: 'compaction' })
  })

  test('a compaction takes the place of the conversation for previous_response_id', async t => {
    const client = openAi(await target.addUser())
    const { id } = await client.responses.create({ model: 'gpt-4.1', input: [...history, trigger], tools })
    target.begin()
    await client.responses.create({ model: 'gpt-4.1', previous_response_id: id, input: 'Go on.' })
    const { messages } = lastCall('/chat/completions')?.json as { messages: object[] }
    t.match(messages, [{ role: 'user', content: [{ text: /^Summary of the/ }, { text: 'Go on.' }] }])
    t.equal(messages.length, 1)
  })

  test("another server's state is left out and named, and a damaged one of ours is a 400", async t => {
    const user = await target.addUser()
    const send = (model: string, item: object) =>
      call(`${user.base}/responses`, { headers: { authorization: `Bearer ${user.password}` },
        json: { model, input: [{ role: 'user', content: 'hi' }, item, { role: 'user', content: 'and?' }] } })
    for (const [path, model] of Object.entries(models)) {
      for (const type of ['compaction', 'context_compaction', 'compaction_summary']) {
        const got = await send(model, { type, encrypted_content: 'gAAAAforeign' })
        t.match([got.status, got.headers.get('x-proxy-dropped')], [200, /compaction|reasoning/], `${path} ${type}`)
        const empty = await send(model, { type })
        t.equal(empty.status, 200, `${path} ${type} without content`)
      }
      const pack = (value: unknown) => `cpt1.s.${Buffer.from(JSON.stringify(value)).toString('base64url')}`
      for (const state of ['cpt1.s.', 'cpt1.s.%%%', 'cpt1.s.eA', 'cpt1.x.eyJ9', pack([]), pack({ v: 2, text: 'x' }),
        pack({ v: 1, text: 7 }), pack({ v: 1 }), pack(null), 7, {}, []]) {
        const got = await send(model, { type: 'compaction', encrypted_content: state })
        t.match(got, { status: 400, json: { error: { param: 'input[1].encrypted_content', code: 'invalid_request' } } },
          `${path} ${JSON.stringify(state)}`)
      }
    }
  })

  test('a conversation that is too long for a summary is shortened once', async t => {
    const client = openAi(await target.addUser())
    const long = { type: 'function_call_output' as const, call_id: 'c1', output: 'x'.repeat(900_000) }
    target.begin()
    const { output } = await client.responses.create({ model: 'gpt-4.1', tools,
      input: [history[0]!, history[1]!, long, history[3]!, trigger] })
    t.match(output, [{ type: 'compaction', encrypted_content: /^cpt1\.s\./ }])
    t.same(target.seen('/chat/completions').map(({ status }) => status), [400, 200])
  })

  test('messages of other agents and outputs keep their prose, whatever the type of its part', async t => {
    const user = await target.addUser()
    const encrypted = (content: string) => ({ type: 'encrypted_content', encrypted_content: content })
    const agentMessage = (...content: object[]) => ({ type: 'agent_message', author: '/root', recipient: '/root/w1',
      content })
    const round = (
      ...output: object[]
    ) => [{ role: 'user', content: 'Begin.' }, { type: 'function_call', call_id: 'c1', name: 'wait_agent',
      arguments: '{}' }, { type: 'function_call_output', call_id: 'c1', output }]
    for (const [path, model] of Object.entries(models) as Array<[keyof typeof models, string]>) {
      const send = async (input: object[]) => {
        target.begin()
        const got = await call(`${user.base}/responses`, { headers: { authorization: `Bearer ${user.password}` },
          json: { model, input, tools: [{ ...tools[0], name: 'wait_agent' }] } })
        t.equal(got.status, 200, `${model}: ${got.text.slice(0, 200)}`)
        return { sent: JSON.stringify(lastCall(path)?.json), dropped: got.headers.get('x-proxy-dropped') ?? '',
          calls: target.seen(path).length }
      }
      t.match(
        await send([agentMessage({ type: 'input_text', text: 'Count the files.' }, encrypted('Start with src now.'))]),
        { sent: /message from \/root to \/root\/w1.*Count the files\..*Start with src now\./, dropped: '', calls: 1 },
        model,
      )
      t.match(await send([agentMessage({ type: 'input_text', text: 'Count.' }, encrypted('gAAAAcipher'))]), {
        sent: /Count\..*\[encrypted message\]/,
        dropped: /agent_message/,
      }, model)
      t.match(await send(round(encrypted('There are 7 files.'))), { sent: /There are 7 files\./, dropped: '',
        calls: 1 }, model)
      t.match(
        await send([{ role: 'user', content: 'Begin.' }, { type: 'function_call_output', name: 'wait_agent',
          output: 'It has 7 files.' }]),
        { sent: /It has 7 files\./, calls: 1 },
        'an output of no call',
      )
      const unread = await send(round({ type: 'input_text', text: 'Found it.' }, encrypted('gAAAAcipher')))
      t.match(unread, { sent: /Found it\..*\[encrypted message\]/, dropped: /encrypted_content/,
        calls: path === '/responses' ? 2 : 1 }, model)
    }
  })

  test('Codex stops at a used-up quota, and waits for any other limit', async t => {
    const user = await target.addUser()
    const ask = (status: number, code: string, headers: Record<string, string> = {}) => {
      emulator.fault({ path: '/responses' }, { kind: 'status', status, headers,
        body: JSON.stringify({ error: { message: 'No more.', code } }) })
      return call(`${user.base}/responses`, { headers: { authorization: `Bearer ${user.password}` },
        json: { model: models['/responses'], input: 'hi' } })
    }
    const quota = await ask(402, 'quota_exceeded', { 'retry-after': '120' })
    t.match([quota.status, quota.json.error, quota.headers.get('retry-after'), quota.headers.get('x-should-retry')], [
      429,
      { code: 'insufficient_quota', type: 'insufficient_quota' },
      null,
      'false',
    ])
    const limit = await ask(429, 'rate_limited')
    t.match([limit.status, limit.headers.get('retry-after')], [429, '5'])
    t.match((await ask(429, 'rate_limited', { 'retry-after': '9' })).headers.get('retry-after'), '9')
    const broken = await ask(500, 'internal_error')
    t.match([broken.status, broken.headers.get('retry-after')], [502, '2'])
  })
}

type Body = { readonly model: string, readonly input: never, readonly tools: never }

async function collected (client: OpenAI, body: object) {
  const stream = client.responses.stream(body as Body)
  const events: Array<{ type: string }> = []
  for await (const event of stream) events.push(event)
  return { events, response: await stream.finalResponse() }
}

/** Our own state, read. */
function textOf (state: string): string {
  return JSON.parse(Buffer.from(state.replace('cpt1.s.', ''), 'base64url').toString()).text
}
