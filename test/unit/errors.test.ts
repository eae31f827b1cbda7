import t from 'tap'
import { ClientGone, GatewayError, statusOf, toGatewayError, type ErrorCode } from '../../src/errors.ts'
import { renderAnthropicError } from '../../src/dialects/messages/errors.ts'
import { renderOpenAiError } from '../../src/dialects/shared/openai-error.ts'

const request = { id: 'r-1', headers: {} }
const codes = Object.keys(statusOf) as ErrorCode[]

t.test('toGatewayError() hides the details of a bug, and recognises a client that left and a timeout', async t => {
  const bug = new TypeError('secret detail')
  const error = toGatewayError(bug)
  t.match(error, { code: 'internal', status: 500 })
  t.notMatch(error.message, /secret/)
  t.equal(error.cause, bug)
  t.match(toGatewayError(new ClientGone()), { code: 'client_gone', status: 499 })
  t.match(toGatewayError(AbortSignal.abort(new ClientGone()).reason), { code: 'client_gone' })
  t.match(toGatewayError(new DOMException('x', 'TimeoutError')), { code: 'upstream_timeout', status: 504 })
  t.match(toGatewayError(new DOMException('x', 'AbortError')), { code: 'internal' })
  for (const odd of [null, undefined, 'text', 7]) t.match(toGatewayError(odd), { code: 'internal' })
  const own = new GatewayError('rate_limited', 'slow')
  t.equal(toGatewayError(own), own)
})

t.test('GatewayError gives the retry time in whole seconds, at least one', async t => {
  for (const [given, seconds] of [[0.2, '1'], [0, '1'], [59.01, '60'], [7, '7']] as const) {
    t.equal(new GatewayError('rate_limited', 'x', { retryAfterSeconds: given }).headers['retry-after'], seconds)
  }
  t.strictSame(new GatewayError('rate_limited', 'x').headers, {})
})

t.test('both renderers shape every code as the SDKs expect it', async t => {
  for (const code of codes) {
    const error = new GatewayError(code, 'the message', { param: 'model', retryAfterSeconds: 3,
      cause: new Error('secret') })
    const openAi = renderOpenAiError(error, request)
    t.match(openAi, { status: statusOf[code], headers: { 'content-type': /^application\/json/, 'retry-after': '3' } })
    t.match(JSON.parse(openAi.body as string), {
      error: { message: 'the message', type: /^[a-z_]+$/, param: 'model', code },
    }, code)
    const anthropic = renderAnthropicError(error, request)
    t.match(anthropic, { headers: { 'content-type': /^application\/json/, 'retry-after': '3', 'request-id': 'r-1' } })
    t.match(JSON.parse(anthropic.body as string), { type: 'error', error: { type: /^[a-z_]+$/, message: 'the message' },
      request_id: 'r-1' }, code)
    for (const { body } of [openAi, anthropic]) t.notMatch(body, /secret/)
  }
})

t.test("an overloaded Copilot is 503 for OpenAI's clients, and 529 for Anthropic's", async t => {
  const error = new GatewayError({ code: 'upstream_overloaded', status: 503 }, 'busy', { retryAfterSeconds: 5 })
  t.equal(renderOpenAiError(error, request).status, 503)
  const reply = renderAnthropicError(error, request)
  t.equal(reply.status, 529)
  t.match(JSON.parse(reply.body as string), { error: { type: 'overloaded_error' } })
})
