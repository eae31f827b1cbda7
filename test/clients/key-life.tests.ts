// The life of a named key in Claude Code, on both runtimes: it works, reaches its cap, is revoked, and passes its end.
import t from 'tap'
import { call } from '../fixtures/http.ts'
import { startTarget } from '../fixtures/targets.ts'
import { inFreshHome, run } from './harness.ts'

const model = 'claude-sonnet-4.6'

for (const kind of ['node-memory', 'workerd'] as const) {
  t.test(`a key in Claude Code, ${kind}`, async t => {
    const target = await startTarget(kind)
    const user = await target.addUser()
    const headers = { authorization: `Bearer ${user.password}` }
    const create = async (more: object) => {
      const { status, json } = await call(`${user.base}/keys`, { headers, json: { name: 'claude-code', ...more } })
      t.equal(status, 201)
      target.plant(json.key)
      return { key: json.key as string, path: `${user.base}/keys/${json.id}` }
    }
    const ask = (key: string) =>
      inFreshHome(cwd =>
        run('claude', ['--print', 'hi', '--model', model, '--output-format', 'json', '--max-turns', '1'], { cwd, env: {
          ANTHROPIC_BASE_URL: user.base.replace(/\/v1$/, ''),
          ANTHROPIC_AUTH_TOKEN: key,
          ANTHROPIC_SMALL_FAST_MODEL: 'gpt-4.1',
          ANTHROPIC_DEFAULT_HAIKU_MODEL: 'gpt-4.1',
          CLAUDE_CODE_MAX_RETRIES: '0',
          CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
          DISABLE_AUTOUPDATER: '1',
        } })
      )
    const refused = async (key: string, words: RegExp, what: string) => {
      target.begin()
      const { code, stdout, stderr } = await ask(key)
      t.not(code, 0, what)
      t.match(stdout + stderr, words, what)
      t.same(target.seen().filter(({ path }) => path === '/v1/messages'), [], 'nothing goes upstream')
    }

    const { key, path } = await create({ monthly_credits: 0.000001 })
    t.equal((await ask(key)).code, 0, 'a new key works')
    await refused(key, /credits of this month/, 'the key has reached its cap')
    const uncapped = await call(path, { method: 'PATCH', body: '{"monthly_credits":null}',
      headers: { ...headers, 'content-type': 'application/json' } })
    t.equal(uncapped.status, 200)
    t.equal((await ask(key)).code, 0, 'without the cap it works again')
    t.equal((await call(path, { method: 'DELETE', headers })).status, 200)
    await refused(key, /401|authenticat|invalid/i, 'the key is revoked')

    const { key: short } = await create({ expires_at: new Date(Date.now() + 86_400_000).toISOString() })
    t.equal((await ask(short)).code, 0, 'a key with an end works before it')
    target.clock?.advance(2 * 86_400_000)
    if (target.clock !== null) await refused(short, /401|authenticat|invalid/i, 'the key is past its end')
    t.same(await target.close(), [], 'no secret is in the store or the log')
  })
}
