import t from 'tap'
import { GatewayError } from '../../../../src/errors.ts'
import { packCarrier } from '../../../../src/dialects/shared/carrier.ts'
import { decode, ledger, text } from '../help.ts'

const user = { role: 'user', content: 'Hi' }
const png = 'data:image/png;base64,iVBORw0KGgoAAAA'

t.test('decodeRequest() uses leading instructions as the system prompt, and leaves later ones in place', async t => {
  const { prompt } = decode({
    messages: [{ role: 'system', content: 'A' }, { role: 'developer',
      content: [{ type: 'text', text: 'B' }, { type: 'text', text: 'C' }] }, user, { role: 'assistant', content: 'Ho' },
      { role: 'system', content: 'Later' }, user],
  })
  t.same(prompt.system.map(block => [block.text, block.role, block.apart === true]), [['A', 'system', false], ['B',
    'developer', true], ['C', 'developer', false]])
  t.same(prompt.turns.map(turn => turn.role), ['user', 'assistant', 'system', 'user'])
})

t.test('decodeRequest() makes one turn of tool messages and the user message after them (golden 20)', async t => {
  const { prompt } = decode({
    messages: [user, { role: 'assistant', content: null,
      tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }, { id: 'c2',
        type: 'function', function: { name: 'g', arguments: '' } }] }, { role: 'tool', tool_call_id: 'c1',
      content: 'one' }, { role: 'tool', tool_call_id: 'c2', content: [{ type: 'text', text: 'two' }] }, { role: 'user',
      content: 'go on' }, { role: 'user', content: 'again' }],
  })
  t.same(prompt.turns.map(turn => [turn.role, turn.blocks.map(block => block.type)]), [['user', ['text']], ['assistant',
    ['tool-call', 'tool-call']], ['user', ['tool-result', 'tool-result', 'text']], ['user', ['text']]])
  t.match(prompt.turns[1]?.blocks, [{ id: 'c1', input: '{"a":1}' }, { id: 'c2', input: '{}' }])
  t.match(prompt.turns[2]?.blocks, [{ id: 'c1', isError: null, blocks: [text('one')] }, { id: 'c2',
    blocks: [text('two')] }, text('go on')])
})

t.test('decodeRequest() joins assistant messages into one turn with separate texts', async t => {
  const { prompt } = decode({
    messages: [user, { role: 'assistant', content: 'a' }, { role: 'assistant',
      content: [{ type: 'text', text: 'b' }, { type: 'refusal', refusal: 'no' }] }],
  })
  t.same(prompt.turns[1]?.blocks, [text('a'), { type: 'text', text: 'b', apart: true }, { type: 'refusal',
    text: 'no' }])
})

t.test('decodeRequest() keeps arguments as written, and wraps those that are not an object (golden 87)', async t => {
  const given = (json: unknown) =>
    decode({
      messages: [user, { role: 'assistant',
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: json } }] }],
    }).prompt.turns[1]?.blocks[0]
  for (const [json, input] of [['{ "a" : 1 }', '{ "a" : 1 }'], ['  ', '{}'], ['{"a":', '{"_raw":"{\\"a\\":"}'], ['[1]',
    '{"_raw":"[1]"}'], [undefined, '{}'], [{ a: 1 }, '{"a":1}']] as const) t.match(given(json), { input })
})

t.test('decodeRequest() reads the deprecated functions (golden 73)', async t => {
  const { prompt } = decode({
    functions: [{ name: 'f', parameters: { type: 'object' } }],
    function_call: { name: 'f' },
    messages: [user, { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{"a":1}' } }, {
      role: 'function',
      name: 'f',
      content: 'done',
    }],
  })
  t.match(prompt, { tools: [{ name: 'f', kind: 'function' }], toolChoice: { type: 'tool', tool: { name: 'f' } },
    parallelToolCalls: false })
  t.match(prompt.turns[1]?.blocks, [{ id: 'call_fn_1', name: 'f', input: '{"a":1}' }])
  t.match(prompt.turns[2]?.blocks, [{ type: 'tool-result', id: 'call_fn_1' }])
})

