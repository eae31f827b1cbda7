// With the password, the served script gives each client a key of its own: the password goes into no file.
import t from 'tap'
import { call, type Json } from '../fixtures/http.ts'
import { startTarget, type User } from '../fixtures/targets.ts'
import { connectTo, newHome, toolbox, withKey, type Home } from './connect-world.ts'
import { powerShellScript } from '../../src/connect/script.ts'

const target = await startTarget('node-memory')
t.teardown(() => target.close())
t.setTimeout(120_000)

const keysOf = async ({ base, password }: User): Promise<Json[]> =>
  (await call(`${base}/keys`, { headers: { 'x-api-key': password } })).json.data
const tokenIn = (home: Home): string => JSON.parse(home.read('.claude/settings.json')).env.ANTHROPIC_AUTH_TOKEN
const status = async ({ base }: User, key: string) =>
  (await call(`${base}/models`, { headers: { 'x-api-key': key } })).status

for (const shell of ['sh', 'bash']) {
  t.test(`${shell}: the client gets one key, named after it and the machine, for each model`, async t => {
    const user = await target.addUser()
    const connect = connectTo(target, user)
    const home = newHome(t)
    const done = await connect(home, 'claude', ['--model', 'gpt-4.1'], { shell })
    t.match(done, { code: 0, out: /^It has a key of its own now: claude-code on \S+\.$/m })
    const key = tokenIn(home)
    t.match(key, /^acpk-[a-z0-9]{8}-[a-z0-9]{32}$/)
    t.notMatch(done.out, key)
    t.notMatch(done.out, user.password)
    const keys = await keysOf(user)
    t.match(keys, [{ id: key.slice(5, 13), name: /^claude-code on / }])
    t.match(await connect(home, 'claude', ['--model', 'gpt-5-mini'], { shell }), { code: 0 })
    t.equal(tokenIn(home), key, 'the key that is there is used again')
    t.same((await keysOf(user)).map(({ id }) => id), keys.map(({ id }) => id))
    const undone = await connect(home, 'claude', ['--undo'], { shell })
    t.match(undone.out, /^Its key works until you revoke it on the setup page: claude-code on /m)
    t.strictSame(home.snapshot(), [])
  })
}

t.test('every client that keeps a key in a file gets its own', async t => {
  const user = await target.addUser()
  const connect = connectTo(target, user)
  const clients = ['claude', 'codex', 'opencode', 'gemini', 'copilot', 'qwen', 'cline', 'continue', 'vscode', 'aider']
  const home = newHome(t)
  for (const client of [...clients, 'zed']) t.match(await connect(home, client, []), { code: 0 }, client)
  const tools = (await keysOf(user)).map(({ name }) => String(name).split(' ')[0])
  t.same(tools, ['claude-code', ...clients.slice(1)], 'Zed reads no key from a file')
  for (const line of home.snapshot()) {
    const name = /^(.*) \d+ \w+$/.exec(line)?.[1]
    if (name !== undefined) t.notMatch(home.read(name), user.password, name)
  }
})

t.test('no key is made for --dry-run, for a refusal, and for a file that is left alone', async t => {
  const user = await target.addUser()
  const connect = connectTo(target, user)
  const home = newHome(t)
  t.match(await connect(home, 'claude', ['--dry-run']), { code: 0 })
  home.put('.claude/settings.json', '// mine\n{}')
  const done = await connect(home, 'claude', [])
  t.match(done, { code: 3, out: /"ANTHROPIC_AUTH_TOKEN": "<your key>"/ })
  t.same(await keysOf(user), [])
})

t.test('a revoked key, a key of another user and one of another gateway are replaced, and never tried', async t => {
  const [user, other] = [await target.addUser(), await withKey(await target.addUser())]
  const connect = connectTo(target, user)
  const home = newHome(t)
  home.put('.claude/settings.json', JSON.stringify({ env: { ANTHROPIC_AUTH_TOKEN: other.password } }))
  t.match(await connect(home, 'claude', []), { code: 0 })
  const first = tokenIn(home)
  t.equal(await status(user, first), 200)
  await call(`${user.base}/keys/${first.slice(5, 13)}`, { method: 'DELETE', headers: { 'x-api-key': user.password } })
  t.match(await connect(home, 'claude', []), { code: 0 })
  t.equal(await status(user, tokenIn(home)), 200)
  t.equal((await keysOf(user)).length, 1)
})

t.test('the same tool in another folder of this machine gets a new key, and the earlier one is revoked', async t => {
  const user = await target.addUser()
  const connect = connectTo(target, user)
  const [one, two] = [newHome(t), newHome(t)]
  t.match(await connect(one, 'claude', []), { code: 0 })
  t.match(await connect(two, 'claude', []), { code: 0, out: /^Its earlier key is revoked\.$/m })
  t.same([await status(user, tokenIn(one)), await status(user, tokenIn(two))], [401, 200])
  t.equal((await keysOf(user)).length, 1)
})

t.test('a user with twenty keys sees why no more is made, and nothing is changed', async t => {
  const user = await target.addUser()
  for (let at = 0; at < 20; at++) await withKey(user)
  const home = newHome(t)
  const PATH = toolbox(t, ['node'])
  const done = await connectTo(target, user)(home, 'claude', [], { env: { PATH } })
  t.match(done, { code: 1, out: /20 keys at most/ })
  t.strictSame(home.snapshot(), [])
})

t.test('the PowerShell script names keys in the same way, and puts no password into a file', async t => {
  const script = powerShellScript('claude', target.origin) ?? ''
  t.match(script, "$tool = 'claude-code'")
  const run = /^function Connect-Client\b[^]*?^\}/m.exec(script)?.[0] ?? ''
  const order = ['$key = Find-Key', 'Get-Changes $plan', 'if ($dryRun)', 'Go on?', '-Method Post',
    'Get-Changes $plan)\n    New', 'Save-Change', '-Method Delete', '$common.Headers = '].map(part => run.indexOf(part))
  t.ok(order.every(at => at !== -1))
  t.same(order, order.toSorted((a, b) => a - b))
})
