// How Copilot's errors reach the client: with a status that clients act on and Copilot's message if it has one, but
// never its HTML.
import OpenAI from 'openai'
import { knownErrors, type Fault } from '../../src/emulator/emulator.ts'
import type { Frame } from '../fixtures/cases.ts'
import { call } from '../fixtures/http.ts'
import { openAi, says } from './openai.ts'

const path = '/chat/completions'
interface Wanted {
  readonly status: number
  readonly code: string
  readonly message?: RegExp
  readonly headers?: Record<string, string | null>
}

const table: ReadonlyArray<readonly [string, Fault, Wanted]> = [['400 with a code',
  knownErrors.coded(400, 'invalid_request_body', 'Unsupported parameter: x'), { status: 400,
  code: 'invalid_request_body', message: /^Unsupported parameter: x$/ }], ['400, a sentence',
  knownErrors.sentence(400, 'bad request: unknown Editor-Version header'), { status: 400, code: 'invalid_request',
  message: /unknown Editor-Version/ }], ['400, filtered', knownErrors.contentFilter(), { status: 400,
  code: 'content_filter', message: /content management policy/ }], ['400, too long',
  knownErrors.coded(400, 'model_max_prompt_tokens_exceeded', 'prompt token count of 138898 exceeds the limit of 64000'),
  { status: 400, code: 'context_length_exceeded', message: /138898 exceeds the limit of 64000/ }], [
  '402, which is not worth a retry',
  knownErrors.quotaExceeded(),
  { status: 402, code: 'insufficient_quota', message: /no quota/,
    headers: { 'x-should-retry': 'false', 'retry-after': '86400' } },
], ['402, a sentence', knownErrors.sentence(402, 'quota exceeded'), { status: 402, code: 'insufficient_quota',
  message: /^quota exceeded$/, headers: { 'x-should-retry': 'false' } }], ['403', knownErrors.forbidden(), {
  status: 403,
  code: 'upstream_forbidden',
  message: /^forbidden$/,
}], ['404', knownErrors.sentence(404, '404 page not found'), { status: 404, code: 'not_found' }], ['413',
  knownErrors.sentence(413, 'Request Entity Too Large'), { status: 413, code: 'request_too_large',
  message: /Too Large/ }], ['422', knownErrors.filtered(), { status: 422, code: 'invalid_request',
  message: /Responsible AI/ }], ['429 with seconds', knownErrors.rateLimited(), { status: 429, code: 'rate_limited',
  headers: { 'retry-after': '7', 'x-ratelimit-exceeded': 'rate_limited' } }], ['429 with a date',
  knownErrors.rateLimited('date'), { status: 429, code: 'rate_limited' }], ['429 with hours',
  knownErrors.rateLimited('hours'), { status: 429, code: 'rate_limited', headers: { 'retry-after': '183600' } }], [
  '429 whose code has a suffix',
  knownErrors.rateLimitedSuffix(),
  { status: 429, code: 'user_global_rate_limited' },
], ['429, a sentence', knownErrors.rateLimitedPlain(), { status: 429, code: 'upstream_rate_limited',
  message: /^rate limit exceeded$/ }], ['429, overloaded', knownErrors.modelOverloaded(), { status: 503,
  code: 'model_overloaded' }], ['466, which only the operator can fix', knownErrors.clientTooOld(), { status: 502,
  code: 'upstream_error', message: /COPILOT_EDITOR_VERSION/ }], ['500', knownErrors.internal(), { status: 502,
  code: 'upstream_error' }], ['502, a page', knownErrors.unicorn(), { status: 502, code: 'upstream_error' }], [
  '503 without a time',
  knownErrors.unavailable(),
  { status: 503, code: 'upstream_overloaded', headers: { 'retry-after': '5' } },
], ['503 with a time', { kind: 'status', status: 503, body: 'later', headers: { 'retry-after': '30' } }, { status: 503,
  code: 'upstream_overloaded', headers: { 'retry-after': '30' } }], ['503, a page', knownErrors.unicorn(503), {
  status: 503,
  code: 'upstream_overloaded',
}], ['504', knownErrors.gatewayTimeout(), { status: 504, code: 'upstream_timeout' }], ['a redirect', { kind: 'redirect',
  location: 'https://evil.example/' }, { status: 502, code: 'upstream_error' }], ['a reset', { kind: 'reset-before' }, {
  status: 502,
  code: 'upstream_error',
}], ['an error of 20 KB', knownErrors.coded(400, 'invalid_request_body', 'x'.repeat(20_000)), { status: 400,
  code: 'invalid_request_body', message: /^x{4096}$/ }], ['a 200 that is not JSON', { kind: 'not-json' }, { status: 502,
  code: 'upstream_error' }], ['a 200 that is an error', { kind: 'status', status: 200,
  body: '{"error":{"code":"internal_error","message":"it broke"}}', contentType: 'application/json' }, { status: 502,
  code: 'internal_error', message: /^it broke$/ }], ['a 200 with half a body', { kind: 'not-json',
  body: '{"choices":[{"mess' }, { status: 502, code: 'upstream_error' }]]

