// Cloudflare KV is chosen but not configured: the process starts, names what is missing, and lets no user in.
import t from 'tap'
import { readConfig } from '../../src/config.ts'
import { startServer } from '../../src/node/server.ts'
import { call } from '../fixtures/http.ts'

const fields = { username: 'alice', password: 'acpc-0123456789', token: 'ghu_012345678901234567890123456789012345' }
const partly: ReadonlyArray<readonly [Record<string, string>, readonly string[]]> = [[{ STORE: 'cloudflare-kv' }, [
  'CF_API_TOKEN',
  'CF_ACCOUNT_ID',
  'CF_KV_NAMESPACE_ID',
]], [{ STORE: 'cloudflare-kv', CF_API_TOKEN: '', CF_ACCOUNT_ID: ' ', CF_KV_NAMESPACE_ID: '' }, ['CF_API_TOKEN',
  'CF_ACCOUNT_ID', 'CF_KV_NAMESPACE_ID']], [{ CF_API_TOKEN: 'hidden-value' }, ['CF_ACCOUNT_ID', 'CF_KV_NAMESPACE_ID']]]

for (const [settings, missing] of partly) {
  t.test(`without ${missing.join(', ')}`, async t => {
    const lines: string[] = []
    const { origin, close } = await startServer(readConfig({ PORT: '0', ...settings }), { logTo: { write: line => {
      lines.push(line)
    } } })
    t.teardown(close)
    const log = lines.join('')
    for (const name of missing) t.match(log, name)
    t.match(log, /store: cloudflare-kv, not configured/)
    t.notMatch(log, 'hidden-value')

    const saved = await call(`${origin}/`, { json: fields })
    t.match(saved, { status: 500, json: { status: 'kv-missing', error: { code: 'kv-missing' } } })
    for (const name of missing) t.match(saved.json.error.message, name)
    for (const path of ['/users/delete', '/users/password']) {
      t.match(await call(origin + path, { json: { ...fields, new_password: 'acpc-9876543210' } }), { status: 500,
        json: { status: 'kv-missing' } })
    }
    const page = await call(`${origin}/`, { method: 'POST', body: new URLSearchParams(fields),
      headers: { accept: 'text/html' } })
    t.same([page.status, page.headers.get('location')], [303, '/?status=kv-missing'])

    for (const path of ['/models', '/usage']) {
      t.match(await call(`${origin}/alice/v1${path}`, { headers: { authorization: `Bearer ${fields.password}` } }), {
        status: 401,
        json: { error: { code: 'invalid_api_key', message: /^Token is invalid\./ } },
      })
    }
    t.match(await call(`${origin}/alice/v1/chat/completions`, { json: {}, headers: { 'x-api-key': fields.password } }),
      { status: 401 })
    t.match(await call(`${origin}/readyz`), { status: 503, json: { status: 'kv-missing', store: 'cloudflare-kv' } })
    t.equal((await call(`${origin}/healthz`)).status, 200)
  })
}

t.test('STORE chooses the store; without it, any KV credential chooses KV, and otherwise the file', async t => {
  const kind = (env: Record<string, string>) => readConfig(env).store.kind
  t.same([kind({}), kind({ STORE: '' }), kind({ CF_ACCOUNT_ID: 'x' }), kind({ STORE: 'sqlite', CF_ACCOUNT_ID: 'x' }),
    kind({ STORE: 'memory' })], ['sqlite', 'sqlite', 'cloudflare-kv', 'sqlite', 'memory'])
})
