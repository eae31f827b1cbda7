// Editors mix dialects: Cursor sends Anthropic's blocks and bare tools to the Chat route. Anthropic's own tool runner
// asks for threads, and Copilot has none.
import Anthropic from '@anthropic-ai/sdk'
import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema'
import type { Frame } from '../fixtures/cases.ts'
import { call, type Json } from '../fixtures/http.ts'
import type { User } from '../fixtures/targets.ts'

const schema = { type: 'object', properties: { location: { type: 'string' } }, required: ['location'] } as const
const bare = { name: 'get_weather', description: 'for the weather', input_schema: schema }
const messages = [{ role: 'user', content: [{ type: 'text', text: 'hello', cache_control: { type: 'ephemeral' } }] }, {
  role: 'assistant',
  content: [{ type: 'text', text: 'I look.' }, { type: 'tool_use', id: 't1', name: 'get_weather',
    input: { location: 'Rome' } }],
}, { role: 'user',
  content: [{ type: 'tool_result', tool_use_id: 't1', content: [{ type: 'text', text: 'sunny MARK-ONE' }] }] }]
/** A model for each endpoint, and one of each family on Chat. */
const models = ['gpt-4o', 'gpt-5-mini', 'gpt-5.3-codex', 'claude-sonnet-4.5', 'claude-opus-4.6', 'gemini-2.5-pro',
  'gemini-3.1-pro-preview']

export function editorsSuite ({ target, test }: Frame): void {
  const ask = ({ base, password }: User, body: object) =>
    call(`${base}/chat/completions`, { json: body, headers: { authorization: `Bearer ${password}` } })

  for (const model of models) {
    test(`Chat accepts Anthropic's blocks and bare tools, ${model}`, async t => {
      const user = await target.addUser()
      for (const stream of [false, true]) {
        target.begin()
        const reply = await ask(user, { model, messages, tools: [bare], tool_choice: { type: 'auto' }, stream })
        t.equal(reply.status, 200, reply.text)
        t.equal(reply.headers.get('x-copilot-initiator'), 'agent')
        t.match(reply.text, /MARK-ONE/, 'the model read the result')
        const sent = JSON.stringify(target.seen().at(-1)?.json)
        t.match(sent, /I look\./)
        t.notMatch(sent, /"cache_control":.*"cache_control":.*"cache_control":.*"cache_control":.*"cache_control":/)
      }
      const first = await ask(user, { model, messages: [{ role: 'user', content: 'call get_weather for "Rome"' }],
        tools: [bare] })
      t.match(first.json, {
        choices: [{ finish_reason: 'tool_calls', message: { tool_calls: [{ function: { name: 'get_weather' } }] } }],
      })
    })
  }

  for (const model of ['claude-sonnet-4.5', 'gpt-4o', 'gpt-5.3-codex']) {
    for (const stream of [false, true]) {
      test(`Anthropic's toolRunner() completes its rounds, ${model}${stream ? ', streamed' : ''}`, async t => {
        const user = await target.addUser()
        const client = new Anthropic({ apiKey: user.password, baseURL: user.base.replace(/\/v1$/, ''), maxRetries: 0,
          timeout: 20_000 })
        const asked: unknown[] = []
        const weather = betaTool({
          name: 'get_weather',
          description: 'for the weather',
          inputSchema: schema,
          run (args) {
            asked.push(args)
            return 'sunny MARK-TWO'
          },
        })
        const runner = client.beta.messages.toolRunner({
          model,
          max_tokens: 400,
          tools: [weather],
          stream,
          messages: [{ role: 'user', content: 'call get_weather for "Rome"' }],
        })
        const last = await runner.runUntilDone() as Json
        t.same(asked, [{ location: 'Rome' }])
        t.match(JSON.stringify(last.content), /MARK-TWO/)
        t.notOk(target.seen().some(({ body }) => body.includes('"thread"')), 'no thread reaches Copilot')
      })
    }
  }

  test('a thread is refused with the message that makes the SDK send the whole conversation', async t => {
    const { base, password } = await target.addUser()
    for (const thread of [{ type: 'create' }, { type: 'continue', previous_message_id: 'msg_1' }, {}, 'x']) {
      target.begin()
      const json = { model: 'claude-sonnet-4.5', max_tokens: 10, messages: [{ role: 'user', content: 'hi' }], thread }
      const reply = await call(`${base}/messages`, { json, headers: { authorization: `Bearer ${password}` } })
      t.equal(reply.status, 400)
      t.match(reply.json, { type: 'error',
        error: { type: 'invalid_request_error',
          details: { error_code: 'thread_unsupported_request', unsupported: ['thread'] } }, request_id: /./ })
      t.same(target.seen('/v1/messages'), [])
    }
  })
}
