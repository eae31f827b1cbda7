import t from 'tap'
import type { Block } from '../../../../src/dialects/contract/prompt.ts'
import { call, claude, encode, gpt, result, text, tool } from '../help.ts'

const image: Block = { type: 'image', source: { mime: 'image/png', data: 'iVBORw0KGgo=' }, detail: null }
const turns = (...blocks: Block[][]) =>
  blocks.map((each, at) => ({ role: at % 2 === 0 ? 'user' as const : 'assistant' as const, blocks: each }))

t.test("encodeRequest() sends instructions first, one message for each of the client's (golden 1, 11)", async t => {
  const system = (...blocks: object[]) => encode({ system: blocks as never }).body.messages.slice(0, -1)
  t.same(system({ type: 'text', text: 'A' }, { type: 'text', text: 'B' }), [{ role: 'system', content: 'A\n\nB' }])
  t.same(
    system({ type: 'text', text: 'A', role: 'developer', apart: true }, { type: 'text', text: 'B', role: 'developer',
      apart: true }),
    [{ role: 'system', content: 'A' }, { role: 'system', content: 'B' }],
  )
  t.same(encode({ system: [{ type: 'text', text: 'A' }] }, gpt({ id: 'o1' })).body.messages[0], { role: 'user',
    content: 'A' })
})

t.test('encodeRequest() writes a call and its result as separate messages (golden 7)', async t => {
  t.same(
    encode({ turns: turns([text('q')], [text('I look.'), call('c1', 'f', '{"a":1}')], [result('c1', 'done')]) }).body
      .messages,
    [{ role: 'user', content: 'q' }, { role: 'assistant', content: 'I look.',
      tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }] }, { role: 'tool',
      tool_call_id: 'c1', content: 'done' }],
  )
  t.equal(encode({ turns: turns([text('q')], [call('c1', 'f', '')], [result('c1', '')]) }).body.messages[1].content,
    null)
  t.match(encode({ turns: turns([text('q')], [call('c1', 'f', '')], [result('c1', '')]) }).body.messages, [{}, {
    tool_calls: [{ function: { arguments: '{}' } }],
  }, { role: 'tool', content: '' }])
})

t.test('encodeRequest() sends results before the rest of a turn (golden 9)', async t => {
  const { messages } = encode({
    turns: turns([text('q')], [call('c1', 'f'), call('c2', 'f')], [result('c1', 'one'), result('c2', 'two'),
      text('<system-reminder>x</system-reminder>')]),
  }).body
  t.same(messages.slice(2), [{ role: 'tool', tool_call_id: 'c1', content: 'one' }, { role: 'tool', tool_call_id: 'c2',
    content: 'two' }, { role: 'user', content: '<system-reminder>x</system-reminder>' }])
})

t.test('encodeRequest() moves images of results into one message after them (golden 38)', async t => {
  const withImage = (id: string, ...more: Block[]): Block => ({ type: 'tool-result', id, isError: null,
    blocks: [...more, image] as never })
  const { body, lost } = encode({
    turns: turns([text('q')], [call('c1', 'f'), call('c2', 'f')], [withImage('c1'), withImage('c2', text('seen')),
      text('go on')]),
  })
  t.same(body.messages.slice(2), [{ role: 'tool', tool_call_id: 'c1', content: '[image attached below]' }, {
    role: 'tool',
    tool_call_id: 'c2',
    content: 'seen',
  }, { role: 'user',
    content: [{ type: 'text', text: '[Attachment of tool call c1]' }, { type: 'image_url',
      image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }, { type: 'text',
      text: '[Attachment of tool call c2]' }, { type: 'image_url',
      image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }, { type: 'text', text: 'go on' }] }])
  t.same(lost, [])
})

t.test('encodeRequest() writes in text that a tool failed (golden 40)', async t => {
  const encoded = (words: string, isError: boolean | null) =>
    encode({ turns: turns([text('q')], [call('c', 'f')], [result('c', words, isError)]) })
  for (const [words, isError, content] of [['bad', true, 'Error: bad'], ['Error: bad', true, 'Error: bad'], [
    '<tool_use_error>x',
    true,
    '<tool_use_error>x',
  ], ['fine', false, 'fine'], ['fine', null, 'fine'], ['', true, 'Error: ']] as const) {
    t.equal(encoded(words, isError).body.messages[2].content, content)
  }
  t.same(encoded('bad', true).lost, ['is_error'])
})

