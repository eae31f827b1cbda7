import t from 'tap'
import { betasOf } from '../../../src/dialects/messages/index.ts'
import { dialect, older, target } from './fixtures.ts'

const user = (content: unknown): object => ({ role: 'user', content })
const text = (value: string): object => ({ type: 'text', text: value })
const result = { type: 'tool_result', tool_use_id: 't', content: 'ok' }
const reminder = text('<system-reminder>x</system-reminder>')
const inspect = (messages: unknown, more: object = {}): ReturnType<typeof dialect.inspect> =>
  dialect.inspect({ messages, ...more })

t.test("inspect() gives a request's initiator", t => {
  const assistant = { role: 'assistant', content: 'y' }
  const table: ReadonlyArray<readonly [object[], string]> = [[[user('x')], 'user'], [[user([result])], 'agent'], [[
    user([result, reminder]),
  ], 'agent'], [[user([result, text('do this')])], 'user'], [[user([text(''), result])], 'agent'], [[user('x'),
    assistant], 'agent'], [[user('x'), { role: 'system', content: 'n' }], 'user'], [[user([result]), { role: 'system',
    content: 'n' }], 'agent'], [[user('x'), assistant, user([reminder])], 'agent'], [[user([reminder])], 'user'], [[
    user([result]),
    user([reminder]),
  ], 'agent'], [[user('')], 'user'], [[user([result, { type: 'image' }])], 'user']]
  for (const [messages, initiator] of table) t.equal(inspect(messages).initiator, initiator, JSON.stringify(messages))
  t.end()
})

t.test('inspect() finds images in any place, and tools', t => {
  const image = { type: 'image', source: {} }
  t.ok(inspect([user([image])]).vision)
  t.ok(inspect([user([{ ...result, content: [image] }]), user('x')]).vision)
  t.ok(inspect([user([{ type: 'document', source: { type: 'content', content: [image] } }])]).vision)
  t.notOk(inspect([user('x')]).vision)
  t.match(inspect([user('x')], { stream: true, model: 'm', tools: [{}] }), { stream: true, model: 'm', hasTools: true,
    n: 1, includeUsage: false })
  t.end()
})

t.test('inspect() names the wrong field', t => {
  for (const [body, param] of [[{ messages: [] }, 'messages'], [{ messages: 'x' }, 'messages'], [{ messages: [null] },
    'messages.0'], [{ messages: [{}], model: 5 }, 'model'], [{ messages: [{}], stream: 'yes' }, 'stream']] as const) {
    t.throws(() => dialect.inspect(body), { code: 'invalid_request', param })
  }
  t.end()
})

t.test('betasOf() names the betas that the body needs, and none that upstream refuses', t => {
  const thinking = { type: 'enabled', budget_tokens: 2_000 }
  const table: ReadonlyArray<readonly [string | undefined, object, ReturnType<typeof target>, string | null]> = [[
    'claude-code-20250219,oauth-2025-04-20',
    {},
    target(),
    null,
  ], [undefined, {}, older(), null], ['', { thinking }, target(), null], [undefined, { thinking }, older(),
    'interleaved-thinking-2025-05-14'], ['interleaved-thinking-2025-05-14', { thinking }, older(),
    'interleaved-thinking-2025-05-14'], ['interleaved-thinking-2025-05-14', {}, older(), null], [
    'context-management-2025-06-27',
    { thinking },
    older(),
    null,
  ], ['context-management-2025-06-27', {}, target(), null], ['effort-2025-11-24', {
    context_management: { edits: [{}] },
  }, target(), 'context-management-2025-06-27'], [undefined, { tools: [{ name: 'f', defer_loading: true }],
    context_management: { edits: [] } }, target(), 'context-management-2025-06-27,advanced-tool-use-2025-11-20'], [
    undefined,
    { tools: [{ name: 'f' }],
      messages: [user([{ ...result, content: [{ type: 'tool_reference', tool_name: 'f' }] }])] },
    target(),
    'advanced-tool-use-2025-11-20',
  ]]
  for (const [header, body, to, expected] of table) {
    t.equal(betasOf(header, { ...body }, to), expected, `${header} ${JSON.stringify(body)}`)
  }
  t.end()
})
