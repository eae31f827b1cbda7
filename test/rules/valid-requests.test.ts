// Random valid requests through every pair of dialects, on models of each endpoint and family: no client gets a 400.
import fc from 'fast-check'
import t from 'tap'
import type { JsonObject } from '../../src/json.ts'
import { chatRequests } from './requests/chat.ts'
import type { Path } from './requests/continued.ts'
import { messagesRequests } from './requests/messages.ts'
import { responsesRequests } from './requests/responses.ts'
import { startWorld } from './requests/send.ts'

t.setTimeout(120_000)
const requests = { 'chat/completions': chatRequests, 'responses': responsesRequests, 'messages': messagesRequests }
const paths = Object.keys(requests) as Path[]
const models = fc.constantFrom('gpt-4o', 'gpt-4.1', 'gpt-4o-mini', 'gpt-3.5-turbo', 'o1', 'o3-mini', 'gpt-5-mini',
  'gpt-5.1', 'gpt-5.3-codex', 'gpt-5.4', 'gpt-5.6-sol', 'oswe-vscode-prime', 'gemini-2.5-pro', 'gemini-3-pro-preview',
  'gemini-3.1-pro-preview', 'claude-sonnet-4', 'claude-sonnet-4.5', 'claude-haiku-4.5', 'claude-opus-4.6',
  'claude-opus-4.7', 'claude-opus-4.8', 'claude-sonnet-5', 'claude-opus-5')
const seed = Date.now() % 2 ** 31
/** Bounded by time as well as by number, so that a busy machine tries fewer. */
const bounds = (interruptAfterTimeLimit: number) => ({ seed, numRuns: 120, interruptAfterTimeLimit,
  markInterruptAsFailure: false })

t.comment(`seed ${seed}`)

const others = { capTooSmall: true, opaqueRequired: 'all', backends: ['bedrock'] } as const
/**
 * A request is repaired once after a refusal, so a world has one rule of Responses that the gateway can only learn: a
 * request that broke two of them would get the second refusal. `docs/decisions/rule-table.md`.
 */
const worlds = [['under the known rules', {}], ['under all unconfirmed rules too', { providerWords: true }], [
  'under the rules of other reports, with short ids of reasoning',
  { ...others, reasoningIds: true },
], ['under the rules of other reports, without web search', { ...others, responsesWebSearch: true }]] as const
for (const [name, strict] of worlds) {
  t.test(`no valid request is refused: ${name}`, async t => {
    const { converse } = await startWorld(t, strict)
    for (const path of paths) {
      await fc.assert(
        fc.asyncProperty(requests[path], models, models, fc.boolean(), (body, model, nextModel, stream) =>
          converse(path, { model, stream, ...body }, nextModel)),
        bounds(2_700),
      )
    }
  })
}

t.test('no valid request is refused when Copilot refuses a field or a beta that it knew before', async t => {
  const { emulator, converse } = await startWorld(t, {})
  const fields = fc.constantFrom('top_p', 'temperature', 'stop', 'stop_sequences', 'seed', 'tool_choice',
    'parallel_tool_calls', 'metadata', 'output_config', 'thinking', 'reasoning', 'text', 'response_format',
    'reasoning_effort', 'context_management')
  const betas = fc.constantFrom('interleaved-thinking-2025-05-14', 'context-management-2025-06-27',
    'advanced-tool-use-2025-11-20')
  for (const path of paths) {
    await fc.assert(
      fc.asyncProperty(requests[path], models,
        fc.oneof(fields.map(field => ({ field })), betas.map(beta => ({ beta }))), fc.boolean(),
        async (body, model, refused, stream) => {
          Object.assign(emulator.strict, 'field' in refused
            ? { refusedFields: [refused.field], refusedBetas: [] }
            : { refusedFields: [], refusedBetas: [refused.beta] })
          await converse(path, { model, stream, ...body }, model,
            'beta' in refused ? { 'anthropic-beta': refused.beta } : {})
        }),
      bounds(2_000),
    )
  }
})

t.test("requests at the vendors' limits are not refused", async t => {
  const user = { role: 'user', content: 'hi' }
  const pdf = 'data:application/pdf;base64,JVBERi0xLjQKJcOkw7zDtsOf'
  const all = ['gpt-4o', 'gpt-5.1', 'gpt-5.4', 'gemini-2.5-pro', 'claude-sonnet-4.5', 'claude-opus-4.8']
  const readers = ['gpt-5.1', 'gpt-5.4', 'claude-sonnet-4.5', 'claude-opus-4.8']
  const openAi = ['gpt-4o', 'gpt-5.1', 'gpt-5.4']
  const rows: ReadonlyArray<readonly [Path, JsonObject, readonly string[]]> = [['chat/completions', {
    messages: [{ role: 'user', content: '' }],
  }, all], ['chat/completions', { messages: [{ role: 'system', content: 'x' }] }, all], ['responses', { input: '' },
    all], ['chat/completions', { messages: [user], logprobs: true, top_logprobs: 2 }, openAi], ['responses', {
    input: 'hi',
    include: ['message.output_text.logprobs'],
    top_logprobs: 2,
  }, openAi], ['chat/completions', { messages: [user], n: 2 }, ['gpt-4o', 'gpt-5.1']], ['chat/completions', {
    messages: [{ role: 'user', content: [{ type: 'file', file: { filename: 'a.pdf', file_data: pdf } }] }],
  }, readers], ['responses', {
    input: [{ role: 'user', content: [{ type: 'input_file', filename: 'a.pdf', file_data: pdf }] }],
  }, readers], ['messages', { max_tokens: 99,
    messages: [{ role: 'user',
      content: [{ type: 'document',
        source: { type: 'base64', media_type: 'application/pdf', data: pdf.split(',')[1] } }] }] }, readers], [
    'messages',
    { max_tokens: 10_000_000, messages: [user], thinking: { type: 'enabled', budget_tokens: 9_000_000 } },
    all,
  ]]
  for (const strict of [{}, { providerWords: true }]) {
    const { send } = await startWorld(t, strict)
    for (const [path, body, models] of rows) {
      for (const model of models) {
        await t.resolves(send(path, { model, ...body }), `${path} to ${model}: ${JSON.stringify(body).slice(0, 80)}`)
      }
    }
  }
})
