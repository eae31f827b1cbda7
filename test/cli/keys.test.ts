// `keys` as a command, through the configured store and through a running gateway.
import t from 'tap'
import { call } from '../fixtures/http.ts'
import { startTarget } from '../fixtures/targets.ts'
import { command } from './world.ts'

t.setTimeout(120_000)
const target = await startTarget('node-memory')
t.teardown(() => target.close())
const user = await target.addUser()
const env = { COPILOT_PROXY_PASSWORD: user.password }
const run = (...args: string[]) => command(['keys', ...args, '--user', user.username, '--url', target.origin], env)

t.test('a key is created, listed, changed, used and revoked', async t => {
  t.equal((await run('list')).out, 'no keys')
  const made = await run('create', 'build server', '--models', 'gpt-4o, gpt-5.1', '--credits', '50', '--expires',
    '2999-01-01')
  t.match(made.out, /^acpk-[a-z0-9]{8}-[a-z0-9]{32}$/, 'the key alone, for scripts')
  target.plant(made.out)
  t.equal((await call(`${user.base}/models`, { headers: { 'x-api-key': made.out } })).json.data.length, 2)
  const id = made.out.slice(5, 13)
  t.match((await run('list')).out,
    new RegExp(`^${id}  build server  last used \\d.*until 2999-01-01.*models gpt-4o, ` + `gpt-5.1  0 of 50 credits$`))
  t.match((await run('change', id, '--name', 'ci', '--models', 'none', '--credits', 'none', '--json')).json, { id,
    name: 'ci', models: null, monthly_credits: null, expires_at: '2999-01-01T00:00:00.000Z' })
  t.equal((await run('revoke', id)).out, 'revoked')
  t.equal((await call(`${user.base}/models`, { headers: { 'x-api-key': made.out } })).status, 401)
  t.match(await run('revoke', id), { code: 1, err: /404: This user has no such key/ })
})

t.test('wrong arguments are 2, and what the gateway refuses is 1 with its reason', async t => {
  for (const args of [['create'], ['revoke'], ['burn', 'x'], ['create', 'a', 'b'], ['create', 'x', '--credits', 'many'],
    ['create', 'x', '--credits', '']]) {
    t.equal((await run(...args)).code, 2, args.join(' '))
  }
  t.equal((await command(['keys', 'list', '--url', target.origin], env)).code, 2, 'no user')
  t.match(await run('create', 'x', '--expires', 'tomorrow'), { code: 1, err: /400: `expires_at`/ })
  t.match(await command(['keys', 'list', '--user', user.username, '--url', target.origin], {
    COPILOT_PROXY_PASSWORD: target.newPassword(),
  }), { code: 1, err: /401: Token is invalid/ })
})
