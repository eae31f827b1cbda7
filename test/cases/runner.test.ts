// Tests the runner itself: every operator and every rule gets valid and invalid input.
import t from 'tap'
import { answerRules } from './runner/answer-rules.ts'
import { broken } from './runner/assertions.ts'
import type { Assertion } from './runner/case.ts'
import { valuesAt } from './runner/paths.ts'
import { upstreamRules } from './runner/upstream-rules.ts'
import type { Json } from '../fixtures/http.ts'

t.test('a path leads to each of its values, in order', async t => {
  const value = { a: [{ k: 'x', n: { d: 1 } }, { k: 'y', n: { d: 2 } }], 'x-y': 'z', s: 'four' }
  const found: Array<[path: string, values: Json[]]> = [['$', [value]], ['a.0.k', ['x']], ['a.-1.k', ['y']], ['a[*].k',
    ['x', 'y']], ['a[?k=y].n.d', [2]], ['a[?n.d=1].k', ['x']], ['a.length', [2]], ['s.length', [4]], ['x-y', ['z']], [
    '[**].d',
    [1, 2],
  ], ['a.7.k', []], ['a.k', []], ['missing.b.c', []], ['s.b', []]]
  for (const [path, values] of found) t.strictSame(valuesAt(value, path), values, path)
})

t.test('each operator accepts a matching value and rejects another', async t => {
  const value = { n: 3, s: 'a word', list: [1, 2], o: { a: 1, b: { c: 2 } }, j: '{"a":1}', none: null }
  const good: Assertion[] = [{ path: 'n', equals: 3 }, { path: 'o', equals: { b: { c: 2 }, a: 1 } }, { path: 'j',
    as: 'json', equals: { a: 1 } }, { path: 'list[*]', join: true, equals: '12' }, { path: 'none', equals: null }, {
    path: 'n',
    notEquals: 4,
  }, { path: 'gone', notEquals: 4 }, { path: 'n', oneOf: [1, 3] }, { path: '$', contains: 'word' }, { path: '$',
    contains: { b: { c: 2 } } }, { path: '$', notContains: 'words' }, { path: 'gone', absent: true }, { path: 'list[*]',
    count: 2 }, { path: 'n', min: 3, max: 3 }, { path: 's', matches: '^a w' }, {
    anyOf: [{ path: 'n', equals: 4 }, { path: 'n', equals: 3 }],
  }]
  const bad: Assertion[] = [{ path: 'n', equals: '3' }, { path: 'gone', equals: 3 }, { path: 'list[*]', equals: 1 }, {
    path: 's',
    as: 'json',
    equals: 'a word',
  }, { path: 'n', notEquals: 3 }, { path: 'n', oneOf: [1, 2] }, { path: 'gone', oneOf: [1] }, { path: '$',
    contains: 'wird' }, { path: '$', contains: { b: { c: 3 } } }, { path: '$', notContains: 'word' }, { path: 'n',
    absent: true }, { path: 'list[*]', count: 1 }, { path: 'n', min: 4 }, { path: 'gone', min: 0 }, { path: 'n',
    max: 2 }, { path: 's', max: 2 }, { path: 's', matches: '^w' }, {
    anyOf: [{ path: 'n', equals: 4 }, { path: 'n', equals: 5 }],
  }]
  for (const assertion of good) t.strictSame(broken([assertion], value, {}), [], JSON.stringify(assertion))
  for (const assertion of bad) t.equal(broken([assertion], value, {}).length, 1, JSON.stringify(assertion))
  t.throws(() => broken([{ path: 'n', like: 3 }], value, {}), /like/)
  t.throws(() => broken([{ rule: 'none' }], value, {}), /none/)
  t.throws(() => broken([{ path: 'n' }], value, {}), /no operator/)
})

