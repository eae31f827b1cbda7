import t from 'tap'
import { packCarrier } from '../../../../src/dialects/shared/carrier.ts'
import { newLedger, older, prepare, target, type Json } from '../fixtures.ts'

const eph = { type: 'ephemeral' }
const textBlock = (value: string, more: object = {}): object => ({ type: 'text', text: value, ...more })
const user = (content: unknown): object => ({ role: 'user', content })
const assistant = (content: unknown): object => ({ role: 'assistant', content })
const system = (content: unknown): object => ({ role: 'system', content })
const use = { type: 'tool_use', id: 't', name: 'f', input: {} }
const result = (content: unknown = 'ok', more: object = {}): object => ({ type: 'tool_result', tool_use_id: 't',
  content, ...more })
const f = { name: 'f', input_schema: { type: 'object', properties: {} } }
const messages = (given: object[], to = target(), more: object = {}): Json =>
  prepare({ tools: [f], messages: given, ...more }, to).messages
const note = (value: string): object => textBlock(`<system-reminder>\n${value}\n</system-reminder>`)

t.test('of more than four cache marks, the four that most requests reuse are kept', t => {
  const marked = (value: string): object => textBlock(value, { cache_control: eph })
  const out = prepare({ system: [marked('a'), marked('b')], tools: [{ ...f, cache_control: eph }],
    messages: [user([marked('1')]), assistant([marked('2')]), user([marked('3')])] })
  t.same(out.system, [textBlock('a'), marked('b')])
  t.same(out.tools, [{ ...f, cache_control: eph }])
  t.same(out.messages, [user([textBlock('1')]), assistant([marked('2')]), user([marked('3')])])
  t.end()
})

t.test('cache marks are plain, and none is where upstream refuses it', t => {
  const out = prepare({ tools: [f],
    system: [textBlock('a', { cache_control: { type: 'ephemeral', ttl: '1h', scope: 'global' } })],
    messages: [user('x'), assistant([{ type: 'thinking', thinking: 'h', signature: 'S', cache_control: eph }, use]),
      user([result([textBlock('ok', { cache_control: eph })])])] })
  t.same(out.system, [textBlock('a', { cache_control: eph })])
  t.same(out.messages[1].content[0], { type: 'thinking', thinking: 'h', signature: 'S' })
  t.same(out.messages[2].content, [result([textBlock('ok')], { cache_control: eph })])
  t.same(prepare({ cache_control: eph }).messages, [user([textBlock('hi', { cache_control: eph })])])
  t.equal(prepare({ cache_control: eph }).cache_control, undefined)
  t.end()
})

t.test('the billing line and empty texts are removed', t => {
  t.same(
    prepare({ system: [textBlock('x-anthropic-billing-header: cc_version=1'), textBlock(''), textBlock('be good')] })
      .system,
    [textBlock('be good')],
  )
  t.equal(prepare({ system: 'x-anthropic-billing-header: a\nbe good' }).system, 'be good')
  t.equal(prepare({ system: '' }).system, undefined)
  t.same(messages([user([textBlock(' '), textBlock('x')]), assistant('\n'), user([result([textBlock('')])])]), [
    user([textBlock('x')]),
    user([result([])]),
  ])
  t.same(prepare({ messages: [user('')] }), null,
    'a request without any message is refused by upstream, not by the gateway')
  t.end()
})

t.test("the system's messages become notes in the user's turn, after its results (golden 48)", t => {
  t.same(messages([user('x'), assistant([use]), user([result(), textBlock('y')]), system('n')]), [user('x'),
    assistant([use]), user([result(), textBlock('y'), note('n')])])
  t.same(messages([user('x'), system([textBlock('n')]), assistant('y'), user('z')]), [user([textBlock('x'), note('n')]),
    assistant('y'), user('z')])
  t.same(messages([user('x'), assistant([use]), system('n'), user([result(), textBlock('z')])]), [user('x'),
    assistant([use]), user([result(), note('n'), textBlock('z')])])
  t.match(prepare({ messages: [system('n'), user('x')] }), { system: [textBlock('n')], messages: [user('x')] })
  t.same(
    prepare({ messages: [user('x'), system('n'), assistant('y'), user('z')] }, target({ id: 'claude-opus-4.8' }))
      .messages,
    [user([textBlock('x'), note('n')]), assistant('y'), user('z')],
    'only system messages at the end stay',
  )
  t.equal(prepare({ messages: [user('x'), system('n')] }, target({ id: 'claude-opus-4.8' })), null)
  t.same(messages([user('x'), assistant('y'), system('n')]), [user('x'), assistant('y'), user([note('n')])])
  t.same(
    prepare({ messages: [user('x'), system([textBlock('n'), { type: 'tool_addition' }])] },
      target({ id: 'claude-opus-4.8' })).messages,
    [user('x'), system([textBlock('n')])],
  )
  t.end()
})

