// The scripts of /connect/ and the plan that they ask for, on both runtimes. test/cli/connect.test.ts runs them.
import type { Frame } from '../fixtures/cases.ts'
import { call } from '../fixtures/http.ts'
import type { Target } from '../fixtures/targets.ts'

const clients = ['claude', 'codex', 'opencode', 'gemini', 'copilot', 'qwen', 'cline', 'continue', 'zed', 'vscode',
  'aider']

/** As the original project wrote it: such a record may have any name. */
async function putOldUser ({ putRaw, addSeat }: Target, username: string, password: string): Promise<void> {
  const key = `cred:${username}:${password}:${addSeat().githubToken}`
  await putRaw?.(key, 'tid=0123;exp=1:abcd')
  await putRaw?.(`user:${username}`, key)
}

export function connectSuite ({ target, test, testWith }: Frame): void {
  test('each client has a script for sh and one for PowerShell, as plain text with the address people see', async t => {
    const { origin } = target
    for (const client of clients) {
      for (const kind of ['sh', 'ps1']) {
        const got = await call(`${origin}/connect/${client}.${kind}`)
        t.equal(got.status, 200, client)
        t.match(got.headers.get('content-type'), /^text\/plain/)
        t.ok(got.text.includes(`'${origin}'`), `${client}.${kind} has the address`)
        t.notMatch(got.text, /acp[ck]-[A-Za-z0-9]|gh[ou]_/)
      }
    }
    t.equal((await call(`${origin}/connect/claude.sh`, { method: 'HEAD' })).status, 200)
    t.equal((await call(`${origin}/connect/other.sh`)).status, 404)
  })

  testWith({ PUBLIC_ORIGIN: 'https://copilot.example.com' }, 'the script has PUBLIC_ORIGIN', async (t, own) => {
    t.match((await call(`${own.origin}/connect/codex.sh`)).text, "origin='https://copilot.example.com'")
  })

  test('the plan names files for the models of the seat, and has no key', async t => {
    const { origin } = target
    const user = await target.addUser()
    const ask = (path: string, password = user.password) =>
      call(`${origin}/${user.username}/v1/connect/${path}`, { headers: { authorization: `Bearer ${password}` } })
    for (const client of clients) {
      const { status, text } = await ask(`${client}?model=claude-sonnet-4.6`)
      t.equal(status, 200, client)
      t.match(text, /^model claude-sonnet-4\.6\n/)
      t.match(text, /^file (?:json|env|toml|yaml|text) \S+$/m)
      t.match(text, new RegExp(`^proof /${user.username}/v1`, 'm'))
      t.notMatch(text, user.password)
      t.equal(text.includes('@KEY@'), client !== 'zed', `${client}: a place for the key`)
      t.match(text, new RegExp(`${origin}/${user.username}`))
    }
    t.match(await ask('other'), { status: 404, json: { error: { code: 'not_found', message: /claude, codex/ } } })
    t.match(await ask('claude?model=none'), { status: 404, json: { error: { code: 'model_not_found' } } })
    t.match(await ask('claude', 'acpc-0000000000'), { status: 401 })
  })

  test('a new user cannot take a later reserved name, whatever the password is', async t => {
    for (const username of ['connect', 'session', 'setup', 'v1beta']) {
      t.match(await call(`${target.origin}/`, {
        json: { username, password: target.newPassword(), token: `ghu_${'0'.repeat(36)}` },
      }), { status: 400, json: { status: 'invalid-username' } })
    }
  })

  test('a user who has a later reserved name keeps it: calls, a new token, a new password', async t => {
    if (target.putRaw === null) return
    const password = target.newPassword()
    await putOldUser(target, 'setup', password)
    const headers = { authorization: `Bearer ${password}` }
    t.equal((await call(`${target.origin}/setup/v1/models`, { headers })).status, 200)
    t.match(
      await call(`${target.origin}/`, { json: { username: 'setup', password, token: target.addSeat().githubToken } }),
      { status: 200, json: { status: 'saved' } },
    )
    t.match(await call(`${target.origin}/`, {
      json: { username: 'setup', password: target.newPassword(), token: target.addSeat().githubToken },
    }), { status: 400, json: { status: 'invalid-username' } })
    t.match(await call(`${target.origin}/users/password`, {
      json: { username: 'setup', password, new_password: target.newPassword() },
    }), { status: 200 })
  })
}
