// One call to Copilot: what is sent, to whom, and what a 401 leads to.
import t from 'tap'
import { GatewayError } from '../../../src/errors.ts'
import { createCopilot, type CopilotCall } from '../../../src/upstream/copilot.ts'
import type { Tokens } from '../../../src/upstream/tokens.ts'
import { configOf, createAccount, createScriptedSend, tokenOf, type Scripted } from '../helpers/upstream.ts'

const world = (...answers: Scripted[]) => {
  const send = createScriptedSend(...answers)
  const renewals: string[] = []
  const tokens: Tokens = {
    warm: () => null,
    get: async () => ({ token: tokenOf('tid=1'), base: null }),
    renew: async (_account, refused) => { renewals.push(refused); return { token: tokenOf('tid=2'), base: 'https://api.business.githubcopilot.com' } },
    keep: () => {}, forget: () => {}, sweep: () => {},
  }
  const call: CopilotCall = {
    account: createAccount(), accountType: null, method: 'POST', path: '/chat/completions', body: '{}', intent: 'conversation-panel', initiator: 'user', vision: false,
    requestId: 'r-1', signal: new AbortController().signal, headersMs: 1_000, defer: () => {},
  }
  return { send, renewals, tokens, call, copilot: createCopilot(configOf(), send, tokens) }
}

t.test('createCopilot() builds its headers from scratch', async t => {
  const { send, copilot, call } = world({})
  await copilot(call)
  t.strictSame(send.requests[0]?.headers, {
    authorization: 'Bearer tid=1', 'accept-encoding': 'identity', 'user-agent': 'GitHubCopilotChat/0.42.0', 'editor-version': 'vscode/1.111.0', 'editor-plugin-version': 'copilot-chat/0.42.0',
    'copilot-integration-id': 'vscode-chat', 'openai-intent': 'conversation-panel', 'x-github-api-version': '2025-10-01', 'x-request-id': 'r-1', 'x-vscode-user-agent-library-version': 'electron-fetch',
    'content-type': 'application/json', 'x-initiator': 'user',
  })
  await copilot({ ...call, method: 'GET', body: null, initiator: null, vision: true, headers: { authorization: 'Bearer stolen', 'anthropic-beta': 'b' } })
  const { headers } = send.requests[1] ?? { headers: {} }
  t.match(headers, { authorization: 'Bearer tid=1', 'copilot-vision-request': 'true', 'anthropic-beta': 'b' })
  t.notOk('x-initiator' in headers || 'content-type' in headers)
})

t.test('createCopilot() renews and repeats once after a 401, and once only', async t => {
  const { send, renewals, copilot, call } = world({ status: 401, body: 'IDE token expired: unauthorized: token expired' }, { body: 'good' })
  t.equal((await copilot(call)).status, 200)
  t.strictSame(send.requests.map(({ url, headers }) => [url, headers['authorization']]), [['https://api.githubcopilot.com/chat/completions', 'Bearer tid=1'], ['https://api.business.githubcopilot.com/chat/completions', 'Bearer tid=2']])
  t.strictSame(renewals, ['tid=1'])
  const again = world({ status: 401 })
  await t.rejects(again.copilot(again.call), { code: 'github_token_rejected', status: 403 })
  t.equal(again.send.requests.length, 2)
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
