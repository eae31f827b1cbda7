// The published package: its content, and that its command works without any other package.
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import packageJson from '../../package.json' with { type: 'json' }
import { startEmulator } from '../../src/emulator/emulator.ts'
import { openSqliteStore } from '../../src/store/sqlite.ts'
import { call, until } from '../fixtures/http.ts'
import { childrenOf } from '../fixtures/processes.ts'
import { newDir, newSeed, putSeed } from './world.ts'

interface Packed {
  readonly filename: string
  readonly size: number
  readonly unpackedSize: number
  readonly files: ReadonlyArray<{ readonly path: string, readonly size: number }>
}
interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../', import.meta.url))
/** Not below this project, because Node would find its node_modules there. */
const place = mkdtempSync(join(tmpdir(), 'copilot-proxy-package-'))
t.teardown(() => {
  rmSync(place, { recursive: true, force: true })
})
t.setTimeout(100_000)

// Built as `prepack` builds it, but in its own folder, because this one may be in use.
const staged = join(place, 'staged')
for (const name of ['package.json', 'README.md', 'LICENSE']) {
  cpSync(join(root, name), join(staged, name), { recursive: true })
}
await run(process.execPath, [join(root, 'src/build/pages.ts'), join(staged, 'dist/pages')])
await run(process.execPath, [join(root, 'src/build/server.js'), join(staged, 'dist')])
const packedText =
  (await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', place], { cwd: staged })).stdout
const packed = readPacked(JSON.parse(packedText.slice(packedText.search(/^[[{]/m))))
await run('tar', ['-xzf', join(place, packed.filename), '-C', place])
const home = join(place, 'package')
const manifest = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as typeof packageJson
const bin = join(home, manifest.bin['copilot-proxy'])

/** npm 11 gives a list, later versions an object by name. */
function readPacked (value: Packed[] | Record<string, Packed>): Packed {
  const [found] = Object.values(value)
  if (found === undefined) throw new Error('nothing was packed')
  return found
}

function start (
  t: Test,
  args: string[],
  env: Record<string, string>,
  dir: string,
  node = process.execPath,
): { child: ChildProcess, output: () => string, ended: Promise<Ended> } {
  const child = spawn(node, [bin, ...args], { cwd: dir, env: { PATH: process.env['PATH'] ?? '', HOME: dir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'], timeout: 30_000 })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString()
  })
  const ended = new Promise<Ended>(resolve => {
    child.once('close', code => {
      resolve({ code: code ?? -1, out, err })
    })
  })
  t.teardown(async () => {
    if (child.exitCode === null) child.kill('SIGKILL')
    await ended
  })
  return { child, output: () => out + err, ended }
}

t.test('the package contains the bundle, the pages and their files, but no source and no local path', async t => {
  const names = packed.files.map(({ path }) => path)
  for (const name of ['package.json', 'README.md', 'LICENSE', 'dist/node/main.js', 'dist/node/tokenizer-worker.js',
    'dist/node/worker.js', 'dist/pages/index.html', 'dist/pages/chat.html', 'dist/pages/chat.html.br',
    'dist/pages/sw.js', 'dist/pages/vendor/licenses.txt', 'dist/node/licenses.txt']) {
    t.ok(names.includes(name), name)
  }
  t.same(names.filter(name => name.endsWith('.d.ts') || name.endsWith('tsconfig.json')), [],
    'no files for the type checker')
  t.same(
    names.filter(name =>
      !/^(?:package\.json|README\.md|LICENSE)$/.test(name)
      && !/^(?:dist\/node\/[\w-]+\.(?:js|js\.map|js\.LEGAL\.txt)|dist\/node\/licenses\.txt)$/.test(name)
      && !/^dist\/pages\/[\w./-]+$/.test(name)
    ),
    [],
  )
  // A third of it draws diagrams and reads documents in the chat. On localhost browsers take Brotli, so gzip stays out.
  t.ok(packed.size < 10 * 1_048_576, `${packed.size} bytes packed`)
  t.ok(packed.unpackedSize < 30 * 1_048_576, `${packed.unpackedSize} bytes unpacked`)
  for (const name of names.filter(name => name.endsWith('.js') || name.endsWith('.map'))) {
    t.notOk(readFileSync(join(home, name), 'utf8').includes(root), `${name} names no folder of this machine`)
  }
  t.ok((statSync(bin).mode & 0o111) !== 0 && readFileSync(bin, 'utf8').startsWith('#!/usr/bin/env node\n'),
    'it is executable')
})

t.test('the manifest is ready to be published', async t => {
  t.notOk('private' in manifest)
  t.match(manifest, { name: 'copilot-proxy', license: 'MIT', publishConfig: { access: 'public', provenance: true },
    scripts: { prepack: 'npm run build:static && npm run build:server' } })
  t.notOk(['preinstall', 'install', 'postinstall'].some(name => name in manifest.scripts),
    'no script runs on installation')
  t.ok(Object.keys(manifest.dependencies).length <= 12)
})

t.test('its command works without other packages, in an empty folder', async t => {
  t.notOk(existsSync(join(home, 'node_modules')))
  const emulator = await startEmulator()
  const dir = newDir(t)
  const ask = async (...args: string[]) => start(t, args, emulator.env, dir).ended
  const [version, help, wrong, list, dry, doctor] = await Promise.all([ask('--version'), ask('--help'), ask('nonsense'),
    ask('users', 'list'), ask('migrate', '--dry-run'), ask('doctor')])
  t.same(version, { code: 0, out: `${packageJson.version}\n`, err: '' })
  t.match(help, { code: 0, out: /^usage: copilot-proxy /, err: '' })
  t.match(wrong, { code: 2, out: '', err: /usage: copilot-proxy / })
  t.same(list, { code: 0, out: 'There are no users.\n', err: '' })
  t.match(dry, { code: 0, out: /0 sealed/, err: '' })
  t.match(doctor, { code: 0, out: /0 failed, 1 worth a look/, err: '' })
  await emulator.close()
})

t.test('it serves pages, the API with token counts, and KV through the SDK; and it seals plain records', async t => {
  const emulator = await startEmulator()
  const dir = newDir(t)
  const seed = newSeed('anna', emulator.addSeat().githubToken)
  mkdirSync(join(dir, 'data'), { mode: 0o700 })
  const store = openSqliteStore({ file: join(dir, 'data/copilot-proxy.sqlite') })
  await putSeed(store.set, seed)
  await store.close()
  t.match(await start(t, ['migrate'], {}, dir).ended, { code: 0, out: /1 sealed/, err: '' })
  const served = start(t, [], { ...emulator.env, PORT: '0' }, dir)
  await until(() => /listening on/.test(served.output()), 'it listens', 20_000)
  const origin = `http://127.0.0.1:${/listening on http:\/\/[^:]+:(\d+)/.exec(served.output())?.[1] ?? ''}`
  for (const path of ['/', '/chat', '/sw.js', '/vendor/licenses.txt']) {
    t.equal((await call(origin + path)).status, 200, path)
  }
  const headers = { 'x-api-key': seed.password }
  t.match(await call(`${origin}/anna/v1/messages/count_tokens`, {
    json: { model: 'claude-sonnet-4.5', messages: [{ role: 'user', content: 'hello there' }] },
    headers,
  }), { status: 200 })
  t.match(
    await call(`${origin}/anna/v1/chat/completions`, { json: { messages: [{ role: 'user', content: 'hi' }] },
      headers }),
    { status: 200, json: { object: 'chat.completion' } },
  )
  t.match(await start(t, ['users', 'list', '--json'], {}, dir).ended, { code: 0, out: /"username":"anna"/ })
  t.match(await start(t, ['doctor', '--url', origin], emulator.env, dir).ended, { code: 0, out: /^ok {4}readyz /m })
  t.match(
    await start(t, ['users', 'list'], { STORE: 'cloudflare-kv', CF_API_TOKEN: 'x', CF_ACCOUNT_ID: 'y',
      CF_KV_NAMESPACE_ID: 'z', CF_API_BASE_URL: emulator.origin }, dir).ended,
    { code: 1, out: '', err: /^Cloudflare KV answered 404/ },
  )
  t.match(await start(t, ['users', 'delete', 'anna'], {}, dir).ended, { code: 0 })
  served.child.kill('SIGTERM')
  t.equal((await served.ended).code, 0)
  await emulator.close()
})

t.test('it serves with two worker processes, which get the arguments of Node', async t => {
  const dir = newDir(t)
  const served = start(t, ['serve', '--workers', '2'], { PORT: '0', NODE_OPTIONS: '--max-semi-space-size=8' }, dir)
  await until(() => /listening on http:\S+, .*workers: 2/.test(served.output()), served.output(), 20_000)
  const origin = (/listening on (http:\S+?),/.exec(served.output())?.[1] ?? '').replace('localhost', '127.0.0.1')
  t.equal(childrenOf(served.child.pid ?? 0).length, 2)
  for (let n = 0; n < 2; n++) {
    t.match(await call(`${origin}/readyz`, { headers: { connection: 'close' } }), { status: 200,
      json: { status: 'ok', store: 'sqlite' } })
    t.match(await call(`${origin}/`, { headers: { connection: 'close' } }), { status: 200 })
  }
  served.child.kill('SIGTERM')
  t.equal((await served.ended).code, 0)
})

t.test('only the chunk that the demo loads contains the emulator', async t => {
  const dist = join(home, 'dist/node')
  const containing = readdirSync(dist).filter(name =>
    name.endsWith('.js') && readFileSync(join(dist, name), 'utf8').includes('// src/emulator/')
  )
  t.equal(containing.length, 1, containing.join())
  t.match(containing[0], /^emulator-/)
})

t.test('its demo works, and an older Node gets one line', async t => {
  const demo = start(t, ['demo'], { PORT: '0' }, newDir(t))
  await until(() => demo.output().includes('ghu_'), 'the demo runs', 20_000)
  const origin = (/open (http:\S+)/.exec(demo.output())?.[1] ?? '').replace('localhost', '127.0.0.1')
  t.match(await call(`${origin}/`, {
    json: { username: 'alice', password: 'acpc-0123456789', token: /ghu_\w+/.exec(demo.output())?.[0] },
  }), { status: 201 })
  demo.child.kill('SIGINT')
  t.equal((await demo.ended).code, 0)

  const fake = "data:text/javascript,Object.defineProperty(process, 'versions', { value: { ...process.versions, node: "
    + "'20.19.0' } })"
  const old = start(t, ['--version'], { NODE_OPTIONS: `--import="${fake}"` }, newDir(t))
  t.match(await old.ended, { code: 1, out: '', err: /^copilot-proxy needs Node 22\.19 or later[^\n]*\n$/ })
})
