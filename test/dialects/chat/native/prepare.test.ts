// Reads a Chat request, and changes what Copilot would refuse.
import t from 'tap'
import { prepareFitted } from '../../../fixtures/fitted.ts'
import { openAiChat } from '../../../../src/dialects/chat/index.ts'
import type { Target } from '../../../../src/dialects/contract/dialect.ts'
import { createLedger } from '../../../../src/dialects/contract/ledger.ts'
import type { JsonObject } from '../../../../src/json.ts'

const user = { role: 'user', content: 'hi' }
const assistant = { role: 'assistant', content: 'yes' }
const tool = { role: 'tool', tool_call_id: 'c', content: 'result' }
const reminder = '<system-reminder>\nnote\n</system-reminder>'
const text = (...texts: string[]) => ({ role: 'user', content: texts.map(each => ({ type: 'text', text: each })) })
const inspect = (messages: unknown, more: JsonObject = {}) => openAiChat.inspect({ model: 'gpt-4o', messages, ...more })

const turns: ReadonlyArray<[string, readonly unknown[], 'user' | 'agent']> = [['a question', [user], 'user'], [
  'a question after an answer',
  [user, assistant, user],
  'user',
], ["a tool's result", [user, assistant, tool], 'agent'], ["an old function's result", [user, assistant, {
  role: 'function',
  name: 'f',
  content: '',
}], 'agent'], ['a prefilled answer', [user, assistant], 'agent'], ['a result, then a system message', [user, assistant,
  tool, { role: 'system', content: 's' }, { role: 'developer', content: 'd' }], 'agent'], [
  'a question, then a system message',
  [user, { role: 'system', content: 's' }],
  'user',
], ['a result, then a reminder alone', [user, assistant, tool, text(reminder)], 'agent'], [
  'a result, then a reminder as a string',
  [user, assistant, tool, { role: 'user', content: ` ${reminder}\n${reminder}` }],
  'agent',
], ['a reminder next to a question', [user, assistant, tool, text(reminder, 'go on')], 'user'], [
  'a question that mentions a reminder',
  [user, assistant, text(`${reminder} and?`)],
  'user',
], ['a reminder that is not closed', [user, assistant, text('<system-reminder> x')], 'user'], [
  'a reminder with an image',
  [user, assistant, { role: 'user',
    content: [{ type: 'text', text: reminder }, { type: 'image_url', image_url: { url: 'data:' } }] }],
  'user',
], ['nothing but a reminder', [text(reminder)], 'user'], ['nothing but a system message', [{ role: 'system',
  content: 's' }], 'user'], ["an empty turn of the user's", [user, assistant, { role: 'user', content: [] }], 'user'], [
  'a message that is not an object',
  [user, assistant, 'odd'],
  'user',
]]
for (const [what, messages, initiator] of turns) {
  t.test(`inspect() finds the initiator of ${what}: ${initiator}`, async t => {
    t.equal(inspect(messages).initiator, initiator)
  })
}

