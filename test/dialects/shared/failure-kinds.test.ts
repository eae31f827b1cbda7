// A failure inside an answer has the form that each client knows, with the same advice about retries.
import t from 'tap'
import { anthropicMessages } from '../../../src/dialects/messages/index.ts'
import { codexCode, readFailure } from '../../../src/dialects/shared/failure-kinds.ts'
import { openAiChat } from '../../../src/dialects/chat/index.ts'
import { openAiResponses } from '../../../src/dialects/responses/index.ts'
import { GatewayError } from '../../../src/errors.ts'

/** The name from upstream; then the status, and what clients of Chat, Responses and Messages read. */
const rows: ReadonlyArray<readonly [name: string, status: number, chat: string, responses: string, messages: string]> =
  [['quota_exceeded', 402, 'insufficient_quota', 'insufficient_quota', 'billing_error'], ['free_quota_exceeded', 402,
    'insufficient_quota', 'insufficient_quota', 'billing_error'], ['additional_spend_limit_reached', 402,
    'insufficient_quota', 'insufficient_quota', 'billing_error'], ['billing_error', 402, 'insufficient_quota',
    'insufficient_quota', 'billing_error'], ['usage_not_included', 402, 'usage_not_included', 'usage_not_included',
    'billing_error'], ['rate_limited', 429, 'rate_limited', 'rate_limit_exceeded', 'rate_limit_error'], [
    'user_global_rate_limited:enterprise',
    429,
    'user_global_rate_limited',
    'rate_limit_exceeded',
    'rate_limit_error',
  ], ['rate_limit_exceeded', 429, 'rate_limit_exceeded', 'rate_limit_exceeded', 'rate_limit_error'], [
    'model_overloaded',
    503,
    'model_overloaded',
    'server_is_overloaded',
    'overloaded_error',
  ], ['slow_down', 503, 'slow_down', 'slow_down', 'overloaded_error'], ['cyber_policy', 400, 'cyber_policy',
    'cyber_policy', 'invalid_request_error'], ['bio_policy', 400, 'bio_policy', 'bio_policy', 'invalid_request_error'],
    ['content_filter', 400, 'content_filter', 'invalid_prompt', 'invalid_request_error'], ['bad_request', 400,
    'bad_request', 'invalid_prompt', 'invalid_request_error'], ['request_too_large', 413, 'request_too_large',
    'invalid_prompt', 'request_too_large'], ['not_found', 404, 'not_found', 'invalid_prompt', 'not_found_error'], [
    'internal_error',
    502,
    'internal_error',
    'server_error',
    'api_error',
  ], ['something_new', 502, 'something_new', 'server_error', 'api_error']]

t.test('an error name from upstream keeps its meaning for every client', async t => {
  for (const [code, status, chat, responses, messages] of rows) {
    const error = readFailure({ code, message: 'no' })
    t.match(error, { status, message: 'no' }, code)
    t.match(openAiChat.failStream(error), `"code":"${chat}"`, code)
    t.match(openAiResponses.failStream(error), `"error":{"code":"${responses}"`, code)
    t.match(anthropicMessages.failStream(error), `"error":{"type":"${messages}"`, code)
    t.equal(error.headers['x-should-retry'], status === 402 ? 'false' : undefined, code)
  }
})

t.test('each dialect reads its own form of an error, in a stream and in a whole answer', async t => {
  const statusOf = (run: () => unknown): number => {
    try {
      run()
    } catch (thrown) {
      if (thrown instanceof GatewayError) return thrown.status
    }
    return 0
  }
  for (const [code, status] of rows) {
    const error = { code, message: 'no' }
    t.equal(statusOf(() => openAiChat.createDecoder().push(JSON.stringify({ error }), '')), status, code)
    t.equal(statusOf(() => openAiChat.decodeAnswer({ error })), status, code)
    t.equal(
      statusOf(() =>
        openAiResponses.createDecoder().push(
          JSON.stringify({ type: 'response.failed', response: { status: 'failed', error } }),
          'response.failed',
        )
      ),
      status,
      code,
    )
    t.equal(statusOf(() => openAiResponses.createDecoder().push(JSON.stringify({ type: 'error', error }), 'error')),
      status, code)
    t.equal(statusOf(() => openAiResponses.decodeAnswer({ status: 'failed', error })), status, code)
    t.equal(
      statusOf(() =>
        anthropicMessages.createDecoder().push(
          JSON.stringify({ type: 'error', error: { ...error, type: 'api_error' } }),
          'error',
        )
      ),
      status,
      code,
    )
  }
  for (const [type, status] of [['billing_error', 402], ['rate_limit_error', 429], ['overloaded_error', 503], [
    'invalid_request_error',
    400,
  ], ['permission_error', 403], ['timeout_error', 504], ['api_error', 502], ['new_error', 502]] as const) {
    t.equal(
      statusOf(() =>
        anthropicMessages.createDecoder().push(JSON.stringify({ type: 'error', error: { type, message: 'no' } }),
          'error')
      ),
      status,
      type,
    )
  }
})

t.test('any error at all becomes a usable failure', async t => {
  for (const odd of [{}, { code: 7, message: '' }, { code: '', message: null }, { message: [] }]) {
    t.match(readFailure(odd), { status: 502, code: 'upstream_error', message: /broke the answer off/ })
  }
  const long = readFailure({ code: 'c'.repeat(1_000), message: 'm'.repeat(9_999) })
  t.same([long.code.length, long.message.length], [128, 4_096])
  for (const code of ['__proto__', 'constructor', 'toString']) {
    t.match(readFailure({ code, message: 'x' }), { status: 502, code })
  }
  t.equal(codexCode(readFailure({ code: 'x', message: 'prompt is too long: 9 tokens > 8 maximum' })),
    'context_length_exceeded')
})
