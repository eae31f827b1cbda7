// The catalogue of `docs/spec/copilot.md#error-bodies`, and the errors that clients get.
import fc from 'fast-check'
import t from 'tap'
import { toUpstreamError } from '../../../src/upstream/errors.ts'

const errorFor = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  toUpstreamError({ status, headers }, typeof body === 'string' ? body : JSON.stringify(body))
const catalogue: ReadonlyArray<[number, unknown, object, Record<string, string>?]> = [[400,
  'bad request: missing Editor-Version header for IDE auth', { status: 400, code: 'invalid_request',
  message: 'bad request: missing Editor-Version header for IDE auth' }], [400, {
  error: { message: 'missing required Copilot-Vision-Request header for vision requests', code: '' },
}, { status: 400, code: 'invalid_request', message: /vision/ }], [400, {
  error: { message: 'The requested model is not supported.', code: 'model_not_supported', param: 'model',
    type: 'invalid_request_error' },
}, { status: 400, code: 'model_not_supported', param: 'model' }], [400, {
  error: { message: 'prompt token count of 138898 exceeds the limit of 64000',
    code: 'model_max_prompt_tokens_exceeded' },
}, { status: 400, code: 'model_max_prompt_tokens_exceeded' }], [400, 'Bad Request\n', { status: 400,
  message: 'Bad Request' }], [400, { message: 'flat' }, { status: 400, message: 'flat' }], [402, {
  error: { message: 'You have no quota', code: 'quota_exceeded' },
}, { status: 402, code: 'quota_exceeded', headers: { 'x-should-retry': 'false', 'retry-after': '3600' } }, {
  'retry-after': '3600',
}], [402, 'quota exceeded', { status: 402, code: 'insufficient_quota', message: 'quota exceeded',
  headers: { 'x-should-retry': 'false' } }], [403, '', { status: 403, code: 'upstream_forbidden',
  message: 'Copilot refused the request with status 403.' }], [404, '404 page not found', { status: 404,
  code: 'not_found', message: '404 page not found' }], [408, {
  error: { message: 'Timed out reading request body.', code: 'user_request_timeout' },
}, { status: 408, code: 'user_request_timeout' }], [413, 'Request Entity Too Large\n', { status: 413,
  code: 'request_too_large' }], [421, '', { status: 421, code: 'misdirected_request',
  message: /x-copilot-account-type/ }], [422, 'filtered', { status: 422, message: 'filtered' }], [429, {
  error: { message: 'Sorry', code: 'user_global_rate_limited:enterprise' },
}, { status: 429, code: 'user_global_rate_limited', headers: { 'retry-after': '7', 'x-ratelimit-exceeded': 'k' } }, {
  'retry-after': '7',
  'x-ratelimit-exceeded': 'k',
}], [429, 'rate limit exceeded', { status: 429, code: 'upstream_rate_limited', message: 'rate limit exceeded' }], [466,
  'too old', { status: 502, code: 'upstream_error', message: /COPILOT_EDITOR_VERSION/ }], [499, '', { status: 499,
  code: 'invalid_request' }], [500, '<html>Unicorn</html>', { status: 502, code: 'upstream_error',
  message: 'Copilot failed with status 500.' }], [503, '', { status: 503, code: 'upstream_overloaded',
  headers: { 'retry-after': '5' } }], [529, { type: 'error',
  error: { type: 'overloaded_error', message: 'Overloaded' } }, { status: 503, code: 'upstream_overloaded',
  message: 'Overloaded' }], [500, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }, {
  status: 503,
  code: 'upstream_overloaded',
  message: 'Overloaded',
  headers: { 'retry-after': '5' },
}], [502, { error: { code: 'model_overloaded', message: 'Overloaded' } }, { status: 503, code: 'model_overloaded' }], [
  500,
  { type: 'error', error: { type: 'api_error', message: 'Internal' } },
  { status: 502, code: 'upstream_error' },
], [503, { error: { code: 'draining', message: 'busy' } }, { status: 503, code: 'upstream_overloaded' }], [503, 'busy',
  { status: 503, message: 'busy', headers: { 'retry-after': '9' } }, { 'retry-after': '9' }], [504, '', { status: 504,
  code: 'upstream_timeout' }], [302, '', { status: 502, code: 'upstream_error', message: /redirect/ }], [204, '', {
  status: 502,
  code: 'upstream_error',
}]]

for (const [status, body, wanted, headers] of catalogue) {
  t.test(`toUpstreamError() turns ${status} ${JSON.stringify(body).slice(0, 50)} into the client's error`, async t => {
    t.match(errorFor(status, body, headers), wanted)
  })
}

t.test('toUpstreamError() never passes on an HTML page, whatever its content type', async t => {
  const pages = ['<!DOCTYPE html><p>x', '\n <html>', '<?xml version="1.0"?>', 'error <html><body>x</body></html>']
  for (const page of pages) t.notMatch(errorFor(400, page).message, /</)
  t.notMatch(errorFor(400, 'Gone', { 'content-type': 'text/html' }).message, /Gone/)
})

t.test('toUpstreamError() is short, passes on only named printable headers, and never throws', async t => {
  const long = errorFor(400, {
    error: { message: 'm'.repeat(60_000), code: 'c'.repeat(60_000), param: 'p'.repeat(60_000) },
  })
  t.equal(long.message.length, 4_096)
  t.ok(long.code.length <= 128 && (long.param?.length ?? 0) <= 128)
  t.strictSame(
    errorFor(429, '', { 'set-cookie': 'a', 'retry-after': '1\r\nx: y', 'x-ratelimit-exceeded': 'é' }).headers,
    {},
  )
  fc.assert(fc.property(fc.integer({ min: 300, max: 599 }), fc.oneof(fc.string(), fc.json()), (status, text) => {
    const error = toUpstreamError({ status, headers: {} }, text)
    return error.status >= 400 && error.message !== '' && error.message.length <= 4_096 && error.code !== ''
  }))
})
