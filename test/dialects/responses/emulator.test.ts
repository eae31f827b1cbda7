// The emulated upstream, as strict as `docs/spec/copilot.md#emulator` says, accepts the requests of this dialect, and
// this dialect reads its answers.
import t from 'tap'
import { encodeFitted, prepareFitted } from '../../fixtures/fitted.ts'
import { openAiResponses as dialect } from '../../../src/dialects/responses/index.ts'
import { collectAnswer } from '../../../src/relay/collect.ts'
import { createToolNames } from '../../../src/dialects/shared/tool-names.ts'
import type { JsonObject } from '../../../src/json.ts'
import { connect, png, type Got } from '../../emulator/client.ts'
import { accumulate, answerOptions, decodeText, encode, ledger, target, repaired, type Json } from './kit.ts'

const tools = [{ type: 'function', name: 'get_weather',
  parameters: { type: 'object', properties: { location: { type: 'string' } } } }, { type: 'custom', name: 'patch' }, {
  type: 'namespace',
  name: 'mcp',
  tools: [{ type: 'function', name: 'find' }],
}, { type: 'local_shell' }, { type: 'tool_search', execution: 'client' }, { type: 'web_search',
  external_web_access: false }]
const vision = { 'copilot-vision-request': 'true' }
const sseOf = ({ events }: Got) =>
  repaired(events.map(event => event.data as JsonObject).filter(event => typeof event === 'object'))

/** As the relay does it: decodes and encodes, and adds the model to carriers. */
function translate (body: JsonObject): Json {
  const prompt = dialect.decodeRequest(body, ledger())
  return encodeFitted(dialect, prompt, target, ledger(), createToolNames(prompt, 64))
}

t.test('every request that a client may send, translated', async t => {
  const { emulator, post } = await connect(t)
  emulator.strict.sampling = true
  const body = {
    model: 'gpt-5.1',
    instructions: 'Be brief.',
    stream: true,
    temperature: 0,
    service_tier: 'priority',
    user: 'u',
    metadata: { a: 'b' },
    max_output_tokens: 400,
    tools,
    tool_choice: 'auto',
    reasoning: { effort: 'low', summary: 'auto', context: 'all_turns' },
    text: { verbosity: 'low' },
    input: [{ type: 'message', role: 'developer', id: 'x', content: [{ type: 'input_text', text: 'D' }] }, {
      role: 'user',
      content: [{ type: 'input_text', text: 'weather in Rome' }, { type: 'input_image', image_url: png }],
    }, { type: 'message', id: 'opaque', role: 'assistant', content: [{ type: 'output_text', text: 'Looking.' }] }, {
      type: 'reasoning',
      id: 'rs',
      summary: [],
    }, { type: 'function_call', id: 'opaque', call_id: 'c1', namespace: 'mcp', name: 'find', arguments: '{}' }, {
      type: 'custom_tool_call',
      call_id: 'c2',
      name: 'patch',
      input: 'x',
    }, { type: 'local_shell_call', id: 'l', call_id: 'c3', action: { type: 'exec', command: ['ls'], env: {} } }, {
      type: 'function_call_output',
      call_id: 'c1',
      output: [{ type: 'input_image', image_url: png }],
    }, { type: 'custom_tool_call_output', call_id: 'c2', output: 'ok' }, { type: 'local_shell_call_output', id: 'l',
      output: 'files' }, { role: 'user', content: 'go on' }],
  }
  const got = await post('/responses', translate(body), vision)
  t.equal(got.status, 200, got.text.slice(0, 300))
  t.match(await accumulate(sseOf(got)), { status: /completed|incomplete/ })
})

