// From prompts to requests that Copilot's Responses endpoint accepts. `docs/translation.md`.
import t from 'tap'
import { encodeFitted } from '../../../fixtures/fitted.ts'
import { promptOf } from '../../../fixtures/prompt.ts'
import { openAiResponses as dialect } from '../../../../src/dialects/responses/index.ts'
import type { Target } from '../../../../src/dialects/contract/dialect.ts'
import type { Prompt } from '../../../../src/dialects/contract/prompt.ts'
import { createToolNames } from '../../../../src/dialects/shared/tool-names.ts'
import { ledger, plain, target, upstreamBody, type Json } from '../kit.ts'

const notes = { lost: [] as readonly string[] }
function write (prompt: Partial<Prompt>, to: Target = target): Json {
  const whole = promptOf(prompt)
  const losses = ledger()
  const body = encodeFitted(dialect, whole, to, losses, createToolNames(whole, 64))
  notes.lost = losses.lost()
  return body
}
const tool = (name: string, more: Partial<Prompt['tools'][number]> = {}): Prompt['tools'][number] => ({ name,
  namespace: null, kind: 'function', builtin: null, description: null, schema: null, strict: null, grammar: null,
  cache: false, ...more })

t.test('golden 2, 16: a system field becomes instructions, system messages stay messages', t => {
  t.same(write({ system: [{ type: 'text', text: 'A' }, { type: 'text', text: 'B' }] }), {
    model: 'gpt-5.1',
    instructions: 'A\n\nB',
    input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] }],
    include: ['reasoning.encrypted_content'],
    store: false,
    stream: true,
  })
  const messages = write({
    system: [{ type: 'text', text: 'A', role: 'system' }, { type: 'text', text: 'B', role: 'developer', apart: true }],
  })
  t.same([messages.instructions, messages.input.map((item: Json) => item.role)], [undefined, ['system', 'developer',
    'user']])
  t.match(write({ system: [{ type: 'text', text: 'A' }], turns: [] }).input, [{ role: 'developer',
    content: [{ text: 'A' }] }], 'instructions alone are not an input')
  t.same(write({ turns: [] }).input, [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: '' }] }],
    'an empty user turn is an item')
  t.end()
})

t.test('golden 8, 24, 38, 40, 48: calls, results and state; no ids except of reasoning', t => {
  const item = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'E1' }
  const turns: Prompt['turns'] = [{
    role: 'assistant',
    blocks: [{ type: 'reasoning', text: '', carrier: { kind: 'r', item, model: 'gpt-5.1' } }, { type: 'text',
      text: 'look' }, { type: 'tool-call', id: 'toolu/1', name: 'f', namespace: null, kind: 'function', builtin: null,
      input: '' }, { type: 'tool-call', id: 'c2', name: 'p', namespace: null, kind: 'custom', builtin: null,
      input: 'free' }],
  }, {
    role: 'user',
    blocks: [{ type: 'tool-result', id: 'toolu/1', isError: true, blocks: [{ type: 'text', text: 'bad' }] }, {
      type: 'tool-result',
      id: 'c2',
      isError: null,
      blocks: [{ type: 'text', text: 'see' }, { type: 'image', source: { mime: 'image/png', data: 'AA' },
        detail: null }],
    }, { type: 'text', text: 'go on' }],
  }, { role: 'system', blocks: [{ type: 'text', text: 'note' }] }]
  t.same(write({ turns }).input, [item, { type: 'message', role: 'assistant',
    content: [{ type: 'output_text', text: 'look', annotations: [] }] }, { type: 'function_call', call_id: 'toolu/1',
    name: 'f', arguments: '{}' }, { type: 'custom_tool_call', call_id: 'c2', name: 'p', input: 'free' }, {
    type: 'function_call_output',
    call_id: 'toolu/1',
    output: 'Error: bad',
  }, { type: 'custom_tool_call_output', call_id: 'c2',
    output: [{ type: 'input_text', text: 'see' }, { type: 'input_image', image_url: 'data:image/png;base64,AA',
      detail: 'auto' }] }, { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'go on' }] }, {
    type: 'message',
    role: 'developer',
    content: [{ type: 'input_text', text: 'note' }],
  }])
  t.same(notes.lost, ['is_error'])
  t.match(write({ turns }, { ...target, id: 'gpt-5.2' }).input[0], { type: 'message' },
    'encrypted items belong to their model')
  t.same(notes.lost, ['reasoning', 'is_error'])
  t.match(write({ turns }, { ...target, id: 'gpt-5.3-codex' }).input[0], { phase: 'commentary' })
  t.match(
    write({ turns: [{ role: 'assistant', blocks: [{ type: 'text', text: 'done' }] }] }, { ...target, id: 'gpt-5.4' })
      .input,
    [{ phase: 'final_answer' }],
  )
  t.same(notes.lost, ['prefill'])
  t.same(write({
    turns: [{ role: 'assistant',
      blocks: [{ type: 'reasoning', text: 'x', carrier: { kind: 'r', item, model: null } }] }],
  }).input, [], 'reasoning with nothing after it is refused')
  t.end()
})

