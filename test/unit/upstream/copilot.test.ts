// One call to Copilot: its headers, its host, and its reaction to a 401.
import t from 'tap'
import { GatewayError } from '../../../src/errors.ts'
import { createCopilot, type CopilotCall } from '../../../src/upstream/copilot.ts'
import type { Tokens } from '../../../src/upstream/tokens.ts'
import { configOf, createAccount, createScriptedSend, tokenOf, type Scripted } from '../helpers/upstream.ts'

const world = (...answers: Scripted[]) => {
  const send = createScriptedSend(...answers)
  const renewals: string[] = []
  const worked: string[] = []
  const pauses: number[] = []
  const wait = async (ms: number) => {
    pauses.push(ms)
  }
  const tokens: Tokens = {
    warm: () => null,
    get: async () => ({ token: tokenOf('tid=1'), base: null }),
    renew: async (_account, refused) => {
      renewals.push(refused)
      return { token: tokenOf('tid=2'), base: 'https://api.business.githubcopilot.com', isSame: refused === 'tid=2' }
    },
    accepted: (_account, token) => {
      worked.push(token)
    },
    giveUp: async (_account, refused, hasPaused) =>
      new GatewayError('github_token_rejected', `${refused} ${hasPaused}`),
    keep: () => {},
    forget: () => {},
    sweep: () => {},
  }
  const call: CopilotCall = {
    account: createAccount(),
    accountType: null,
    method: 'POST',
    path: '/chat/completions',
    body: '{}',
    intent: 'conversation-panel',
    initiator: 'user',
    vision: false,
    requestId: 'r-1',
    signal: new AbortController().signal,
    headersMs: 1_000,
    defer: () => {},
  }
  return { send, renewals, worked, pauses, tokens, call, copilot: createCopilot(configOf(), send, tokens, wait) }
}

t.test('createCopilot() builds its headers from scratch', async t => {
  const { send, copilot, call } = world({})
  await copilot(call)
  t.strictSame(send.requests[0]?.headers, {
    authorization: 'Bearer tid=1',
    'accept-encoding': 'identity',
    'user-agent': 'GitHubCopilotChat/0.49.0',
    'editor-version': 'vscode/1.121.0',
    'editor-plugin-version': 'copilot-chat/0.49.0',
    'copilot-integration-id': 'vscode-chat',
    'openai-intent': 'conversation-panel',
    'x-github-api-version': '2026-01-09',
    'x-request-id': 'r-1',
    'x-vscode-user-agent-library-version': 'electron-fetch',
    'content-type': 'application/json',
    'x-initiator': 'user',
  })
  await copilot({ ...call, method: 'GET', body: null, initiator: null, vision: true,
    headers: { authorization: 'Bearer stolen', 'anthropic-beta': 'b' } })
  const { headers } = send.requests[1] ?? { headers: {} }
  t.match(headers, { authorization: 'Bearer tid=1', 'copilot-vision-request': 'true', 'anthropic-beta': 'b' })
  t.notOk('x-initiator' in headers || 'content-type' in headers)
})

t.test("createCopilot() asks for models with their own API version; the operator's wins everywhere", async t => {
  for (const [env, wanted] of [[{}, ['2026-07-01', '2026-01-09', '2026-01-09']], [{ COPILOT_API_VERSION: '2030-01-01' },
    Array<string>(3).fill('2030-01-01')]] as const) {
    const { send, tokens, call } = world({})
    const copilot = createCopilot(configOf(env), send, tokens)
    for (const path of ['/models', '/v1/messages', '/embeddings']) await copilot({ ...call, path })
    t.strictSame(send.requests.map(({ headers }) => headers['x-github-api-version']), wanted)
  }
})

t.test('createCopilot() renews the token and repeats the call after a 401, only once', async t => {
  const { send, renewals, worked, pauses, copilot, call } = world({ status: 401,
    body: 'IDE token expired: unauthorized: token expired' }, { body: 'good' })
  t.equal((await copilot(call)).status, 200)
  t.strictSame(send.requests.map(({ url, headers }) => [url, headers['authorization']]), [[
    'https://api.githubcopilot.com/chat/completions',
    'Bearer tid=1',
  ], ['https://api.business.githubcopilot.com/chat/completions', 'Bearer tid=2']])
  t.strictSame(renewals, ['tid=1'])
  t.strictSame(worked, ['tid=2'])
  t.strictSame(pauses, [])
})

t.test('M1: after a second 401 createCopilot() pauses one to two seconds, repeats once, then gives up', async t => {
  const world1 = world({ status: 401 }, { status: 401 }, { body: 'good' })
  const same = { ...world1.tokens,
    get: async () => ({ token: tokenOf(world1.renewals.length === 0 ? 'tid=1' : 'tid=2'), base: null }) }
  const copilot = createCopilot(configOf(), world1.send, same, async ms => {
    world1.pauses.push(ms)
  })
  t.equal((await copilot(world1.call)).status, 200, 'the refusal of a new token may be temporary')
  t.ok(world1.pauses.length === 1 && world1.pauses.every(ms => ms >= 1_000 && ms < 2_000), String(world1.pauses))
  t.strictSame(world1.renewals, ['tid=1', 'tid=2'])

  const lost = world({ status: 401 })
  const lostCopilot = createCopilot(configOf(), lost.send, { ...lost.tokens,
    get: async () => ({ token: tokenOf(lost.renewals.length === 0 ? 'tid=1' : 'tid=2'), base: null }) }, async () => {})
  await t.rejects(lostCopilot(lost.call), { code: 'github_token_rejected', status: 403, message: 'tid=2 true' })
  t.equal(lost.send.requests.length, 3)
  t.strictSame(lost.worked, [])
})

t.test("createCopilot() sends a client's request three times at most, whatever the causes", async t => {
  for (const left of [2, 1, 0]) {
    const { send, copilot, call } = world({ status: 401 })
    const repeats = { left }
    await t.rejects(copilot({ ...call, repeats }), { status: 403,
      message: left === 2 ? 'tid=1 false' : `tid=${left + 1} false` })
    t.equal(send.requests.length, left + 1)
    t.equal(repeats.left, 0)
  }
})

t.test('createCopilot() stops waiting when the client leaves', async t => {
  const { send, tokens, call } = world({ status: 401 })
  const left = new AbortController()
  const copilot = createCopilot(configOf(), send, tokens)
  const answer = copilot({ ...call, signal: left.signal })
  setTimeout(() => {
    left.abort(new Error('gone'))
  }, 20)
  await t.rejects(answer, { message: 'gone' })
  t.equal(send.requests.length, 2)
})

t.test('a token counts as working if Copilot refuses the request, but not if Copilot fails', async t => {
  for (const [status, tokens] of [[200, ['tid=1']], [400, ['tid=1']], [403, ['tid=1']], [429, ['tid=1']], [500, []], [
    503,
    [],
  ]] as const) {
    const { copilot, call, worked } = world({ status })
    await copilot(call)
    t.strictSame(worked, tokens, String(status))
  }
})

t.test('createCopilot() repeats nothing else', async t => {
  for (const status of [400, 402, 403, 408, 429, 500, 502, 503]) {
    const { send, copilot, call } = world({ status })
    t.equal((await copilot(call)).status, status)
    t.equal(send.requests.length, 1)
  }
  const { tokens, call } = world()
  const failing = createScriptedSend(new GatewayError('upstream_error', 'broke'))
  await t.rejects(createCopilot(configOf(), failing, tokens)(call), { code: 'upstream_error' })
  t.equal(failing.requests.length, 1)
})
