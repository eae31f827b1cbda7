import t from 'tap'
import { readOverflow } from '../../../src/dialects/shared/overflow.ts'
import { renderOpenAiError, toOpenAiError } from '../../../src/dialects/shared/openai-error.ts'
import { GatewayError } from '../../../src/errors.ts'
import { dialect, type Json } from './fixtures.ts'

const error = (status: number, message: string, code = 'x', headers: Record<string, string> = {}): GatewayError =>
  new GatewayError({ status, code }, message, { headers })
const rendered = (given: GatewayError): Json => {
  const { status, headers, body } = dialect.renderError(given, { id: 'req_1', headers: {} })
  return { status, headers, ...JSON.parse(body as string) as object }
}

t.test('a too long prompt gets the message on which each client compacts (golden 50)', t => {
  const table: ReadonlyArray<readonly [string, string, string]> = [[
    'prompt token count of 138898 exceeds the limit of 64000',
    'model_max_prompt_tokens_exceeded',
    'prompt is too long: 138898 tokens > 64000 maximum',
  ], ['prompt is too long: 210000 tokens > 200000 maximum', 'invalid_request',
    'prompt is too long: 210000 tokens > 200000 maximum'], [
    "This model's maximum context length is 128,000 tokens. However, your messages resulted in 130,500 tokens.",
    'x',
    'prompt is too long: 130500 tokens > 128000 maximum',
  ], [
    "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens (5000 in the messages, "
    + '4000 in the completion).',
    'x',
    'input length and `max_tokens` exceed context limit: 5000 + 4000 > 8192',
  ], ['input length and `max_tokens` exceed context limit: 150000 + 64000 > 200000, decrease input length', 'x',
    'input length and `max_tokens` exceed context limit: 150000 + 64000 > 200000'], [
    'Your input exceeds the context window of this model.',
    'context_length_exceeded',
    'prompt is too long',
  ], ['Some other words', 'context_length_exceeded', 'prompt is too long']]
  for (const [message, code, expected] of table) {
    for (const status of [400, 413, 502]) {
      t.match(rendered(error(status, message, code)), { status: 400, type: 'error',
        error: { type: 'invalid_request_error', message: expected }, request_id: 'req_1' })
      t.match(toOpenAiError(error(status, message, code)).error, { code: 'context_length_exceeded',
        type: 'invalid_request_error', message })
      t.equal(renderOpenAiError(error(status, message, code), { id: 'x', headers: {} }).status, 400)
    }
    t.match(dialect.failStream(error(502, message, code)), `"message":${JSON.stringify(expected)}`)
  }
  t.equal(readOverflow(error(429, 'maximum context length')), null)
  t.equal(readOverflow(error(400, 'the tool is too long')), null)
  t.equal(toOpenAiError(error(400, 'no', 'invalid_request')).error.code, 'invalid_request')
  t.end()
})

t.test('every status has its type, and 503 for an overload is 529', t => {
  const table: ReadonlyArray<readonly [number, string]> = [[400, 'invalid_request_error'], [401,
    'authentication_error'], [402, 'billing_error'], [403, 'permission_error'], [404, 'not_found_error'], [408,
    'timeout_error'], [409, 'conflict_error'], [413, 'request_too_large'], [422, 'invalid_request_error'], [429,
    'rate_limit_error'], [500, 'api_error'], [502, 'api_error'], [504, 'timeout_error']]
  for (const [status, type] of table) t.match(rendered(error(status, 'm')), { status, error: { type, message: 'm' } })
  for (const code of ['store_unavailable', 'draining', 'overloaded']) {
    t.match(rendered(error(503, 'm', code)), { status: 503, error: { type: 'overloaded_error' } })
  }
  t.match(rendered(error(503, 'busy', 'model_overloaded')), { status: 529, error: { type: 'overloaded_error' } })
  t.match(rendered(error(503, 'busy', 'upstream_overloaded', { 'retry-after': '5' })), { status: 529,
    error: { type: 'overloaded_error' }, headers: { 'retry-after': '5', 'request-id': 'req_1' } })
  t.equal(dialect.failStream(error(502, 'gone')),
    'event: error\ndata: {"type":"error","error":{"type":"api_error","message":"gone"}}\n\n')
  t.equal(dialect.ping, 'event: ping\ndata: {"type":"ping"}\n\n')
  t.end()
})