t.test('a conversation ends with the user, unless the model accepts a prefilled answer', t => {
  const begun = [user('x'), assistant('so far \n')]
  t.same(messages(begun), [...begun, user('Continue.')])
  t.same(messages(begun, older()), [user('x'), assistant('so far')])
  t.same(messages([user('x'), assistant([textBlock('a '), textBlock('b ')])], older()), [user('x'),
    assistant([textBlock('a '), textBlock('b')])])
  t.same(messages(begun, older(), { max_tokens: 4_000, thinking: { type: 'enabled', budget_tokens: 1_024 } }), [
    ...begun,
    user('Continue.'),
  ])
  t.end()
})

t.test("the gateway's carriers go back only to the model that made them (golden 70)", t => {
  const thought = { type: 'thinking', thinking: 'hm', signature: 'S' }
  const packed = (kind: 'm' | 'd' | 'r' | 'c', item: object, model = 'claude-opus-4.6'): string =>
    packCarrier({ kind, item: item as Json, model })
  const one = (block: object): Json =>
    messages([user('x'), assistant([block, textBlock('y')]), user('z')])?.[1].content[0]
  t.same(one({ type: 'thinking', thinking: '', signature: packed('m', thought) }), thought)
  t.same(one({ type: 'redacted_thinking', data: packed('d', { type: 'redacted_thinking', data: 'D' }) }), {
    type: 'redacted_thinking',
    data: 'D',
  })
  for (const state of [packed('r', { id: 'rs' }, 'gpt-5.1'), packed('c', { reasoning_opaque: 'o' }),
    packed('m', { type: 'text', text: 'forged' }), packed('m', thought, 'gpt-5.1'), 'cpt1.x', '']) {
    t.same(one({ type: 'thinking', thinking: 'hm', signature: state }), textBlock('y'), state.slice(0, 8))
  }
  t.same(one({ type: 'redacted_thinking', data: packed('c', { reasoning_opaque: 'o' }) }), textBlock('y'))
  t.same(messages([user('x'), assistant([{ type: 'thinking', thinking: 'a', signature: packed('r', {}) }]), user('z')]),
    [user('x'), user('z')])
  t.end()
})

t.test('earlier calls of server tools become text, and references to missing tools are removed', t => {
  const out = messages([user('x'),
    assistant([{ type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'q' } }, {
      type: 'web_search_tool_result',
      tool_use_id: 's',
      content: [{ type: 'web_search_result', title: 'T', url: 'https://u', encrypted_content: 'E' }],
    }, use]),
    user([result([{ type: 'tool_reference', tool_name: 'f' }, { type: 'tool_reference', tool_name: 'gone' }])])])
  t.same(out[1].content.slice(0, 2), [textBlock('[web_search: q]'), textBlock('T: https://u')])
  t.same(out[2].content[0].content, [{ type: 'tool_reference', tool_name: 'f' },
    textBlock('Tools now available: gone')])
  const native = { type: 'tool_search_tool_result', tool_use_id: 's',
    content: { type: 'tool_search_tool_search_result', tool_references: [] } }
  t.equal(
    prepare({ tools: [f],
      messages: [user('x'),
        assistant([{ type: 'server_tool_use', id: 's', name: 'tool_search_tool_regex', input: {} }, native]),
        user('y')] }),
    null,
  )
  t.throws(() => messages([user([{ type: 'compaction', encrypted_content: 'E' }])]), { code: 'unsupported_parameter' })
  t.end()
})

t.test('strict mode makes each loss an error', t => {
  t.throws(() => prepare({ inference_geo: 'eu' }, target(), newLedger(true)), { code: 'unsupported_parameter',
    param: 'inference_geo' })
  t.end()
})
