// A server stops and starts again on the same file: its users and their sealed Copilot tokens are still there.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { readConfig } from '../../src/config.ts'
import { startEmulator } from '../../src/emulator/emulator.ts'
import { startServer } from '../../src/node/server.ts'
import { findSecrets, secretsOf } from '../fixtures/secrets.ts'
import { call } from '../fixtures/http.ts'

t.test('a restart on SQLite keeps users and cached tokens without an exchange; the file reveals no secret', async t => {
  const dir = mkdtempSync(join(tmpdir(), 'copilot-proxy-restart-'))
  const emulator = await startEmulator()
  t.teardown(async () => {
    await emulator.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const seat = emulator.addSeat()
  const [username, password] = ['alice', 'acpc-Restart123']
  const start = (more = {}) =>
    startServer(
      readConfig({ PORT: '0', LOG_LEVEL: 'silent', ...emulator.env, STORE: 'sqlite', DATA_DIR: dir, ...more }),
    )
  const chat = (origin: string, key = password) =>
    call(`${origin}/${username}/v1/chat/completions`, { json: { messages: [{ role: 'user', content: 'hi' }] },
      headers: { authorization: `Bearer ${key}` } })

  const first = await start()
  t.equal((await call(`${first.origin}/`, { json: { username, password, token: seat.githubToken } })).status, 201)
  t.equal((await chat(first.origin)).status, 200)
  await first.close()

  for (const settings of [{}, { KDF_ITERATIONS: '10000', SECRET_PEPPER: Buffer.alloc(32, 1).toString('base64') }]) {
    const next = await start(settings)
    t.equal((await chat(next.origin, 'acpc-Restart124')).status, 401)
    t.equal((await chat(next.origin)).status, 200)
    await next.close()
    t.same([seat.exchanges, seat.tokensIssued.length], [1, 1])
  }
  const bytes = readFileSync(join(dir, 'copilot-proxy.sqlite'), 'latin1')
  t.match(bytes, 'user:alice')
  t.same(findSecrets(secretsOf(emulator.requests, [password, seat.githubToken]), { file: bytes }), [])

  const withoutPepper = await start()
  t.match(await chat(withoutPepper.origin), { status: 503, json: { error: { code: 'pepper_missing' } } },
    'sealed again with the pepper, which is now missing; never 401')
  await withoutPepper.close()
})

t.test('findSecrets() finds a secret in clear text, in hex, and anywhere in base64 text', async t => {
  const secret = 'ghu_aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3'
  const hidden = ['', 'x', 'xy', 'xyz'].map(before => Buffer.from(`${before}${secret}!`))
  for (const bytes of hidden) {
    for (const encoding of ['utf8', 'hex', 'base64', 'base64url'] as const) {
      t.ok(findSecrets([secret], { text: `{"a":"${bytes.toString(encoding)}"}` }).length > 0,
        `${encoding} after ${bytes.length - 41}`)
    }
  }
  t.same(findSecrets([secret], { text: 'ghu_aB3aB3aB3aB3aB3 and more' }), [])
})