t.test('a native request, prepared', async t => {
  const { emulator, post } = await connect(t)
  emulator.strict.sampling = true
  const body = {
    model: 'github_copilot/gpt-5.1',
    stream: true,
    store: true,
    temperature: 0,
    top_p: 0.5,
    service_tier: 'priority',
    max_output_tokens: 1,
    tools: [tools[0], tools[1], tools[5]],
    previous_response_id: null,
    input: [{ type: 'message', id: 'opaque', role: 'assistant', content: [{ type: 'input_text', text: 'hm' }] }, {
      type: 'reasoning',
      id: 'rs',
      summary: [],
    }, { type: 'function_call', id: 'opaque', call_id: 'c1', name: 'f', arguments: '{}' }, {
      type: 'function_call_output',
      call_id: 'c1',
      output: 'ok',
    }, { role: 'user', content: 'hi' }],
  }
  const got = await post('/responses', prepareFitted(dialect, body, target, ledger()))
  t.equal(got.status, 200, got.text.slice(0, 300))
  t.equal(collectAnswer(decodeText(sseOf(got))).model, 'gpt-5.1-2025-11-13')
})

t.test('golden 24: reasoning comes back with its own item, natively and through a carrier', async t => {
  const { emulator, post } = await connect(t)
  const answer = { reasoning: 'Let me see.',
    toolCalls: [{ name: 'get_weather', arguments: ['{"loc', 'ation":"Rome"}'] }] }
  emulator.answers.push(answer)
  const ask = { model: 'gpt-5.1', stream: true, store: false, include: ['reasoning.encrypted_content'],
    reasoning: { summary: 'auto' }, tools: [tools[0]], input: 'weather' }
  const follow = (output: Json[]) => ({ ...ask,
    input: [{ role: 'user', content: 'weather' }, ...output, { type: 'function_call_output',
      call_id: output.find(item => item.call_id).call_id, output: 'sunny' }] })

  const direct = await accumulate(sseOf(await post('/responses', prepareFitted(dialect, ask, target, ledger()) ?? ask)))
  t.match(direct.output, [{ type: 'reasoning', summary: [{ text: 'Let me see.' }] }, { type: 'function_call',
    arguments: '{"location":"Rome"}' }])
  t.equal((await post('/responses', prepareFitted(dialect, follow(direct.output), target, ledger()))).status, 200)

  emulator.answers.push(answer)
  const parts = decodeText(sseOf(await post('/responses', translate(ask)))).map(part =>
    part.type === 'block-end' && part.carrier ? { ...part, carrier: { ...part.carrier, model: 'gpt-5.1' } } : part
  )
  const response = await accumulate(encode(parts, ask))
  t.match(response.output, [{ type: 'reasoning', encrypted_content: /^cpt1\.r\./ }, { type: 'function_call',
    arguments: '{"location":"Rome"}' }])
  for (const sent of [prepareFitted(dialect, follow(response.output), target, ledger()) as Json,
    translate(follow(response.output))]) {
    t.match(sent.input, [{}, { type: 'reasoning', encrypted_content: /^(?!cpt1)/ }, { type: 'function_call' }, {}])
    const again = await post('/responses', sent)
    t.equal(again.status, 200, again.text.slice(0, 300))
  }
})

t.test("upstream's answers are read: whole, refused, failed, cut off", async t => {
  const { emulator, post } = await connect(t)
  const ask = translate({ model: 'gpt-5.1', input: 'hi', tools: [tools[1]] })
  emulator.answers.push({ text: 'No.', finish: 'refusal' }, { text: 'Hello',
    toolCalls: [{ name: 'patch', arguments: 'free text' }] }, { finish: 'failed' })
  t.match(collectAnswer(decodeText(sseOf(await post('/responses', ask)))), { finish: 'refusal' })
  const { stream: _stream, ...whole } = ask
  const { json } = await post('/responses', whole)
  t.match(
    collectAnswer(dialect.decodeAnswer(dialect.repairAnswer(json, answerOptions()).answer)).blocks.filter(block =>
      block.type !== 'reasoning'
    ),
    [{ text: 'Hello' }, { name: 'patch', kind: 'custom', input: 'free text' }],
  )
  t.throws(() => sseOf({ events: [] } as unknown as Got))
  const broken = await post('/responses', ask)
  t.throws(() => sseOf(broken), { code: 'server_error' })
})
