// Errors that no retry can fix have `x-should-retry: false`, which the vendors' SDKs and Claude Code obey. Also the
// headers that browsers may read.
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { knownErrors } from '../../src/emulator/emulator.ts'
import type { Frame } from '../fixtures/cases.ts'
import { call, type Got } from '../fixtures/http.ts'
import { says } from './openai.ts'

const adminToken = 'operator-AdminToken-0123456789'
const model = 'claude-sonnet-4.5'
const bodies = {
  '/chat/completions': { model, messages: says('hi') },
  '/responses': { model, input: 'hi' },
  '/messages': { model, max_tokens: 50, messages: says('hi') },
  '/messages/count_tokens': { model, messages: says('hi') },
  '/embeddings': { model: 'text-embedding-3-small', input: 'hi' },
} as const
const asks = ['/chat/completions', '/responses', '/messages'] as const
const retryOf = ({ status, headers }: Got) => [status, headers.get('x-should-retry')]

export function retriesSuite ({ target, test, testWith }: Frame): void {
  const { origin, emulator } = target

  test('a wrong password is 401 with x-should-retry: false on every API route, streamed too', async t => {
    const { username } = await target.addUser()
    const headers = { authorization: `Bearer ${target.newPassword()}` }
    for (const base of ['/v1', '', '/v1/v1']) {
      for (const [path, json] of Object.entries(bodies)) {
        for (const stream of [false, true]) {
          t.same(retryOf(await call(`${origin}/${username}${base}${path}`, { json: { ...json, stream }, headers })), [
            401,
            'false',
          ], `${base}${path}`)
        }
      }
      for (const path of ['/models', `/models/${model}`, '/usage']) {
        t.same(retryOf(await call(`${origin}/${username}${base}${path}`, { headers })), [401, 'false'],
          `${base}${path}`)
      }
    }
    t.same(retryOf(await call(`${origin}/${target.newName()}/v1/models`)), [401, 'false'],
      'the same for an unknown user without a password')
  })

  test('a refused seat is 403 with x-should-retry: false in every dialect', async t => {
    for (const state of ['revoked', 'no-seat', 'blocked'] as const) {
      for (const path of asks) {
        const { base, password, seat } = await target.addUser()
        seat.state = state
        if (state !== 'blocked') emulator.expireTokens()
        for (const stream of [false, true]) {
          t.same(
            retryOf(
              await call(`${base}${path}`, { json: { ...bodies[path], stream },
                headers: { authorization: `Bearer ${password}` } }),
            ),
            [403, 'false'],
            `${state} ${path}`,
          )
        }
      }
    }
  })

  test('account routes send the header too; temporary errors do not have it', async t => {
    const { username, base, password, seat } = await target.addUser()
    const save = (more: object) => call(`${origin}/`, { json: { username, token: seat.githubToken, ...more } })
    t.same(retryOf(await save({ password: target.newPassword() })), [403, 'false'])
    t.same(retryOf(await save({ password: 'x' })), [400, null])
    for (const [fault, status] of [[knownErrors.unavailable(), 503], [knownErrors.rateLimited(), 429], [
      knownErrors.coded(400, 'invalid_request_body', 'no'),
      400,
    ], [knownErrors.internal(), 502]] as const) {
      emulator.fault({ path: '/chat/completions' }, fault)
      t.same(
        retryOf(
          await call(`${base}/chat/completions`, { json: { model: 'gpt-4o', messages: says('hi') },
            headers: { authorization: `Bearer ${password}` } }),
        ),
        [status, null],
      )
    }
  })

  testWith({ ADMIN_TOKEN: adminToken }, 'a wrong admin token is 401 with x-should-retry: false', async (t, own) => {
    t.same(retryOf(await call(`${own.origin}/admin/users`, { headers: { authorization: 'Bearer wrong' } })), [401,
      'false'])
  })

  test("the vendors' SDKs send a wrong password exactly once", async t => {
    const { base } = await target.addUser()
    let calls = 0
    const counting: typeof fetch = (input, init) => {
      calls++
      return fetch(input, init)
    }
    const options = { apiKey: target.newPassword(), maxRetries: 5, timeout: 20_000, fetch: counting }
    const openAi = new OpenAI({ ...options, baseURL: base })
    const anthropic = new Anthropic({ ...options, baseURL: base.replace(/\/v1$/, '') })
    const tries: Array<readonly [string, () => Promise<unknown>]> = [['chat',
      () => openAi.chat.completions.create({ model, messages: says('hi') })], ['chat, streamed',
      () => openAi.chat.completions.create({ model, messages: says('hi'), stream: true })], ['responses',
      () => openAi.responses.create({ model, input: 'hi' })], ['embeddings',
      () => openAi.embeddings.create({ model: 'text-embedding-3-small', input: 'hi' })], ['models',
      () => openAi.models.list()], ['messages',
      () => anthropic.messages.create({ model, max_tokens: 50, messages: says('hi') })], ['messages, streamed',
      () => anthropic.messages.stream({ model, max_tokens: 50, messages: says('hi') }).finalMessage()], ['count_tokens',
      () => anthropic.messages.countTokens({ model, messages: says('hi') })]]
    for (const [name, ask] of tries) {
      calls = 0
      t.match(await ask().catch((thrown: unknown) => thrown), { status: 401 }, name)
      t.equal(calls, 1, name)
    }
  })

  test('a used-up quota is 402, on the Responses routes 429 insufficient_quota, and is asked once', async t => {
    const user = await target.addUser()
    const headers = { authorization: `Bearer ${user.password}` }
    const faults = [knownErrors.quotaExceeded(), knownErrors.coded(402, 'overage_limit_reached', 'No more.'),
      knownErrors.coded(402, 'additional_spend_limit_reached', 'Your budget.'),
      knownErrors.sentence(402, 'quota exceeded')]
    for (const [at, fault] of faults.entries()) {
      for (const path of asks) {
        for (const stream of [false, true]) {
          emulator.fault({ method: 'POST' }, fault)
          const got = await call(`${user.base}${path}`, { json: { ...bodies[path], stream }, headers })
          t.same(retryOf(got), [path === '/responses' ? 429 : 402, 'false'], `${at} ${path}`)
          if (path === '/responses') {
            t.match(got.json?.error, { code: 'insufficient_quota', type: 'insufficient_quota', message: /./ })
          }
        }
      }
    }
    const client = new OpenAI({ apiKey: user.password, baseURL: user.base, maxRetries: 3 })
    const tries: Array<readonly [number, () => Promise<unknown>]> = [[402,
      () => client.chat.completions.create({ model: 'gpt-4o', messages: says('hi') })], [429,
      () => client.responses.create({ model: 'gpt-4o', input: 'hi' })]]
    for (const [status, ask] of tries) {
      target.begin()
      emulator.fault({ method: 'POST' }, knownErrors.quotaExceeded())
      t.match(await ask().catch((thrown: unknown) => thrown), { status })
      t.equal(target.seen().filter(({ method }) => method === 'POST').length, 1, `${status}: asked once`)
    }
  })

  test('browsers may read every reply header that a client uses', async t => {
    const { base, password } = await target.addUser()
    const { headers } = await call(`${base}/models`, {
      headers: { origin: 'https://page.example', authorization: `Bearer ${password}` },
    })
    const exposed = (headers.get('access-control-expose-headers') ?? '').split(', ')
    for (const name of ['x-request-id', 'request-id', 'retry-after', 'retry-after-ms', 'x-should-retry',
      'x-token-count', 'x-proxy-dropped', 'x-copilot-initiator', 'x-copilot-upstream', 'x-ratelimit-exceeded',
      'x-quota-snapshot-chat', 'x-quota-snapshot-completions', 'x-quota-snapshot-premium_interactions',
      'x-usage-ratelimit-weekly']) t.ok(exposed.includes(name), name)
  })
}