const tool = (schema: Json, name = 'f') => ({ name, input_schema: schema })
const object = (properties: Json = {}, more: Json = {}) => ({ type: 'object', properties, ...more })
const called = (id: string, resultId = id) => ({
  messages: [{ role: 'assistant', content: [{ type: 'tool_use', id, name: 'f', input: {} }] }, { role: 'user',
    content: [{ type: 'tool_result', tool_use_id: resultId }] }],
})
const output = (schema: Json) => ({ output_config: { format: { type: 'json_schema', schema } } })
const says = (...messages: Json[]) => ({ messages })

/** For each rule a body that keeps it, and bodies that break it. */
const table: Readonly<Record<string, readonly [good: Json, ...bad: Json[]]>> = {
  'tool names are legal': [{ tools: [tool({}, 'a-b_1')] }, { tools: [tool({}, 'a b')] }, { tools: [tool({}, 'a.b')] }, {
    tools: [tool({}, 'x'.repeat(65))],
  }, { tool_choice: { type: 'function', function: { name: 'a b' } } }, {
    input: [{ type: 'function_call', call_id: 'c', name: 'a b' }],
  }],
  'call ids are legal': [called('a_1'), called('a|1'), called('')],
  'tool names are distinct': [{ tools: [tool({}), tool({}, 'g')] }, {
    tools: [tool({}), { type: 'function', function: { name: 'f' } }],
  }],
  'the choice and the history name tools that are there': [{ tools: [tool({})], ...called('a'),
    tool_choice: { name: 'f' } }, { tools: [], ...called('a') }, { tools: [tool({})],
    tool_choice: { type: 'tool', name: 'g' } }],
  'every call has its result': [called('a'), called('a', 'b'), says(...called('a').messages, ...called('a').messages), {
    input: [{ type: 'function_call', call_id: 'c', name: 'f' }],
  }, says({ role: 'tool', tool_call_id: 'x', content: '' })],
  'no blank stop': [{ stop: ['a'], stop_sequences: ['b '] }, { stop: '\n' }, { stop_sequences: ['a', ' '] }],
  'not both temperature and top_p': [{ temperature: 1 }, { temperature: 1, top_p: 1 }],
  'no sampling fields': [{}, { temperature: 1 }, { top_p: 1 }, { top_k: 1 }],
  "the last turn is not the assistant's": [says({ role: 'assistant', content: 'a' }, { role: 'user', content: 'b' }),
    says({ role: 'assistant', content: 'a' }), { input: [{ type: 'message', role: 'assistant', content: 'a' }] }],
  'no lone surrogates': [says({ role: 'user', content: '😀' }), says({ role: 'user', content: 'a\ud83d' })],
  'no empty thinking': [says({ role: 'assistant', content: [{ type: 'thinking', thinking: 'a' }] }),
    says({ role: 'assistant', content: [{ type: 'thinking', thinking: '' }] }),
    says({ role: 'assistant', content: [{ type: 'redacted_thinking' }] })],
  'only Chat shapes': [{ tools: [{ type: 'function', function: { name: 'f' } }],
    messages: [{ role: 'user', content: [{ type: 'text', text: '' }] }] }, called('a'), { tools: [tool({})] }, {
    tools: [{ type: 'custom', name: 'f' }],
  }],
  'schemas are objects with properties': [{
    tools: [tool(object()), { type: 'web_search_20250305', name: 'web_search' }, { type: 'custom',
      custom: { name: 'g' } }],
  }, { tools: [tool({ type: 'object' })] }, { tools: [tool({})] }, { tools: [{ name: 'f' }] }, {
    tools: [{ type: 'function', name: 'f' }],
  }, { tools: [tool({ type: 'string', properties: {} })] }],
  'arrays have items': [{ tools: [tool(object({ a: { type: 'array', items: {} } }))] }, {
    tools: [tool(object({ a: { type: 'array' } }))],
  }, { tools: [tool(object({ a: { anyOf: [{ type: ['array', 'null'] }] } }))] }],
  'no combination at the top': [{ tools: [tool(object({ anyOf: { type: 'string' } }))] },
    ...['anyOf', 'oneOf', 'allOf'].map(key => ({ tools: [tool(object({}, { [key]: [] }))] }))],
  'no union types': [{ tools: [tool(object({ type: { type: 'string' } }))] }, {
    tools: [tool(object({ a: { items: { type: ['string', 'null'] } } }))],
  }],
  'no tuples': [{ tools: [tool(object({ a: { type: 'array', items: {} } }))] }, {
    tools: [tool(object({ a: { type: 'array', items: [{}] } }))],
  }],
  'required names exist': [{ tools: [tool(object({ a: {} }, { required: ['a'] }))] }, {
    tools: [tool(object({ a: {} }, { required: ['b'] }))],
  }, { tools: [tool(object({ a: object({}, { required: ['b'] }) }))] }],
  'objects of the output schema are closed': [output(object({}, { additionalProperties: false })), output(object()),
    output({ $defs: { a: object() }, additionalProperties: false, type: 'object' }), {}],
  'no limits in the output schema': [output(object()), output(object({ a: { minimum: 1 } })),
    output(object({ a: { items: { pattern: 'a' } } })), {}],
}