t.test('decodeRequest() reads tools and the tool choice', async t => {
  const f = { type: 'function',
    function: { name: 'f', description: 'd', parameters: { type: 'object' }, strict: true } }
  const c = { type: 'custom',
    custom: { name: 'c', format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'x' } } } }
  const read = (more: Record<string, unknown>) => decode({ tools: [f, c], ...more }).prompt
  t.match(read({}).tools, [{ name: 'f', description: 'd', strict: true, kind: 'function', schema: { type: 'object' } },
    { name: 'c', kind: 'custom', schema: null, grammar: { syntax: 'lark', definition: 'x' } }])
  for (const word of ['auto', 'none', 'required']) t.same(read({ tool_choice: word }).toolChoice, { type: word })
  t.same(read({ tool_choice: { type: 'custom', custom: { name: 'c' } } }).toolChoice, { type: 'tool',
    tool: { name: 'c', namespace: null } })
  t.same(read({
    tool_choice: { type: 'allowed_tools',
      allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'f' } }] } },
  }).toolChoice, { type: 'allowed', mode: 'required', tools: [{ name: 'f', namespace: null }] })
  t.equal(read({ parallel_tool_calls: false }).parallelToolCalls, false)
  t.match(read({ tools: [], tool_choice: 'required', parallel_tool_calls: true }), { tools: [], toolChoice: null,
    parallelToolCalls: null })
})

t.test('decodeRequest() reads images and files by value and by URL', async t => {
  const { prompt } = decode({
    messages: [{ role: 'user',
      content: [{ type: 'image_url', image_url: { url: png, detail: 'low' } }, { type: 'image_url',
        image_url: { url: 'https://x.test/a.png' } }, { type: 'file',
        file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,QUJD' } }, { type: 'file',
        file: { filename: 'a.txt', file_data: 'data:text/plain;base64,aGk=' } }, { type: 'text', text: 'look',
        prompt_cache_breakpoint: { mode: 'explicit' } }] }],
  })
  t.same(prompt.turns[0]?.blocks, [{ type: 'image', source: { mime: 'image/png', data: 'iVBORw0KGgoAAAA' },
    detail: 'low' }, { type: 'image', source: { url: 'https://x.test/a.png' }, detail: null }, { type: 'file',
    source: { mime: 'application/pdf', data: 'QUJD' }, name: 'a.pdf' }, { type: 'file', source: { text: 'hi' },
    name: 'a.txt' }, { type: 'text', text: 'look', cache: true }])
})

t.test("decodeRequest() unpacks an assistant message's carriers, and recognises foreign state without one", async t => {
  const [one, two] = [
    packCarrier({ kind: 'm', item: { type: 'thinking', thinking: 'T', signature: 'S' }, model: 'claude-x' }),
    packCarrier({ kind: 'r', item: { id: 'rs' }, model: null }),
  ]
  const read = (message: Record<string, unknown>) =>
    decode({ messages: [user, { role: 'assistant', content: 'x', ...message }] }).prompt.turns[1]?.blocks.filter(
      block => block.type === 'reasoning'
    )
  t.same(read({ reasoning_content: 'T', reasoning_opaque: `${one}~${two}` }), [{ type: 'reasoning', text: 'T',
    carrier: { kind: 'm', item: { type: 'thinking', thinking: 'T', signature: 'S' }, model: 'claude-x' } }, {
    type: 'reasoning',
    text: '',
    carrier: { kind: 'r', item: { id: 'rs' }, model: null },
  }])
  t.same(read({ reasoning_content: 'T', reasoning_opaque: 'foreign~state' }), [{ type: 'reasoning', text: 'T',
    carrier: null }])
  t.same(read({}), [])
})

t.test('decodeRequest() puts names before texts only if several people speak', async t => {
  const say = (name: string) => ({ role: 'user', content: 'Hi', name })
  t.match(decode({ messages: [say('ann'), { role: 'assistant', content: 'x' }, say('ben')] }), {
    prompt: { turns: [{ blocks: [text('ann: Hi')] }, {}, { blocks: [text('ben: Hi')] }] },
    lost: ['messages.name'],
  })
  t.match(decode({ messages: [say('ann')] }).prompt.turns, [{ blocks: [text('Hi')] }])
})

