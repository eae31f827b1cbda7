// C→M and R→M: requests for upstream's Messages endpoint. `docs/spec/translation.md#messages-request`,
// `docs/spec/translation.md#golden-cases`.
import t from 'tap'
import type { Block, Prompt, Tool, Turn } from '../../../../src/dialects/contract/prompt.ts'
import { newLedger, older, request, target, type Json } from '../fixtures.ts'

const eph = { type: 'ephemeral' }
const text = (value: string): Block => ({ type: 'text', text: value })
const user = (...blocks: Block[]): Turn => ({ role: 'user', blocks })
const assistant = (...blocks: Block[]): Turn => ({ role: 'assistant', blocks })
const call = (id: string, input = '{}', more: object = {}): Block => ({ type: 'tool-call', id, name: 'f',
  namespace: null, kind: 'function', builtin: null, input, ...more })
const result = (id: string, value = 'ok'): Block => ({ type: 'tool-result', id, blocks: [{ type: 'text', text: value }],
  isError: null })
const tool = (more: Partial<Tool> = {}): Tool => ({ name: 'f', namespace: null, kind: 'function', builtin: null,
  description: 'd', schema: { type: 'object', properties: {} }, strict: false, grammar: null, cache: false, ...more })
const bare = (body: Json): Json =>
  JSON.parse(JSON.stringify(body, (key, value: unknown) => key === 'cache_control' ? undefined : value))
const lost = (given: Partial<Prompt>, to = target()): readonly string[] => {
  const ledger = newLedger()
  request(given, to, ledger)
  return ledger.lost()
}

t.test('system blocks in order, one user turn, max_tokens filled in (golden 10, 15)', t => {
  const out = request({ system: [{ type: 'text', text: 'a' }, { type: 'text', text: 'b' }] })
  t.same(bare(out), { model: 'claude-sonnet-4.6', max_tokens: 32_000, stream: true,
    system: [{ type: 'text', text: 'a' }, { type: 'text', text: 'b' }],
    messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }] })
  t.equal(request({}, target({ stream: false })).max_tokens, 16_000)
  t.notOk('stream' in request({}, target({ stream: false })))
  t.equal(request({ maxTokens: 99_999 }).max_tokens, 32_000)
  t.end()
})

t.test('calls, results and text come in the order that upstream requires (golden 20)', t => {
  const out = bare(
    request({ tools: [tool()],
      turns: [user(text('x')), assistant(call('a'), call('b', '{"q":1}')),
        user(result('a'), result('b'), text('y'))] }),
  )
  t.same(out.messages.slice(1), [{ role: 'assistant',
    content: [{ type: 'tool_use', id: 'a', name: 'f', input: {} }, { type: 'tool_use', id: 'b', name: 'f',
      input: { q: 1 } }] }, { role: 'user',
    content: [{ type: 'tool_result', tool_use_id: 'a', content: 'ok' }, { type: 'tool_result', tool_use_id: 'b',
      content: 'ok' }, { type: 'text', text: 'y' }] }])
  t.end()
})

t.test('any history starts with the user, has no empty block, and ids match on both sides (golden 87, 88, 97)', t => {
  t.match(
    request({ turns: [assistant(text('x')), user(text(' '), text('y'))] }).messages.map((
      message: Json,
    ) => [message.role, message.content.map((block: Json) => block.text)]),
    [['user', ['(conversation start)']], ['assistant', ['x']], ['user', ['y']]],
  )
  t.match(request({ turns: [] }).messages, [{ role: 'user', content: [{ text: '(conversation start)' }] }])
  const odd =
    request({ tools: [tool()],
      turns: [user(text('x')), assistant(call('fc:1|2', 'not json')), user(result('fc:1|2'))] }).messages
  t.same(odd[1].content[0].input, { _raw: 'not json' })
  t.match(odd[1].content[0].id, /^[A-Za-z0-9_-]+$/)
  t.equal(odd[1].content[0].id, odd[2].content[0].tool_use_id)
  t.match(request({ tools: [tool(), tool({ description: 'later' })] }).tools, [{ description: 'later' }])
  t.end()
})

t.test('a prefilled answer gets "Continue." after it if the model accepts no prefill', t => {
  const turns = [user(text('x')), assistant(text('so \n'))]
  t.match(bare(request({ turns })).messages.at(-1), { role: 'user', content: 'Continue.' })
  t.match(bare(request({ turns }, older())).messages.at(-1), { role: 'assistant', content: [{ text: 'so' }] })
  t.match(bare(request({ turns, effort: 'low' }, older())).messages.at(-1), { role: 'user', content: 'Continue.' })
  t.end()
})

t.test('instructions in mid-conversation stay where they are', t => {
  const note: Turn = { role: 'system', blocks: [text('n')] }
  const out = bare(
    request({ tools: [tool()], turns: [user(text('x')), assistant(call('a')), note, user(result('a'), text('y'))] }),
  )
  t.match(out.messages[2].content.map((block: Json) => block.type), ['tool_result', 'text', 'text'])
  t.match(out.messages[2].content[1].text, /<system-reminder>\nn\n/)
  t.match(bare(request({ turns: [user(text('x')), note] }, target({ id: 'claude-opus-4.8' }))).messages, [{
    role: 'user',
  }, { role: 'system', content: [{ text: 'n' }] }])
  t.end()
})