t.test('inspect() finds an image in any place', async t => {
  t.equal(inspect([user]).vision, false)
  t.equal(
    inspect([{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:' } }] }, assistant, user]).vision,
    true,
  )
})

t.test('inspect() reads the facts that the planner needs, and names the field that is wrong', async t => {
  t.match(inspect([user], { stream: true, stream_options: { include_usage: true }, n: 2, tools: [{}] }), {
    model: 'gpt-4o',
    stream: true,
    includeUsage: true,
    n: 2,
    hasTools: true,
  })
  t.match(openAiChat.inspect({ messages: [user] }), { model: null, stream: false, includeUsage: false, n: 1,
    hasTools: false })
  const wrong: Array<[JsonObject, string]> = [[{ model: 7 }, 'model'], [{ model: '' }, 'model'], [{ model: 'a\nb' },
    'model'], [{ model: 'x'.repeat(300) }, 'model'], [{ stream: 'yes' }, 'stream'], [{ messages: [] }, 'messages'], [{
    messages: 'hi',
  }, 'messages'], [{ messages: undefined }, 'messages']]
  for (const [fields, param] of wrong) {
    t.throws(() => openAiChat.inspect({ model: 'gpt-4o', messages: [user], ...fields }), { code: 'invalid_request',
      status: 400, param })
  }
})

const target = (id: string, changes: Partial<Target> = {}): Target => ({
  id,
  family: id.startsWith('claude')
    ? 'claude'
    : id.startsWith('gemini')
    ? 'gemini'
    : id.startsWith('grok')
    ? 'other'
    : 'openai',
  isListed: true,
  streams: true,
  stream: false,
  supports: { tools: true, vision: true, structuredOutputs: true, adaptiveThinking: false },
  efforts: [],
  thinkingBudget: null,
  maxOutputTokens: null,
  maxNonStreamingOutputTokens: null,
  ...changes,
})
const prepare = (fields: JsonObject, to: Target) => {
  const ledger = createLedger({ strict: false, model: to.id, upstream: '/chat/completions' })
  const body = prepareFitted(openAiChat, { model: to.id, messages: [user], ...fields }, to, ledger)
  return { body: body === null ? null : JSON.parse(JSON.stringify(body)) as JsonObject, lost: ledger.lost() }
}

t.test('prepare() leaves alone what Copilot accepts', async t => {
  t.equal(prepare({}, target('gpt-4o')).body, null)
  t.equal(
    prepare({ temperature: 0.5, max_tokens: 9, tools: [{ type: 'function' }], tool_choice: 'auto', seed: 1,
      stop: ['x'] }, target('gpt-4o')).body,
    null,
  )
  t.equal(prepare({ stream: true, stream_options: { include_usage: true } }, target('gpt-4o', { stream: true })).body,
    null)
  t.equal(prepare({ temperature: 0.5, max_tokens: 9 }, target('claude-sonnet-4.5')).body, null)
  t.equal(prepare({ temperature: 1, top_p: 1, max_completion_tokens: 9 }, target('gpt-5')).body, null)
})

const rules: ReadonlyArray<[string, JsonObject, Target, JsonObject, readonly string[]]> = [[
  "uses upstream's name of the model",
  { model: 'claude-sonnet-4-5' },
  target('claude-sonnet-4.5'),
  { model: 'claude-sonnet-4.5' },
  [],
], ['asks a model that does not stream for a whole answer', { stream: true, stream_options: { include_usage: true } },
  target('o1', { streams: false }), { model: 'o1', stream: false }, []], ['never sends an empty list of tools', {
  tools: [],
  tool_choice: 'auto',
  parallel_tool_calls: true,
}, target('gpt-4o'), { model: 'gpt-4o' }, []], ['drops fields that only OpenAI has, and reports them', {
  service_tier: 'flex',
  store: true,
  metadata: { a: 'b' },
}, target('gpt-4o'), { model: 'gpt-4o' }, ['service_tier', 'store', 'metadata']], ['drops defaults without a report', {
  service_tier: 'auto',
  store: false,
  metadata: null,
}, target('gpt-4o'), {
  model: 'gpt-4o',
}, []], ['gives reasoning models their own limit and no sampling', { temperature: 0.2, top_p: 0.9, max_tokens: 5 },
  target('gpt-5'), { model: 'gpt-5', max_completion_tokens: 5 }, ['temperature', 'top_p']], [
  'keeps the limit that reasoning models know',
  { max_tokens: 5, max_completion_tokens: 7 },
  target('o3'),
  { model: 'o3', max_completion_tokens: 7 },
  [],
], ["gives Claude max_tokens, and no field of OpenAI's", { max_completion_tokens: 5, seed: 1, presence_penalty: 0,
  user: 'u' }, target('claude-sonnet-4.5'), { model: 'claude-sonnet-4.5', max_tokens: 5 }, ['seed', 'user']]]
for (const [what, fields, to, wanted, lost] of rules) {
  t.test(`prepare() ${what}`, async t => {
    t.strictSame(prepare(fields, to), { body: { ...wanted, messages: [user] }, lost })
  })
}

t.test('prepare() adapts roles and trailing white space to the model, and only where the model needs it', async t => {
  const messagesFor = (id: string, ...messages: object[]) =>
    prepare({ messages }, target(id)).body?.['messages'] ?? null
  const [system, developer] = [{ role: 'system', content: 's' }, { role: 'developer', content: 'd' }]
  t.strictSame(messagesFor('o1', system, developer, user), [{ role: 'user', content: 's' }, { role: 'user',
    content: 'd' }, user])
  t.strictSame(messagesFor('claude-sonnet-4.5', developer, user), [{ role: 'system', content: 'd' }, user])
  t.equal(messagesFor('gpt-4o', system, developer, user), null)
  t.strictSame(messagesFor('claude-sonnet-4', user, { role: 'assistant', content: 'so \n' }), [user, {
    role: 'assistant',
    content: 'so',
  }])
  t.equal(messagesFor('claude-sonnet-4', { role: 'assistant', content: 'so \n' }, user), null)
  t.equal(messagesFor('gpt-4o', user, { role: 'assistant', content: 'so \n' }), null)
})

t.test('prepare() never changes its argument', async t => {
  const body = { model: 'x', messages: [{ role: 'developer', content: 'd' }], max_completion_tokens: 5, store: true }
  const before = structuredClone(body)
  prepare(body, target('claude-sonnet-4.5'))
  t.strictSame(body, before)
})