t.test('decodeRequest() refuses fields that no other dialect can carry, by name (golden 72, 86)', async t => {
  const audio = [{ role: 'user', content: [{ type: 'input_audio', input_audio: { data: '', format: 'wav' } }] }]
  const fileId = [{ role: 'user', content: [{ type: 'file', file: { file_id: 'file-1' } }] }]
  for (const [body, param] of [[{ n: 2 }, 'n'], [{ logit_bias: { 5: 1 } }, 'logit_bias'], [{
    modalities: ['text', 'audio'],
  }, 'modalities'], [{ audio: { voice: 'x' } }, 'audio'], [{ messages: audio }, 'messages[0].content[0]'], [{
    messages: fileId,
  }, 'messages[0].content[0].file.file_id'], [{ tools: [{ type: 'web_search_preview' }] }, 'tools[0]']] as const) {
    t.throws(() => decode(body), { code: 'unsupported_parameter', status: 400, param })
  }
})

t.test('decodeRequest() records the fields that it leaves out, except defaults', async t => {
  t.same(
    decode({ seed: 1, frequency_penalty: 1, prediction: { type: 'content', content: 'x' }, metadata: { a: 'b' },
      store: true, web_search_options: {}, 'a: b\r\n': 1 }).lost,
    ['seed', 'frequency_penalty', 'prediction', 'metadata', 'store', 'unknown'],
  )
  t.same(
    decode({ n: 1, seed: null, logit_bias: {}, frequency_penalty: 0, presence_penalty: 0, store: false, metadata: {},
      modalities: ['text'], logprobs: false, service_tier: 'auto', stream_options: { include_usage: true },
      response_format: { type: 'text' } }).lost,
    [],
  )
  t.throws(() => decode({ seed: 1 }, ledger(true)), { code: 'unsupported_parameter' })
})

t.test('decodeRequest() reads limits, sampling and format', async t => {
  t.match(
    decode({ max_tokens: 1, max_completion_tokens: 2, temperature: 0.5, top_p: 0.9, top_k: 4, stop: 'x',
      reasoning_effort: 'high', verbosity: 'low', logprobs: true, top_logprobs: 3, user: 'u', safety_identifier: 's',
      prompt_cache_key: 'k', service_tier: 'flex', stream: true,
      response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { a: 1 }, strict: true } } }).prompt,
    {
      maxTokens: 2,
      temperature: 0.5,
      topP: 0.9,
      topK: 4,
      stop: ['x'],
      effort: 'high',
      verbosity: 'low',
      topLogprobs: 3,
      user: 's',
      cacheKey: 'k',
      serviceTier: 'flex',
      stream: true,
      format: { type: 'schema', name: 'n', description: null, schema: { a: 1 }, strict: true },
      showReasoning: true,
    },
  )
  t.match(decode({}).prompt, { maxTokens: null, effort: null, topLogprobs: null, format: null, stop: [],
    serviceTier: null })
})

t.test('decodeRequest() names a field with a wrong value', async t => {
  for (const [body, param] of [[{ temperature: '1' }, 'temperature'], [{ stop: [1] }, 'stop'], [{
    reasoning_effort: 'much',
  }, 'reasoning_effort'], [{ messages: [1] }, 'messages[0]'], [{ messages: [{ role: 'ghost' }] }, 'messages[0].role'], [
    { messages: [{ role: 'tool', content: 'x' }] },
    'messages[0].tool_call_id',
  ], [{ tools: [{ type: 'function' }] }, 'tools[0].function'], [{ tools: [{ type: 'function', function: {} }] },
    'tools[0].function.name'], [{ messages: [{ role: 'user', content: [{ type: 'text' }] }] },
    'messages[0].content[0].text'], [{ response_format: { type: 'xml' } }, 'response_format.type'], [{
    tools: [{ type: 'function', function: { name: 'f' } }],
    tool_choice: 'maybe',
  }, 'tool_choice']] as const) t.throws(() => decode(body), { code: 'invalid_request', param }, param)
  t.throws(() => decode({ messages: 7 }), GatewayError)
})
