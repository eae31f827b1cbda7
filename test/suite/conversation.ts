// Each conversation has one id: Copilot uses it to find the cached beginning of a prompt, and so does the emulator.
import type { Frame } from '../fixtures/cases.ts'
import { call, type Json } from '../fixtures/http.ts'
import type { User } from '../fixtures/targets.ts'

const rules = 'Answer in one sentence, and name the file that you read. '.repeat(160)
const tool = { name: 'read', description: 'Reads a file.',
  parameters: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] } }
const args = '{"path":"a.txt"}'
type Turns = readonly object[]
interface Loop {
  readonly path: string
  readonly model: string
  readonly body: (turns: Turns) => object
  readonly round: (n: number) => Turns
  readonly cached: (usage: Json) => number
}

const loops: Readonly<Record<string, Loop>> = {
  'chat/completions': {
    path: '/chat/completions',
    model: 'gpt-4o',
    body: turns => ({ messages: [{ role: 'system', content: rules }, ...turns],
      tools: [{ type: 'function', function: tool }] }),
    round:
      n => [{ role: 'assistant', content: null,
        tool_calls: [{ id: `call_${n}`, type: 'function', function: { name: 'read', arguments: args } }] }, {
        role: 'tool',
        tool_call_id: `call_${n}`,
        content: `line ${n}`,
      }],
    cached: usage => usage.prompt_tokens_details?.cached_tokens,
  },
  responses: {
    path: '/responses',
    model: 'gpt-5.3-codex',
    body: turns => ({ instructions: rules, input: turns, tools: [{ type: 'function', ...tool }] }),
    round: n => [{ type: 'function_call', call_id: `call_${n}`, name: 'read', arguments: args }, {
      type: 'function_call_output',
      call_id: `call_${n}`,
      output: `line ${n}`,
    }],
    cached: usage => usage.input_tokens_details?.cached_tokens,
  },
  messages: {
    path: '/v1/messages',
    model: 'claude-opus-4.8',
    body: turns => ({ system: rules, messages: turns, max_tokens: 1_000,
      tools: [{ name: tool.name, description: tool.description, input_schema: tool.parameters }] }),
    round:
      n => [{ role: 'assistant',
        content: [{ type: 'tool_use', id: `toolu_${n}`, name: 'read', input: { path: 'a.txt' } }] }, { role: 'user',
        content: [{ type: 'tool_result', tool_use_id: `toolu_${n}`, content: `line ${n}` }] }],
    cached: usage => usage.cache_read_input_tokens,
  },
}
const asks = (content: string) => ({ role: 'user', content })

export function conversationSuite ({ target, test, testWith }: Frame): void {
  const post = ({ base, password }: User, route: string, json: object, headers: Record<string, string> = {}) =>
    call(`${base}/${route}`, { json, headers: { authorization: `Bearer ${password}`, ...headers } })
  const idsOf = (path?: string) =>
    target.seen(path).filter(({ method }) => method === 'POST').map(({ headers }) => headers['x-interaction-id'])

  for (const [route, { path, model, body, round, cached }] of Object.entries(loops)) {
    test(`an agent's loop on ${path} finds its beginning in Copilot's cache`, async t => {
      const user = await target.addUser()
      const turns: object[] = [asks(`What does a.txt say, ${user.username}?`)]
      const hits: number[] = []
      for (let n = 0; n < 4; n++) {
        const { status, json } = await post(user, route, { model, ...body(turns) })
        t.equal(status, 200)
        hits.push(cached(json.usage) ?? 0)
        turns.push(...round(n))
      }
      t.equal(hits[0], 0)
      t.ok(hits.slice(1).every(hit => hit > 1_500), hits.join(', '))
      t.equal(new Set(idsOf(path)).size, 1)
      t.same(
        target.seen(path).map((
          { headers },
        ) => [headers['x-initiator'], headers['x-interaction-type'],
          headers['x-agent-task-id'] === headers['x-request-id']]
        ),
        ['user', 'agent', 'agent', 'agent'].map(initiator => [initiator, 'conversation-agent', true]),
      )

      const other = await target.addUser()
      const { json } = await post(other, route, { model, ...body(turns) })
      t.equal(cached(json.usage) ?? 0, 0, 'another user has another conversation')
    })
  }

  test('a conversation has one id in every dialect; other beginnings and other users have other ids', async t => {
    const [user, other] = [await target.addUser(), await target.addUser()]
    for (const [route, { model, body }] of Object.entries(loops)) {
      await post(user, route, { model, ...body([asks('one')]) })
      await post(user, route, { model: 'gpt-4o', ...body([asks('one')]), stream: true })
    }
    t.equal(new Set(idsOf()).size, 1)
    await post(user, 'messages', { model: 'gpt-4o',
      ...loops['messages']?.body([{ role: 'user',
        content: [{ type: 'text', text: 'one', cache_control: { type: 'ephemeral' } }] },
        ...loops['messages'].round(1)]) })
    t.equal(new Set(idsOf()).size, 1, 'however it continues')
    await post(user, 'messages', { model: 'gpt-4o', ...loops['messages']?.body([asks('two')]) })
    await post(other, 'messages', { model: 'gpt-4o', ...loops['messages']?.body([asks('one')]) })
    t.equal(new Set(idsOf()).size, 3)
    for (const id of idsOf()) t.match(id, /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/)
  })

  test("a client's own session field names the conversation, whatever its messages are", async t => {
    const user = await target.addUser()
    const session = '3c1d7a52-6b0e-4a7e-9f3e-0c8f6d1f2a11'
    const fields: ReadonlyArray<readonly [string, object, Record<string, string>]> = [['responses', {
      prompt_cache_key: session,
    }, {}], ['messages', { metadata: { user_id: `user_1_account_2_session_${session}` } }, {}], ['messages', {
      metadata: { user_id: `{"device_id":"d","session_id":"${session}"}` },
    }, {}], ['messages', {}, { 'x-claude-code-session-id': session }], ['responses', {}, { 'session-id': session }], [
      'responses',
      {},
      { session_id: session },
    ]]
    for (const [route, more, headers] of fields) {
      for (const text of ['one', 'two']) {
        await post(user, route, { model: 'gpt-4o', ...loops[route]?.body([asks(text)]), ...more }, headers)
      }
    }
    t.equal(new Set(idsOf()).size, 1)
    t.notOk(idsOf().some(id => id === session), 'the field itself is not sent')
    for (const text of ['one', 'two']) {
      await post(user, 'messages', { model: 'gpt-4o', ...loops['messages']?.body([asks(text)]),
        metadata: { user_id: 'somebody' } })
    }
    t.equal(new Set(idsOf()).size, 3, "a user's id does not name a conversation")
  })

  testWith({ AUTH_REVALIDATE_SECONDS: '0' }, 'another process gives a conversation the same id', async (t, own) => {
    const user = await own.addUser()
    await post(user, 'chat/completions', { model: 'gpt-4o', messages: [asks('one')] })
    own.clock?.advance(25 * 3_600_000) // After this time the process has forgotten every user.
    await post(user, 'chat/completions', { model: 'gpt-4o', messages: [asks('one')] })
    t.equal(new Set(own.seen('/chat/completions').map(({ headers }) => headers['x-interaction-id'])).size, 1)
  })
}
