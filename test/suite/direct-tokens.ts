// Tokens of GitHub that are not exchanged: fine-grained personal tokens, and those of an operator's own app.
import type { Frame } from '../fixtures/cases.ts'
import { call } from '../fixtures/http.ts'
import type { Target, User } from '../fixtures/targets.ts'
import { says } from './openai.ts'

let count = 0
const personal = () => `github_pat_${String(++count).padStart(22, '1')}_${'Aa0'.repeat(19)}Zz`
const bodies = {
  'chat/completions': { model: 'gpt-4.1', messages: says('hi') },
  responses: { model: 'gpt-5-mini', input: 'hi' },
  messages: { model: 'claude-haiku-4.5', max_tokens: 50, messages: says('hi') },
} as const
const headersOf = ({ password }: User) => ({ authorization: `Bearer ${password}` })

export function directTokensSuite ({ target, test, testWith }: Frame): void {
  const { origin } = target
  const save = (own: Target, token: string) =>
    call(`${own.origin}/`, { json: { username: own.newName(), password: own.newPassword(), token } })
  const chat = (user: User) =>
    call(`${user.base}/chat/completions`, { json: bodies['chat/completions'], headers: headersOf(user) })

  test('a fine-grained token with the permission is sent directly to Copilot, in every dialect', async t => {
    const githubToken = personal()
    const user = await target.addUser(undefined, { githubToken })
    for (const [path, json] of Object.entries(bodies)) {
      for (const stream of [false, true]) {
        t.equal((await call(`${user.base}/${path}`, { json: { ...json, stream }, headers: headersOf(user) })).status,
          200, path)
      }
    }
    t.ok((await call(`${user.base}/models`, { headers: headersOf(user) })).json.data.length > 10)
    t.equal(user.seat.exchanges, 0)
    t.equal(target.seen('/graphql').length, 1, 'GitHub names the host once')
    for (const { headers, host } of target.seen().filter(({ method, path }) =>
      method === 'POST' && path !== '/graphql'
    )) {
      t.match(headers, { authorization: `Bearer ${githubToken}`, 'copilot-integration-id': 'copilot-developer-cli' })
      t.equal(headers['editor-version'], undefined)
      t.equal(host, 'plan', 'at the host that GitHub named')
    }
  })

  test('such a seat has no quota page, and Usage says so without asking GitHub', async t => {
    const user = await target.addUser(undefined, { githubToken: personal() })
    await chat(user)
    t.match(await call(`${user.base}/usage`, { headers: headersOf(user) }), { status: 200,
      json: { plan: null, login: null, buckets: [], proxy: { models: [{ requests: 1 }] } } })
    t.equal(target.seen('/copilot_internal/user').length, 0)
  })

  test('a fine-grained token without the permission is refused, and the message names what is missing', async t => {
    const seat = target.addSeat({ githubToken: personal(), copilotRequests: false })
    t.match(await save(target, seat.githubToken), { status: 422,
      json: { status: 'github-rejected', error: { message: /Copilot Requests/ } } })
  })

  test('a fine-grained token that was revoked or lost its permission is 403, with advice', async t => {
    const [user, other] = [await target.addUser(undefined, { githubToken: personal() }),
      await target.addUser(undefined, { githubToken: personal() })]
    user.seat.state = 'revoked'
    other.seat.copilotRequests = false
    t.match(await chat(user), { status: 403, json: { error: { code: 'github_token_rejected', message: /revoked/ } } })
    t.match(await chat(other), { status: 403,
      json: { error: { code: 'github_token_rejected', message: /Copilot Requests/ } } })
  })

  test('classic and server tokens stay invalid', async t => {
    for (const token of [`ghp_${'a'.repeat(36)}`, `ghs_${'a'.repeat(36)}`, 'github_pat_short']) {
      t.match(await call(`${origin}/`, { json: { username: target.newName(), password: target.newPassword(), token } }),
        { status: 400, json: { status: 'invalid', error: { message: /github_pat_/ } } })
    }
  })

  test('a token of an app that GitHub does not exchange is refused, and reaches no Copilot host', async t => {
    t.match(await save(target, target.addSeat({ state: 'wrong-app' }).githubToken), { status: 422,
      json: { status: 'github-rejected' } })
    t.same(target.seen().map(({ host }) => host), ['github-api'])
  })

  testWith({ GITHUB_CLIENT_ID: 'Ov23liAppOfAnOperator' },
    "with an operator's own client id, the tokens of that app are sent directly to Copilot", async (t, own) => {
    const code = (await call(`${own.origin}/github/get-device-code`, { method: 'POST' })).json
    const { githubToken } = own.emulator.approve(code.user_code)
    const { json } = await call(`${own.origin}/github/poll-device-code`, { json: { device_code: code.device_code } })
    t.same([json.access_token, /^gho_/.test(githubToken)], [githubToken, true])
    const user = { username: own.newName(), password: own.newPassword() }
    t.equal((await call(`${own.origin}/`, { json: { ...user, token: githubToken } })).status, 201)
    const [base, headers] = [`${own.origin}/${user.username}/v1`, { authorization: `Bearer ${user.password}` }]
    t.equal((await call(`${base}/chat/completions`, { json: bodies['chat/completions'], headers })).status, 200)
    t.match(own.seen('/chat/completions')[0]?.headers, { 'copilot-integration-id': 'copilot-developer-cli',
      authorization: `Bearer ${githubToken}` })
    t.match(await call(`${base}/usage`, { headers }), { status: 200, json: { plan: null, buckets: [] } })
    t.match(await save(own, own.addSeat({ state: 'no-seat' }).githubToken), { status: 422 })
  })
}