t.test('encodeRequest() carries every possible image and file, and refuses a file by URL (golden 37)', async t => {
  const content = (...blocks: Block[]) => encode({ turns: turns(blocks) }).body.messages[0].content
  t.same(content({ ...image, detail: 'low' }), [{ type: 'image_url',
    image_url: { url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'low' } }])
  t.same(content({ type: 'image', source: { url: 'https://x.test/a.png' }, detail: null }), [{ type: 'image_url',
    image_url: { url: 'https://x.test/a.png' } }])
  t.same(content({ type: 'file', source: { mime: 'application/pdf', data: 'QQ==' }, name: 'a.pdf' }), [{ type: 'file',
    file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,QQ==' } }])
  t.equal(content({ type: 'file', source: { text: 'body' }, name: 'title', context: 'about' }), 'title\nabout\nbody')
  t.throws(() => content({ type: 'file', source: { url: 'https://x.test/a.pdf' }, name: null }), {
    code: 'unsupported_parameter',
  })
})

t.test('encodeRequest() keeps later instructions in place, as a note for models without them', async t => {
  const given = [...turns([text('q')], [text('a')]), { role: 'system' as const, blocks: [text('Mind.')] }]
  t.same(encode({ turns: given }).body.messages.at(-1), { role: 'system', content: 'Mind.' })
  t.same(encode({ turns: given }, claude()).body.messages.at(-1), { role: 'user',
    content: '<system-reminder>\nMind.\n</system-reminder>' })
})

t.test('encodeRequest() sends back the latest reasoning state that fits, and no other (golden 26, 70)', async t => {
  const state = (opaque: string, model: string): Block => ({ type: 'reasoning', text: 'shown',
    carrier: { kind: 'c', item: { reasoning_text: 'T', reasoning_opaque: opaque }, model } })
  const message = (target: ReturnType<typeof claude>, ...blocks: Block[]) =>
    encode({ turns: turns([text('q')], [...blocks, text('a')], [text('q')]) }, target)
  t.match(message(claude(), state('O1', 'claude-x'), state('O2', 'claude-x')).body.messages[1], { role: 'assistant',
    content: 'a', reasoning_text: 'T', reasoning_opaque: 'O2' })
  const foreign = message(gpt(), state('O1', 'claude-x'), { type: 'reasoning', text: 'x',
    carrier: { kind: 'm', item: {}, model: null } })
  t.same(foreign.body.messages[1], { role: 'assistant', content: 'a' })
  t.same(foreign.lost, ['reasoning'])
})

t.test("encodeRequest() keeps a Claude client's cache marks, one a message, four at most (golden 90)", async t => {
  const cached = (text: string): Block => ({ type: 'text', text, cache: true })
  const many = turns([cached('1')], [cached('2')], [cached('3')], [cached('4')], [cached('5')])
  const marks = encode({ system: [{ type: 'text', text: 's', cache: true }], turns: many }, claude()).body.messages.map(
    (message: { copilot_cache_control?: unknown }) => message.copilot_cache_control
  )
  t.same(marks, [undefined, undefined, { type: 'ephemeral' }, { type: 'ephemeral' }, { type: 'ephemeral' }, {
    type: 'ephemeral',
  }])
  t.same(encode({ turns: many }).lost, ['cache_control'])
  t.match(
    encode({ system: [{ type: 'text', text: 's' }], tools: [tool('f', { cache: true })] }, claude()).body.messages[0],
    { role: 'system', copilot_cache_control: { type: 'ephemeral' } },
  )
})

t.test('a prefilled answer for Claude loses white space at its end, or gets "Continue." after it', async t => {
  const prefill = turns([text('q')], [text('So ')])
  t.same(encode({ turns: prefill }, claude()).body.messages.at(-1), { role: 'assistant', content: 'So' })
  t.same(encode({ turns: prefill }, claude({ id: 'claude-sonnet-4.6' })).body.messages.at(-1), { role: 'user',
    content: 'Continue.' })
  t.match(encode({ turns: prefill }), { body: { messages: [{}, { role: 'assistant', content: 'So ' }] },
    lost: ['prefill'] })
})

t.test('encodeRequest() joins texts by the rules, and keeps a refusal apart', async t => {
  const content = (...blocks: Block[]) =>
    encode({ turns: turns([text('q')], blocks, [text('q')]) }).body.messages[1].content
  t.equal(content(text('a'), text('b')), 'ab')
  t.equal(content(text('a'), call('c', 'f'), text('b')), 'a\n\nb')
  t.same(content(text('a'), { type: 'refusal', text: 'no' }), [{ type: 'text', text: 'a' }, { type: 'refusal',
    refusal: 'no' }])
})

t.test('encodeRequest() gives the same bytes for a prompt, and the same beginning for a longer one', async t => {
  const history = turns([text('q')], [call('c', 'f')], [result('c', 'r')])
  const once = JSON.stringify(encode({ turns: history, tools: [tool('f')] }).body)
  t.equal(JSON.stringify(encode({ turns: history, tools: [tool('f')] }).body), once)
  const longer = JSON.stringify(
    encode({ turns: [...history, { role: 'assistant', blocks: [text('x')] }, { role: 'user', blocks: [text('y')] }],
      tools: [tool('f')] }).body,
  )
  t.ok(longer.startsWith(once.slice(0, once.indexOf('],"tools"'))))
})