const types: Readonly<Record<number, string>> = { 402: 'insufficient_quota', 403: 'permission_error',
  429: 'rate_limit_error', 502: 'server_error', 503: 'server_error', 504: 'timeout' }

export function errorsSuite ({ target, test }: Frame): void {
  const { emulator } = target

  for (const stream of [false, true]) {
    test(`every error of Copilot gets the right form${stream ? ' when streaming too' : ''}`, async t => {
      const { base, password } = await target.addUser()
      for (const [name, fault, wanted] of table) {
        emulator.fault({ path }, fault)
        const { status, json, headers, text } = await call(`${base}/chat/completions`, {
          json: { model: 'gpt-4o', messages: says('hi'), stream },
          headers: { authorization: `Bearer ${password}` },
        })
        t.equal(status, wanted.status, name)
        t.match(headers.get('content-type'), 'application/json', name)
        t.same(Object.keys(json?.error ?? {}).toSorted(), ['code', 'message', 'param', 'type'], name)
        t.match(json?.error, { code: wanted.code, message: wanted.message ?? /./,
          type: types[status] ?? 'invalid_request_error' }, name)
        for (const [header, value] of Object.entries(wanted.headers ?? {})) {
          t.equal(headers.get(header), value, `${name}: ${header}`)
        }
        t.notMatch(text, /<html|<!DOCTYPE|Unicorn|evil\.example/i, name)
        t.match(headers.get('x-request-id'), /^[0-9a-f-]{36}$/, name)
      }
    })
  }

  test('a retry-after that is a date is passed on unchanged', async t => {
    const at = new Date(Date.now() + 7_000).toUTCString()
    emulator.fault({ path }, { kind: 'status', status: 429, body: 'later', headers: { 'retry-after': at } })
    const { base, password } = await target.addUser()
    const { headers } = await call(`${base}/chat/completions`, { json: { messages: says('hi') },
      headers: { authorization: `Bearer ${password}` } })
    t.equal(headers.get('retry-after'), at)
  })

  test("OpenAI's SDK throws its own classes for them, and does not retry a 402", async t => {
    const client = openAi(await target.addUser())
    const ask = () =>
      client.withOptions({ maxRetries: 3 }).chat.completions.create({ model: 'gpt-4o', messages: says('hi') })
    emulator.fault({ path }, knownErrors.quotaExceeded())
    await t.rejects(ask(), { status: 402, code: 'insufficient_quota' })
    t.equal(target.seen(path).length, 1)
    emulator.fault({ path }, knownErrors.coded(400, 'invalid_request_body', 'wrong'))
    t.ok(await ask().catch((thrown: unknown) => thrown) instanceof OpenAI.BadRequestError)
  })

  test("only named headers of Copilot's answer reach the client", async t => {
    const { base, password } = await target.addUser()
    emulator.fault({ path }, { kind: 'headers',
      headers: { 'set-cookie': 'a=b', location: 'https://evil.example',
        'access-control-allow-origin': 'https://evil.example', server: 'x', 'x-ratelimit-remaining': '7',
        'content-security-policy': 'x' } })
    const { status, headers } = await call(`${base}/chat/completions`, { json: { messages: says('hi') },
      headers: { authorization: `Bearer ${password}` } })
    t.equal(status, 200)
    t.same(
      ['set-cookie', 'location', 'server', 'content-security-policy', 'x-github-backend', 'strict-transport-security']
        .map(name => headers.get(name)),
      Array(6).fill(null),
    )
    t.not(headers.get('access-control-allow-origin'), 'https://evil.example')
    t.same([headers.get('x-ratelimit-remaining'), headers.get('x-copilot-upstream'),
      headers.get('x-copilot-initiator')], ['7', '/chat/completions', 'user'])
    t.match(headers.get('x-quota-snapshot-premium_interactions'), /^ent=300&/)
    t.match(headers.get('x-github-request-id'), /^AA70:/)
  })

  test('x-proxy-dropped names the fields that cannot be sent', async t => {
    const { base, password } = await target.addUser()
    const ask = async (json: object) =>
      (await call(`${base}/chat/completions`, { json: { messages: says('hi'), ...json },
        headers: { authorization: `Bearer ${password}` } })).headers.get('x-proxy-dropped')
    t.equal(
      await ask({ model: 'claude-sonnet-4.5', seed: 7, logit_bias: { 1: 1 }, metadata: { a: 'b' },
        max_completion_tokens: 50 }),
      'metadata,seed,logit_bias',
    )
    t.equal(await ask({ model: 'gpt-4o', seed: 7 }), null)
    t.same(target.seen(path)[0]?.json, { model: 'claude-sonnet-4.5', messages: says('hi'), max_tokens: 50 })
  })
}