t.test('tools: functions, free text as functions, none strict; choices (golden 28, 41, 42, 43, 76)', t => {
  const custom = tool({ name: 'patch', kind: 'custom', schema: null,
    grammar: { syntax: 'lark', definition: 'start: "x"' } })
  const out = request({
    tools: [tool({ strict: true, schema: { $schema: 's', properties: {} } }), custom,
      tool({ name: 'g', namespace: 'ns', schema: null, description: null })],
  })
  t.same(bare(out).tools[0], { name: 'f', description: 'd', input_schema: { type: 'object', properties: {} } })
  t.match(out.tools[1], { name: 'patch', description: /lark grammar:\nstart/, input_schema: { required: ['input'] } })
  t.same(bare(out).tools[2], { name: 'ns__g', input_schema: { type: 'object', properties: {} } })
  t.same(lost({ tools: [tool({ strict: true })] }), ['tools.strict'])
  const table: ReadonlyArray<readonly [Partial<Prompt>, object | undefined]> = [[{}, undefined], [{
    toolChoice: { type: 'auto' },
  }, undefined], [{ toolChoice: { type: 'none' }, parallelToolCalls: false }, { type: 'none' }], [{
    toolChoice: { type: 'required' },
  }, { type: 'any' }], [{ toolChoice: { type: 'tool', tool: { name: 'f', namespace: null } },
    parallelToolCalls: false }, { type: 'tool', name: 'f', disable_parallel_tool_use: true }], [{
    parallelToolCalls: false,
  }, { type: 'auto', disable_parallel_tool_use: true }], [{ parallelToolCalls: true }, undefined]]
  for (const [given, choice] of table) t.same(request({ ...given, tools: [tool()] }).tool_choice, choice)
  const allowed = request({ tools: [tool(), tool({ name: 'g' })],
    toolChoice: { type: 'allowed', mode: 'required', tools: [{ name: 'g', namespace: null }] } })
  t.match(allowed, { tools: [{ name: 'g' }], tool_choice: { type: 'any' } })
  t.equal(allowed.tools.length, 1)
  const history = [user(text('x')), assistant(call('a', 'raw text', { kind: 'custom' })), user(result('a'))]
  t.match(request({ turns: history }), { tools: [{ name: 'f', input_schema: { type: 'object' } }],
    tool_choice: { type: 'none' } })
  t.same(request({ turns: history }).messages[1].content[0].input, { input: 'raw text' })
  t.end()
})

t.test('images and documents by value and by URL (golden 37, 39, 74)', t => {
  const image: Block = { type: 'image', source: { mime: 'image/png', data: 'iVBORw0KGgo=' }, detail: 'high' }
  const pdf: Block = { type: 'file', source: { mime: 'application/pdf', data: 'JVBERi0=' }, name: 'a.pdf' }
  const plain: Block = { type: 'file', source: { mime: 'text/csv', data: btoa('a,b') }, name: 'a.csv' }
  const link: Block = { type: 'image', source: { url: 'https://a.example/x.png' }, detail: null }
  const out = bare(
    request({ tools: [tool()],
      turns: [user(text('x')), assistant(call('a')),
        user({ type: 'tool-result', id: 'a', blocks: [image], isError: true }, pdf, plain, link)] }),
  )
  t.same(out.messages[2].content, [{ type: 'tool_result', tool_use_id: 'a',
    content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } }],
    is_error: true }, { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' },
    title: 'a.pdf' }, { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'a,b' },
    title: 'a.csv' }, { type: 'image', source: { type: 'url', url: 'https://a.example/x.png' } }])
  t.same(lost({ turns: [user(image)] }), ['detail'])
  for (const wrong of [{ ...image, source: { mime: 'image/heic', data: 'x' } }, { ...image,
    source: { url: 'file:///etc/passwd' } }, { ...pdf, source: { mime: 'video/mp4', data: 'x' } }] as Block[]) {
    t.throws(() => request({ turns: [user(wrong)] }), { code: 'unsupported_parameter' })
  }
  t.end()
})

t.test('cache marks are where the next request reuses most (2.9.4), or where the client set them', t => {
  const turns = [user(text('1')), assistant(text('2')), user(text('3')), assistant(text('4')), user(text('5'))]
  const out = request({ turns, system: [{ type: 'text', text: 'a' }, { type: 'text', text: 'b' }],
    tools: [tool(), tool({ name: 'g' })] })
  t.match(out, { system: [{}, { cache_control: eph }], tools: [{}, { cache_control: eph }] })
  t.same(out.messages.map((message: Json) => 'cache_control' in message.content[0]), [false, false, true, false, true])
  t.equal(JSON.stringify(out).split('"cache_control"').length - 1, 4)
  const own = request({
    turns: [user({ type: 'text', text: 'x', cache: true }), assistant(text('y')), user(text('z'))],
    system: [{ type: 'text', text: 'a' }],
  })
  t.equal(JSON.stringify(own).split('"cache_control"').length - 1, 1)
  t.end()
})
