// GitHub without the exchange: the device flow and the seat.
import t from 'tap'
import { bodyOf } from '../../../src/body.ts'
import { ClientGone } from '../../../src/errors.ts'
import { createGitHub } from '../../../src/upstream/github.ts'
import { readExcerpt, readText } from '../../../src/upstream/read-body.ts'
import { token } from '../helpers/process.ts'
import { configOf, createAccount, createScriptedSend, toResponse, type Scripted } from '../helpers/upstream.ts'

const { signal } = new AbortController()
const github = (answer: Scripted | Error) => {
  const send = createScriptedSend(answer)
  return { send, github: createGitHub(configOf(), send) }
}

t.test('startDeviceFlow() reads the codes from GitHub, and the address from the settings', async t => {
  const deviceCode = 'd'.repeat(40)
  const made = github({
    body: { device_code: deviceCode, user_code: 'ABCD-1234', verification_uri: 'https://evil.example', expires_in: 'x',
      interval: 0 },
  })
  t.strictSame(await made.github.startDeviceFlow(signal), { device_code: deviceCode, user_code: 'ABCD-1234',
    verification_uri: 'https://github.com/login/device', expires_in: 900, interval: 5 })
  t.match(made.send.requests[0], { url: 'https://github.com/login/device/code',
    headers: { accept: 'application/json' } })
  for (const answer of [{ status: 500 }, { body: 'no JSON' }, { body: {} }, new Error('ECONNREFUSED')]) {
    await t.rejects(github(answer).github.startDeviceFlow(signal), { code: 'upstream_error', status: 502 })
  }
})

t.test('seat() sends the GitHub token, and distinguishes a rate limit from a refusal', async t => {
  const made = github({ body: { login: 'octocat' } })
  t.strictSame(await made.github.seat(createAccount(), signal), { login: 'octocat' })
  t.match(made.send.requests[0], { url: 'https://api.github.com/copilot_internal/user',
    headers: { authorization: `token ${token}` } })
  const cases: Array<[Scripted | Error, { code?: string, status?: number }]> = [[{ status: 401,
    body: { message: 'Bad credentials' } }, { code: 'github_token_rejected' }], [{ status: 403,
    body: { message: 'Resource not accessible by integration' } }, { code: 'github_token_rejected' }], [{ status: 403,
    body: { message: 'API rate limit exceeded for user ID 1.' } }, { code: 'rate_limited', status: 429 }], [{
    status: 429,
  }, { status: 429 }], [{ status: 500, body: '<html>' }, { code: 'upstream_error', status: 502 }], [{ body: '[]' }, {
    code: 'upstream_error',
    status: 502,
  }]]
  for (const [answer, wanted] of cases) {
    t.match(await github(answer).github.seat(createAccount(), signal).catch((thrown: unknown) => thrown), wanted)
  }
})

t.test('readText() names the cause of a body that breaks off', async t => {
  const failing = (thrown: Error) => ({ status: 200, headers: {},
    body: bodyOf((async function* (): AsyncGenerator<Uint8Array> {
      yield new Uint8Array([65])
      throw thrown
    })()) })
  await t.rejects(readText(failing(new Error('ECONNRESET')), 10), { code: 'upstream_error', status: 502 })
  await t.rejects(readText(failing(new DOMException('slow', 'TimeoutError')), 10), { code: 'upstream_timeout',
    status: 504 })
  await t.rejects(readText(failing(new ClientGone()), 10), { code: 'client_gone' })
  await t.rejects(readText(toResponse({ body: 'x'.repeat(11) }), 10), { code: 'upstream_error' })
  t.equal(await readText(toResponse({ body: 'x'.repeat(10) }), 10), 'x'.repeat(10))
  t.equal(await readExcerpt(toResponse({ body: 'x'.repeat(11) }), 10), 'x'.repeat(10))
  t.equal(await readExcerpt(failing(new Error('ECONNRESET')), 10), 'A')
})
