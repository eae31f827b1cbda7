// `seats` as a command, by token and by device flow.
import t from 'tap'
import { call } from '../fixtures/http.ts'
import { startTarget } from '../fixtures/targets.ts'
import { command } from './world.ts'

t.setTimeout(120_000)
const target = await startTarget('node-memory')
t.teardown(() => target.close())
const user = await target.addUser(undefined, { login: 'home' })
const env = { COPILOT_PROXY_PASSWORD: user.password }
const withToken = (token: string) => ({ ...env, COPILOT_PROXY_GITHUB_TOKEN: token })
const run = (args: readonly string[], more: Record<string, string> = env) =>
  command(['seats', ...args, '--user', user.username, '--url', target.origin], more)

t.test('a seat is linked by token, listed, given to a key, linked again by device flow, and removed', async t => {
  t.equal((await run(['list'])).out, 'default  home  individual')
  const work = target.addSeat({ login: 'office', plan: 'business' })
  t.equal((await run(['add', 'work'], withToken(work.githubToken))).out, 'work  office  business')
  t.equal((await run([])).out, 'default  home  individual\nwork  office  business')
  const made = await command(['keys', 'create', 'ci', '--seat', 'work', '--user', user.username, '--url',
    target.origin], env)
  target.plant(made.out)
  t.equal((await call(`${user.base}/usage`, { headers: { 'x-api-key': made.out } })).json.seat, 'work')
  t.match((await command(['keys', 'list', '--user', user.username, '--url', target.origin], env)).out, /seat work/)

  const linked = await run(['add', 'work', '--json']) // The emulator approves the code itself.
  t.match(linked.json, { name: 'work', status: 'saved' })
  t.match(linked.err, /^Open http\S+ and enter \S+\.$/)
  t.equal((await run(['remove', 'work'])).out, 'removed')
  t.match(await run(['remove', 'work']), { code: 1, err: /404: This user has no such seat/ })
})

t.test('wrong arguments are 2, and what the gateway refuses is 1 with its reason', async t => {
  for (const args of [['add'], ['remove'], ['burn', 'x'], ['add', 'a', 'b']]) {
    t.equal((await run(args)).code, 2, args.join(' '))
  }
  t.equal((await command(['seats', 'list', '--url', target.origin], env)).code, 2, 'no user')
  t.match(await run(['add', 'Work'], withToken(target.addSeat().githubToken)), { code: 1, err: /400: The name/ })
  t.match(await run(['add', 'x'], withToken(target.addSeat({ state: 'no-seat' }).githubToken)), { code: 1, err: /422/ })
  t.match(await run(['remove', 'default']), { code: 1, err: /400: The seat "default" stays with the user/ })
})