t.test('golden 27, 75: tools are flat, strict is explicit, names fit', t => {
  const body = write({
    tools: [
      tool('f', { schema: { $schema: 'x', type: 'object', properties: { a: {} } }, description: 'd', cache: true }),
      tool('g', { strict: true }),
      tool('p', { kind: 'custom', grammar: { syntax: 'lark', definition: 'x' } }),
      tool('n'.repeat(90)),
      tool('t', { namespace: 'ns' }),
    ],
    toolChoice: { type: 'tool', tool: { name: 'p', namespace: null } },
    parallelToolCalls: false,
  })
  t.match(body.tools, [{ type: 'function', name: 'f', description: 'd',
    parameters: { type: 'object', properties: { a: {} } }, strict: false }, { name: 'g',
    parameters: { type: 'object', properties: {} }, strict: true }, { type: 'custom', name: 'p',
    format: { type: 'grammar', syntax: 'lark', definition: 'x' } }, { name: /^n{55}_[0-9a-f]{8}$/ }, { name: 'ns__t' }])
  t.notOk('$schema' in body.tools[0].parameters)
  t.same([body.tool_choice, body.parallel_tool_calls], [{ type: 'custom', name: 'p' }, false])
  t.same(
    write({ tools: [tool('f')],
      toolChoice: { type: 'allowed', mode: 'auto', tools: [{ name: 'f', namespace: null }] } }).tool_choice,
    { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f' }] },
  )
  t.notOk('tool_choice' in write({ toolChoice: { type: 'required' }, parallelToolCalls: true }),
    'without tools, no field about tools')
  t.end()
})

t.test('golden 23, 63, 91 and sampling: the settings of a reasoning model, and of another', t => {
  const efforts: [Partial<Prompt>, readonly string[], unknown][] = [[{ effort: 'high' }, ['low', 'high'], 'high'], [{
    effort: 'xhigh',
  }, ['low', 'high'], 'high'], [{ effort: 'none' }, ['low', 'high'], 'low'], [{ effort: 'none' }, ['none', 'low'],
    'none'], [{ effort: 'minimal' }, ['none', 'low'], 'low'], [{ thinking: 'off' }, ['minimal', 'low'], 'minimal'], [{
    thinking: 'on',
    thinkingBudget: 10_000,
  }, ['low', 'medium'], 'medium'], [{ thinking: 'adaptive' }, ['low'], undefined], [{ effort: 'max' }, [], 'high']]
  for (const [prompt, listed, effort] of efforts) {
    t.equal(write(prompt, { ...target, efforts: listed }).reasoning?.effort, effort, JSON.stringify([prompt, listed]))
  }
  t.same(write({ showReasoning: true }).reasoning, { summary: 'auto' })
  t.match(
    write({ temperature: 0.2, topP: 1, maxTokens: 1, topK: 4, verbosity: 'low', user: 'u', serviceTier: 'flex',
      stop: ['x'] }),
    { temperature: undefined, top_p: 1, max_output_tokens: 16, text: { verbosity: 'low' }, stop: undefined,
      user: undefined, service_tier: undefined },
  )
  t.same(notes.lost, ['top_k', 'service_tier', 'user', 'temperature'])
  t.match(write({ temperature: 0.2, topP: 0.5, effort: 'high', verbosity: 'low' }, plain), { temperature: 0.2,
    top_p: 0.5, reasoning: undefined, text: undefined })
  t.same(notes.lost, ['verbosity', 'reasoning'])
  t.end()
})

t.test('golden 60, 61, 74, 79: formats, files, log-probabilities', t => {
  const schema = { type: 'object', properties: {}, additionalProperties: false }
  t.same(write({ format: { type: 'schema', name: null, description: null, schema, strict: null } }).text.format, {
    type: 'json_schema',
    name: 'output',
    schema,
    strict: true,
  })
  t.same(write({ format: { type: 'schema', name: 'a b', description: 'd', schema, strict: null } }).text.format, {
    type: 'json_schema',
    name: 'a_b',
    description: 'd',
    schema,
    strict: false,
  })
  t.same(write({ format: { type: 'json' } }).text, { format: { type: 'json_object' } })
  const { include, top_logprobs: top } = write({ topLogprobs: 2 })
  t.same([include, top], [['reasoning.encrypted_content', 'message.output_text.logprobs'], 2])
  const file = (
    source: Extract<Prompt['turns'][number]['blocks'][number], { type: 'file' }>['source'],
    name: string | null = null,
  ) => write({ turns: [{ role: 'user', blocks: [{ type: 'file', source, name }] }] }).input[0].content[0]
  t.same(file({ mime: 'application/pdf', data: 'AA' }), { type: 'input_file', filename: 'document.pdf',
    file_data: 'data:application/pdf;base64,AA' })
  t.same(file({ url: 'https://a' }), { type: 'input_file', file_url: 'https://a' })
  t.same(file({ text: 'body' }, 'a.txt'), { type: 'input_text', text: 'a.txt\n\nbody' })
  t.end()
})

t.test('decoding and encoding keeps a request, and the same request gives the same bytes', t => {
  const body = {
    model: 'gpt-5.1',
    instructions: 'I',
    reasoning: { effort: 'low', summary: 'auto' },
    text: { format: { type: 'json_object' }, verbosity: 'low' },
    tools: [{ type: 'function', name: 'f', description: 'd', parameters: { type: 'object', properties: {} },
      strict: false }, { type: 'custom', name: 'p' }],
    tool_choice: 'required',
    parallel_tool_calls: false,
    max_output_tokens: 100,
    include: ['reasoning.encrypted_content'],
    prompt_cache_key: 'k',
    store: false,
    stream: true,
    input: [{ type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'D' }] }, { type: 'message',
      role: 'user',
      content: [{ type: 'input_text', text: 'a' }, { type: 'input_image', image_url: 'https://i', detail: 'low' }] }, {
      type: 'reasoning',
      id: 'rs',
      summary: [],
      encrypted_content: 'E',
    }, { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'b', annotations: [] }] }, {
      type: 'message',
      role: 'assistant',
      content: [{ type: 'output_text', text: 'c', annotations: [] }],
    }, { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{"x": 1}' }, { type: 'custom_tool_call',
      call_id: 'c2', name: 'p', input: 'free' }, { type: 'function_call_output', call_id: 'c1', output: 'r' }, {
      type: 'custom_tool_call_output',
      call_id: 'c2',
      output: '',
    }],
  }
  t.same(upstreamBody(body), body)
  t.equal(JSON.stringify(upstreamBody(body)), JSON.stringify(upstreamBody(JSON.parse(JSON.stringify(body)))))
  t.end()
})
