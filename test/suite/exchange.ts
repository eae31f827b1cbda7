// A GitHub token whose exchange fails: each reason has a status, a code and a message that tells the user what to do.
import type { Fault } from '../../src/emulator/emulator.ts'
import type { Frame } from '../fixtures/cases.ts'
import { call } from '../fixtures/http.ts'
import type { User } from '../fixtures/targets.ts'
import { openAi, says } from './openai.ts'

const chat = ({ base, password }: User, stream = false) =>
  call(`${base}/chat/completions`, { json: { model: 'gpt-4o', messages: says('hi'), stream },
    headers: { authorization: `Bearer ${password}` } })
const exchange = '/copilot_internal/v2/token'

export function exchangeSuite ({ target, test }: Frame): void {
  const { emulator } = target

  const refusals = [['revoked', /revoked[^]*Link GitHub again/], ['no-seat',
    /No access to GitHub Copilot found[^]*signup/], ['wrong-app', /device flow/], ['policy',
    /Contact your organization administrator/], ['access-revoked', /suspended/]] as const
  for (const [state, says] of refusals) {
    test(`${state}: 403 github_token_rejected says what to do; GitHub gets no call for a minute`, async t => {
      for (const stream of [false, true]) {
        const user = await target.addUser()
        user.seat.state = state
        emulator.expireTokens()
        const { status, json, headers } = await chat(user, stream)
        t.match({ status, json }, { status: 403,
          json: { error: { code: 'github_token_rejected', type: 'permission_error', message: says } } })
        t.match(headers.get('content-type'), 'application/json')
        const before = user.seat.exchanges
        t.equal((await chat(user)).status, 403)
        t.equal(user.seat.exchanges, before)
      }
    })
  }

  test("GitHub's rate limit: 429 with the time that GitHub names", async t => {
    const user = await target.addUser()
    user.seat.state = 'rate-limited'
    emulator.expireTokens()
    const { status, json, headers } = await chat(user)
    t.match({ status, json }, { status: 429, json: { error: { code: 'rate_limited', type: 'rate_limit_error' } } })
    const seconds = Number(headers.get('retry-after'))
    t.ok(seconds > 1_700 && seconds <= 1_801, `${seconds} s`)
    const before = user.seat.exchanges
    await chat(user)
    t.equal(user.seat.exchanges, before)
  })

  const outages: Readonly<Record<string, Fault>> = {
    'an error page': { kind: 'html', status: 502 },
    'a closed connection': { kind: 'reset-before' },
    'no JSON': { kind: 'not-json' },
    'a reply without a token': { kind: 'omit', keys: ['token'] },
    'a redirect': { kind: 'redirect', location: 'https://evil.example/' },
    'half a reply': { kind: 'eof-after', events: 0 },
  }
  for (const [name, fault] of Object.entries(outages)) {
    test(`GitHub down, with ${name}: one more try, then 502 upstream_error`, async t => {
      const user = await target.addUser()
      emulator.expireTokens()
      emulator.fault({ path: exchange }, fault, 1)
      t.equal((await chat(user)).status, 200, 'the second try works')
      const other = await target.addUser()
      emulator.expireTokens()
      emulator.fault({ path: exchange }, fault, 2)
      const { status, json, text } = await chat(other)
      t.match({ status, json }, { status: 502, json: { error: { code: 'upstream_error', type: 'server_error' } } })
      t.notMatch(text, /Unicorn|evil/)
      t.equal(other.seat.exchanges, 3, 'one at registration, and two')
    })
  }

  test('a token that is still valid is used while GitHub is down', async t => {
    if (target.clock === null) return
    const user = await target.addUser()
    target.clock.advance(1_600_000)
    emulator.fault({ path: exchange }, { kind: 'html', status: 502 }, 20)
    t.equal((await chat(user)).status, 200)
    emulator.clearFaults()
    target.clock.advance(120_000)
    t.equal((await chat(user)).status, 200)
  })

  test('a seat that is connected again works at once, whatever the gateway remembered', async t => {
    const user = await target.addUser()
    user.seat.state = 'revoked'
    emulator.expireTokens()
    await t.rejects(openAi(user).chat.completions.create({ model: 'gpt-4o', messages: says('hi') }), { status: 403,
      code: 'github_token_rejected' })
    const { githubToken } = target.addSeat()
    t.equal((await call(`${target.origin}/`, {
      json: { username: user.username, password: user.password, token: githubToken },
    })).status, 200)
    t.equal((await chat(user)).status, 200)
  })

  test("an account that Copilot blocks gets 403 with Copilot's message", async t => {
    const user = await target.addUser()
    user.seat.state = 'blocked'
    t.match(await chat(user), { status: 403,
      json: { error: { type: 'permission_error', message: /access to Copilot has been blocked/ } } })
  })
}