t.test('each rule for upstream bodies accepts a body that keeps it and rejects one that breaks it', async t => {
  const rules = upstreamRules({ path: '/chat/completions', isClaude: true })
  t.strictSame(Object.keys(table).toSorted(), Object.keys(rules).toSorted(), 'every rule is in the table')
  for (const [name, [good, ...bad]] of Object.entries(table)) {
    t.equal(rules[name]?.(good), null, name)
    for (const body of bad) t.type(rules[name]?.(body), 'string', `${name}: ${JSON.stringify(body)}`)
  }
  t.equal(upstreamRules({ path: '/chat/completions', isClaude: false })['tool names are legal']?.({
    tools: [tool({}, 'a.b')],
  }), null)
  t.equal(upstreamRules({ path: '/v1/messages', isClaude: true })['tool names are legal']?.({
    tools: [tool({}, 'x'.repeat(128))],
  }), null)
  const ids = upstreamRules({ path: '/responses', isClaude: false })['call ids are legal']
  t.equal(ids?.(called('a|1')), null)
  t.type(ids?.(called('x'.repeat(65))), 'string')
})

t.test('each rule for answers accepts an answer that keeps it and rejects one that breaks it', async t => {
  const half = '{"a'
  const chat = (finish: string, text: string) => ({
    choices: [{ finish_reason: finish, message: { tool_calls: [{ function: { arguments: text } }] } }],
  })
  const item = (status: string, text: string) => ({ output: [{ type: 'function_call', status, arguments: text }] })
  const block = { type: 'tool_use', input: { a: 1 } }
  const answers: Readonly<Record<string, readonly [good: Json[], bad: Json[]]>> = {
    'no complete call': [[{ content: [block], stop_reason: 'max_tokens' }, chat('length', '{}'),
      chat('tool_calls', half), item('incomplete', '{}'), item('completed', half)], [{ content: [block],
      stop_reason: 'tool_use' }, chat('tool_calls', '{}'), item('completed', '{}')]],
    'no null citations': [[{ content: [{ type: 'text', text: '' }] }], [{
      content: [{ type: 'text', text: '', citations: null }],
    }]],
    'thinking does not come last': [[{ content: [{ type: 'thinking' }, { type: 'text' }] }], [{
      content: [{ type: 'text' }, { type: 'thinking' }],
    }, { content: [{ type: 'redacted_thinking' }] }]],
  }
  t.strictSame(Object.keys(answers), Object.keys(answerRules), 'every rule is in the table')
  for (const [name, [good, bad]] of Object.entries(answers)) {
    for (const answer of good) t.equal(answerRules[name]?.(answer), null, name)
    for (const answer of bad) t.type(answerRules[name]?.(answer), 'string', `${name}: ${JSON.stringify(answer)}`)
  }
})
