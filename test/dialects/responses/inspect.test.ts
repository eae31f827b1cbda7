// Facts of a Responses request. `docs/spec/interface.md#initiator`.
import t from 'tap'
import { openAiResponses as dialect } from '../../../src/dialects/responses/index.ts'
import type { JsonObject } from '../../../src/json.ts'
import { failed } from './kit.ts'

const user = (content: unknown = 'x') => ({ role: 'user', content })
const note = '<system-reminder>\nnote\n</system-reminder>'
const output = { type: 'function_call_output', call_id: 'c', output: 'x' }

t.test('the last item of a conversation decides the initiator', t => {
  const rows: [unknown, 'user' | 'agent'][] = [['hi', 'user'], [[user()], 'user'], [[user(), { role: 'developer',
    content: 'x' }], 'user'], [[user(), output], 'agent'], [[user(), output, { role: 'developer', content: 'x' }],
    'agent'], [[user(), { type: 'custom_tool_call_output' }], 'agent'], [[user(), { type: 'reasoning' }], 'agent'], [[
    user(),
    { type: 'function_call' },
  ], 'agent'], [[user(), { role: 'assistant', content: 'x' }], 'agent'], [[user(), output, user()], 'user'], [[user(),
    output, user(note)], 'agent'], [[user(), output, user([{ type: 'input_text', text: note }])], 'agent'], [[user(),
    output, user([{ type: 'input_text', text: note }, { type: 'input_text', text: 'and you' }])], 'user'], [[user(),
    output, user([{ type: 'input_image', image_url: 'https://a' }])], 'user'], [[user(), {
    type: 'configuration_update',
  }], 'user'], [[{ role: 'developer', content: 'x' }], 'user']]
  for (const [input, initiator] of rows) t.equal(dialect.inspect({ input }).initiator, initiator, JSON.stringify(input))
  t.end()
})

t.test('images are seen, also in tool results', t => {
  const image = { type: 'input_image', image_url: 'data:image/png;base64,AA' }
  for (const [input, vision] of [['x', false], [[user([image])], true], [[user(), { ...output, output: [image] }],
    true], [[user(), { type: 'computer_call_output', output: { type: 'computer_screenshot' } }], true], [[
    user([{ type: 'input_file' }]),
  ], false]] as const) {
    t.equal(dialect.inspect({ input }).vision, vision)
  }
  t.end()
})

t.test("inspect() finds parts that Copilot's endpoint refuses and a translation can carry", t => {
  const rows: [JsonObject, boolean][] = [[{}, false], [{
    tools: [{ type: 'function' }, { type: 'custom' }, { type: 'web_search' }],
  }, false], [{ tools: [{ type: 'namespace', tools: [] }] }, true], [{
    tools: [{ type: 'tool_search', execution: 'client' }],
  }, true], [{ tools: [{ type: 'tool_search', execution: 'server' }] }, false], [{ tools: [{ type: 'local_shell' }] },
    true], [{ tools: [{ type: 'function', defer_loading: true }] }, true], [{
    input: [{ type: 'additional_tools', tools: [{ type: 'custom', name: 'exec' }] }, user()],
  }, true], [{ input: [{ type: 'function_call', namespace: 'ns' }, user()] }, true], [{
    input: [{ type: 'web_search_call' }, user()],
  }, true], [{ input: [{ type: 'compaction' }, user()] }, false]]
  for (const [body, wanted] of rows) {
    t.equal(dialect.inspect({ input: 'x', ...body }).mustTranslate, wanted, JSON.stringify(body))
  }
  t.equal(dialect.inspect({ input: [{ type: 'additional_tools', tools: [{ type: 'custom' }] }] }).hasTools, true)
  t.end()
})

t.test('a malformed request is refused with the name of the field', t => {
  for (const [body, param] of [[{ input: 'x', model: 1 }, 'model'], [{ input: 'x', model: 'a\nb' }, 'model'], [{
    input: 'x',
    stream: 'yes',
  }, 'stream'], [{}, 'input'], [{ input: [] }, 'input'], [{ input: {} }, 'input']] as const) {
    t.match(failed(() => dialect.inspect(body)), { status: 400, param })
  }
  t.match(dialect.inspect({ previous_response_id: 'r', model: null, stream: null }), { model: null, stream: false, n: 1,
    includeUsage: false, hasTools: false })
  t.end()
})
