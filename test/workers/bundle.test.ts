// The bundle that `wrangler deploy` would send to Cloudflare: small, free of Node, and runnable as it is.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { startEmulator } from '../../src/emulator/emulator.ts'
import { freshPages } from '../fixtures/pages.ts'
import { startWorkerd } from '../fixtures/workerd.ts'
import { chat, saveUser } from './client.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const dir = mkdtempSync(join(tmpdir(), 'bundle-'))
t.teardown(() => {
  rmSync(dir, { recursive: true })
})
const { build: _build, main, assets, ...config } = JSON.parse(readFileSync(`${root}wrangler.json`, 'utf8')) as {
  build: unknown,
  main: string,
  assets: { directory: string },
  [name: string]: unknown,
}
// Without the build command, because other tests use the pages at the same time.
await freshPages()
writeFileSync(join(dir, 'wrangler.json'),
  JSON.stringify({ ...config, $schema: undefined, main: root + main,
    assets: { ...assets, directory: root + assets.directory } }))

const output = await new Promise<string>((resolve, reject) => {
  execFile(process.execPath, [`${root}node_modules/wrangler/bin/wrangler.js`, 'deploy', '--dry-run', '--outdir',
    join(dir, 'out'), '--config', join(dir, 'wrangler.json')], {
    cwd: root,
    timeout: 60_000,
    env: { PATH: process.env['PATH'] ?? '', HOME: dir, WRANGLER_SEND_METRICS: 'false', CI: 'true' },
  },
    (error, stdout, stderr) =>
      error === null ? resolve(stdout + stderr) : reject(new Error(stdout + stderr, { cause: error })))
})
const script = readFileSync(join(dir, 'out', 'worker.js'), 'utf8')

void t.test('it is one module under 1 MiB gzipped', t => {
  t.same(readdirSync(join(dir, 'out')).filter(name => !/\.map$|^README/.test(name)), ['worker.js'])
  const bytes = gzipSync(script).length
  t.ok(bytes < 1_048_576, `${bytes} bytes`)
  t.comment(`${Math.round(script.length / 1_024)} KiB, ${Math.round(bytes / 1_024)} KiB gzipped`)
  t.end()
})

void t.test('it imports the platform alone, nothing of Node, and evaluates no strings as code', t => {
  t.same(script.match(/^\s*import\s.*$/gm), ['import { DurableObject } from "cloudflare:workers";'])
  t.notMatch(script, /\bimport\s*\(|\brequire\s*\(|["']node:/)
  t.notMatch(script, /\bnew Function\b|\beval\s*\(/)
  t.match(output, /TOKEN_KV/)
  t.match(output, /STATE \(UserState\)/)
  t.match(output, /ACCOUNT_LIMIT \(60 requests\/60s\)/)
  t.notMatch(output, /SECRET|WARNING/)
  t.end()
})

void t.test('wrangler.json contains no secret and no Node compatibility', t => {
  const { vars, compatibility_flags: flags } = config as { vars: object, compatibility_flags: string[] }
  t.same(vars, { KDF_ITERATIONS: '10000' })
  t.notOk(flags.some(flag => flag.startsWith('nodejs')))
  // A deployed Worker has applied this migration: a change needs a further tag.
  t.match(config, { name: 'copilot-proxy-clouflare', kv_namespaces: [{ binding: 'TOKEN_KV' }],
    migrations: [{ tag: 'v1', new_sqlite_classes: ['UserState'] }],
    durable_objects: { bindings: [{ name: 'STATE', class_name: 'UserState' }] },
    observability: { enabled: true, redact_query_string: true, logs: { invocation_logs: false } } })
  t.end()
})

void t.test('it runs as it is', async t => {
  const emulator = await startEmulator()
  const workerd = await startWorkerd({ script, settings: emulator.env, objects: true })
  t.teardown(async () => {
    await workerd.close()
    await emulator.close()
  })
  await saveUser(workerd.origin, emulator, 'alice')
  t.match(await (await chat(workerd.origin, 'alice')).json(), { object: 'chat.completion' })
  t.match(await (await chat(workerd.origin, 'alice', { stream: true })).text(), /data: \[DONE\]/)
})
