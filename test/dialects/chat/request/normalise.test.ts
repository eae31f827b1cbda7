// Shapes that editors borrow from Anthropic and Responses, rewritten in Chat's own form.
import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { toChatShapes } from '../../../../src/dialects/chat/request/normalise.ts'
import type { Json } from '../help.ts'

const shapes = (body: object): Json => toChatShapes(body as Record<string, unknown>)
const textPart = (text: string) => ({ type: 'text', text })
const call = (id: string, input: unknown = {}) => ({ type: 'tool_use', id, name: 'f', input })
const result = (id: string, content: unknown, more: object = {}) => ({ type: 'tool_result', tool_use_id: id, content,
  ...more })
const user = (content: unknown) => ({ role: 'user', content })
const assistant = (content: unknown, more: object = {}) => ({ role: 'assistant', content, ...more })
const ownCall = (id: string, json: string) => ({ id, type: 'function', function: { name: 'f', arguments: json } })
const png = { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' }

t.test("a body in Chat's own shapes comes back as the same object", t => {
  const body = {
    messages: [user('hi'), user([textPart('a'), { type: 'image_url', image_url: { url: 'data:,' } }]),
      assistant(null, { tool_calls: [ownCall('t', '{}')] }), { role: 'tool', tool_call_id: 't', content: 'x' }, null,
      5],
    tools: [{ type: 'function', function: { name: 'f' } }, { type: 'custom', custom: { name: 'g' } }, {
      type: 'web_search',
    }],
    tool_choice: { type: 'function', function: { name: 'f' } },
  }
  t.equal(shapes(body), body)
  t.end()
})

t.test('tool_use becomes a call, and tool_result a message directly after it', t => {
  const { messages } = shapes({
    messages: [user('hi'), assistant([textPart('I look.'), call('t1', { a: 1 }), call('t2', '{"b":2}')]),
      user([textPart('go on'), result('t2', 'two'), result('t1', [textPart('one'), textPart('more')])])],
  })
  t.same(messages.slice(1), [
    assistant([textPart('I look.')], { tool_calls: [ownCall('t1', '{"a":1}'), ownCall('t2', '{"b":2}')] }),
    { role: 'tool', tool_call_id: 't2', content: 'two' },
    { role: 'tool', tool_call_id: 't1', content: 'one\nmore' },
    user([textPart('go on')]),
  ])
  t.same(shapes({ messages: [assistant([call('t')])] }).messages, [
    assistant(null, { tool_calls: [ownCall('t', '{}')] }),
  ])
  t.end()
})

t.test('a call or a result in both forms is written once', t => {
  const { messages } = shapes({
    messages: [assistant([call('t1', { a: 1 })], { tool_calls: [ownCall('t1', '{"a": 1}')] }),
      user([result('t1', 'one')]), { role: 'tool', tool_call_id: 't1', content: 'one' }, assistant([call('t1')]), {
      role: 'tool',
      tool_call_id: 't1',
      content: 'again',
    }, user([result('t1', 'again')])],
  })
  t.same(messages, [assistant(null, { tool_calls: [ownCall('t1', '{"a": 1}')] }), { role: 'tool', tool_call_id: 't1',
    content: 'one' }, assistant(null, { tool_calls: [ownCall('t1', '{}')] }), { role: 'tool', tool_call_id: 't1',
    content: 'again' }])
  t.end()
})

t.test('images, files, errors and loaded tools of a result are kept', t => {
  const pdf = { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' }
  const { messages } = shapes({
    messages: [
      user([result('t1', [textPart('seen'), { type: 'image', source: png }], { is_error: true }),
        result('t2', [{ type: 'document', source: pdf, title: 'a.pdf' }]),
        result('t3', [{ type: 'tool_reference', tool_name: 'mcp__a' }]), result('t4', undefined), { type: 'image',
        source: { type: 'url', url: 'https://example.org/a.png' } }]),
    ],
  })
  const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }
  t.same(messages, [{ role: 'tool', tool_call_id: 't1', content: [textPart('Error: seen'), image] }, { role: 'tool',
    tool_call_id: 't2',
    content: [{ type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' } }] }, {
    role: 'tool',
    tool_call_id: 't3',
    content: 'Tools now available: mcp__a',
  }, { role: 'tool', tool_call_id: 't4', content: '' },
    user([{ type: 'image_url', image_url: { url: 'https://example.org/a.png' } }])])
  t.same(shapes({ messages: [user([result('t', [{ type: 'image', source: png }], { is_error: true })])] }).messages, [{
    role: 'tool',
    tool_call_id: 't',
    content: [textPart('Error'), image],
  }])
  t.end()
})

t.test('thinking becomes reasoning, a cache mark moves to the message, and an unknown block stays', t => {
  const ephemeral = { type: 'ephemeral' }
  t.same(shapes({
    messages: [{ role: 'system', content: [{ ...textPart('be kind'), cache_control: ephemeral }] },
      assistant([{ type: 'thinking', thinking: 'hm', signature: 'S' }, { type: 'redacted_thinking', data: 'D' },
        textPart('yes')]), user([{ type: 'document', source: { type: 'file', file_id: 'f' } }])],
  }).messages, [{ role: 'system', content: [textPart('be kind')], copilot_cache_control: ephemeral },
    assistant([textPart('yes')], { reasoning_content: 'hm' }),
    user([{ type: 'document', source: { type: 'file', file_id: 'f' } }])])
  t.end()
})

t.test("flat, custom and bare tools and every form of tool choice become Chat's", t => {
  const schema = { type: 'object', properties: {} }
  t.same(
    shapes({ messages: [],
      tools: [{ type: 'function', name: 'flat', description: 'd', parameters: schema, strict: true }, { name: 'bare',
        input_schema: schema }, { type: 'custom', name: 'typed', input_schema: schema }, { type: 'custom',
        name: 'patch', format: { type: 'grammar', syntax: 'lark', definition: 'x' } }, { type: 'custom', name: 'free',
        format: { type: 'text' } }] }).tools,
    [{ type: 'function', function: { name: 'flat', description: 'd', parameters: schema, strict: true } }, {
      type: 'function',
      function: { name: 'bare', parameters: schema },
    }, { type: 'function', function: { name: 'typed', parameters: schema } }, { type: 'custom',
      custom: { name: 'patch', format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'x' } } } }, {
      type: 'custom',
      custom: { name: 'free', format: { type: 'text' } },
    }],
  )
  const choices: ReadonlyArray<readonly [object, object]> = [[{ type: 'auto' }, { tool_choice: 'auto' }], [{
    type: 'any',
    disable_parallel_tool_use: true,
  }, { tool_choice: 'required', parallel_tool_calls: false }], [{ type: 'none' }, { tool_choice: 'none' }], [{
    type: 'tool',
    name: 'f',
  }, { tool_choice: { type: 'function', function: { name: 'f' } } }], [{ type: 'function', name: 'f' }, {
    tool_choice: { type: 'function', function: { name: 'f' } },
  }], [{ type: 'custom', name: 'p' }, { tool_choice: { type: 'custom', custom: { name: 'p' } } }]]
  for (const [choice, wanted] of choices) {
    t.match(shapes({ messages: [], tool_choice: choice }), wanted, JSON.stringify(choice))
  }
  t.end()
})

t.test("parts of Responses, parts without a type and images as bare URLs become Chat's parts", t => {
  const url = 'data:image/png;base64,iVBORw0KGgo='
  const { messages } = shapes({
    messages: [
      user([{ type: 'input_text', text: 'a' }, { type: 'output_text', text: 'b', annotations: [] }, { text: 'c' }, {
        type: null,
        text: 'd',
      }, { type: 'image_url', image_url: url }, { image_url: { url } }, { type: 'input_image', image_url: url,
        detail: 'low' }, { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' }, {
        type: 'input_file',
        file_url: 'https://example.org/a.pdf',
      }, { odd: 1 }]),
    ],
  })
  t.same(messages[0].content, [textPart('a'), textPart('b'), textPart('c'), textPart('d'), { type: 'image_url',
    image_url: { url } }, {
    type: 'image_url',
    image_url: { url },
  }, { type: 'image_url', image_url: { url, detail: 'low' } }, { type: 'file',
    file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' } }, { type: 'input_file',
    file_url: 'https://example.org/a.pdf' }, { odd: 1 }])
  t.end()
})

t.test('instructions next to the messages become the first message', t => {
  const ephemeral = { type: 'ephemeral' }
  t.same(shapes({ system: 'be kind', messages: [user('hi')] }), {
    messages: [{ role: 'system', content: 'be kind' }, user('hi')],
  })
  t.same(shapes({ system: [{ ...textPart('be kind'), cache_control: ephemeral }], messages: [user('hi')] }).messages[0],
    {
      role: 'system',
      content: [textPart('be kind')],
      copilot_cache_control: ephemeral,
    })
  for (const system of ['', [], null]) {
    t.same(shapes({ system, messages: [user('hi')] }), { messages: [user('hi')] }, JSON.stringify(system))
  }
  const odd = { system: 5, messages: [user('hi')] }
  t.equal(shapes(odd), odd, 'a value that is not text stays, and upstream names it')
  t.end()
})

t.test("tools without a type or a schema, and an untyped choice, become Chat's", t => {
  const { tools, tool_choice: choice } = shapes({ messages: [],
    tools: [{ name: 'a', description: 'd' }, { function: { name: 'b' } }, { type: null, custom: { name: 'c' } }, {
      name: 'd',
      parameters: {},
    }], tool_choice: { function: { name: 'b' } } })
  t.same(tools, [{ type: 'function', function: { name: 'a', description: 'd' } }, { type: 'function',
    function: { name: 'b' } }, { type: 'custom', custom: { name: 'c' } }, { type: 'function',
    function: { name: 'd', parameters: {} } }])
  t.same(choice, { type: 'function', function: { name: 'b' } })
  t.end()
})

t.test('calls and results without ids get a shared id, in order', t => {
  const bare = { type: 'function', function: { name: 'f', arguments: '{}' } }
  const answer = (content: string, id?: string) => ({ role: 'tool', content,
    ...(id === undefined ? {} : { tool_call_id: id }) })
  const ids = (messages: readonly unknown[]) =>
    shapes({ messages }).messages.flatMap((each: Json) =>
      each.role === 'tool' ? [each.tool_call_id] : (each.tool_calls ?? []).map((call: Json) => call.id)
    )
  t.same(ids([user('hi'), assistant(null, { tool_calls: [bare, bare] }), answer('1'), answer('2')]), ['call_1_0',
    'call_1_1', 'call_1_0', 'call_1_1'])
  t.same(
    ids([assistant(null, { tool_calls: [ownCall('a', '{}'), bare, { ...bare, id: '' }] }), answer('2', 'b'),
      answer('1'), answer('3')]),
    ['a', 'b', 'call_0_2', 'b', 'a', 'call_0_2'],
  )
  t.same(ids([assistant(null, { tool_calls: [ownCall('a', '{}')] }), answer('1', 'a'), answer('2')]), ['a', 'a',
    undefined], 'a result without a call stays')
  t.end()
})

t.test('a second pass changes nothing, and no foreign call or result is left', t => {
  const id = fc.constantFrom('a', 'b')
  const shared = [
    fc.record({ type: fc.constant('image'), source: fc.oneof(fc.constant(png), fc.jsonValue()),
      cache_control: fc.jsonValue() }),
    fc.jsonValue(),
  ] as const
  const use = fc.record({ type: fc.constant('tool_use'), id, name: fc.string(), input: fc.jsonValue() })
  const thought = fc.record({ type: fc.constantFrom('thinking', 'redacted_thinking'), thinking: fc.jsonValue() })
  const answer = fc.record({ type: fc.constant('tool_result'), tool_use_id: id, content: fc.jsonValue(),
    is_error: fc.boolean() })
  const message = fc.oneof(
    fc.record({ role: fc.constant('assistant'), content: fc.array(fc.oneof(use, thought, ...shared)) }),
    fc.record({ role: fc.constant('user'), content: fc.array(fc.oneof(answer, ...shared)) }),
    fc.record({ role: fc.constantFrom('tool', 'system'), content: fc.oneof(fc.string(), fc.array(fc.oneof(...shared))),
      tool_call_id: id }),
  )
  const foreign = ['tool_use', 'tool_result', 'thinking', 'redacted_thinking']
  fc.assert(fc.property(fc.array(message), messages => {
    const once = shapes({ messages })
    const parts = once.messages.flatMap((each: Json) => Array.isArray(each.content) ? each.content : [])
    assert.ok(!parts.some((part: Json) => foreign.includes(part?.type)))
    assert.deepEqual(shapes(once), once)
  }), { numRuns: 500 })
  t.end()
})
