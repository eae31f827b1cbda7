// The image without an engine: the Dockerfile's own steps in empty directories, then the result run as its user would
// run it, with nothing writable but /data. Two things are not tested here: the base image, and Docker itself.
import { spawn } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import { readFile, readdir, stat } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { startEmulator } from '../../src/emulator/emulator.ts'
import packageLock from '../../package-lock.json' with { type: 'json' }
import { call } from '../fixtures/http.ts'
import { replay, sizeOf, user } from './replay.ts'

t.setTimeout(120_000)
const mostBytes = 40_000_000
const password = 'acpc-Im4geTest9'

const image = await replay()
t.teardown(async () => {
  await image.remove()
})
const app = join(image.root, image.workdir)

/**
 * Starts it as the engine would: with the image's environment, user and folder. Through `env -i`, because tap adds
 * variables to the environment of a child of Node.
 */
function start (t: Test, [file = '', ...args]: readonly string[], more: Record<string, string> = {}) {
  const env = { ...image.env, DATA_DIR: join(image.root, image.env['DATA_DIR'] ?? ''),
    PATH: join(image.root, 'usr/local/bin'), ...more }
  const child = spawn('/usr/bin/env', ['-i', ...Object.entries(env).map(pair => pair.join('=')), file, ...args], {
    cwd: app,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
    ...user,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  }
  const exit = new Promise<number | null>(resolve => {
    child.once('close', resolve)
  })
  t.teardown(async () => {
    if (child.exitCode === null) child.kill('SIGKILL')
    await exit
  })
  return {
    child,
    exit,
    output: () => output,
    async says (form: RegExp) {
      for (const end = performance.now() + 30_000;
        performance.now() < end && child.exitCode === null && !form.test(output);) {
        await new Promise(resolve => setTimeout(resolve, 10))
      }
      t.match(output, form, 'it reports that')
    },
  }
}

/**
 * The imports that remain in a bundle: esbuild writes such lines at its beginning, and calls of `import` with a string.
 */
function importsOf (text: string): string[] {
  return [...text.matchAll(/^(?:import|export)\b[^;'"]*?["']([^'"]+)["'];?$|\bimport\("([^"]+)"\)/gm)].map((
    [, fixed, dynamic],
  ) => fixed ?? dynamic ?? '')
}

async function freePort (): Promise<string> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return String(port)
}

t.test('both stages use one exact tag, of the Node that this project is tested with', async t => {
  const { version } = packageLock.packages['node_modules/node']
  t.strictSame([...new Set(image.bases)], [`node:${version}-bookworm-slim`])
})

t.test('the image adds at most 40 MB to the base: the bundle and the pages', async t => {
  t.ok(image.layerBytes <= mostBytes, `${(image.layerBytes / 1e6).toFixed(1)} MB`)
  t.strictSame((await readdir(app)).sort(), ['LICENSE', 'dist', 'package.json'])
  t.ok(await sizeOf(join(app, 'dist/pages/vendor')) > 0, 'the pages were built, not copied from this folder')
})

t.test('the server is one bundle: main.js and its lazy chunks, each with a map, without any package', async t => {
  const files = await readdir(join(app, 'dist/node'))
  const code = files.filter(name => name.endsWith('.js'))
  t.ok(code.includes('main.js'))
  t.strictSame(code.filter(name => !files.includes(`${name}.map`)), [])
  t.strictSame(files.filter(name => !/\.js(?:\.map|\.LEGAL\.txt)?$/.test(name)), ['licenses.txt'])
  const asked = await Promise.all(
    code.map(async name => importsOf(await readFile(join(app, 'dist/node', name), 'utf8'))),
  )
  t.strictSame([...new Set(asked.flat())].filter(name => !isBuiltin(name) && !code.includes(name.replace(/^\.\//, ''))),
    [])
})

t.test('it is not root, listens beyond loopback, and needs no shell', async t => {
  t.equal(image.user, 'node')
  t.match(image.env, { NODE_ENV: 'production', HOST: '0.0.0.0', DATA_DIR: '/data',
    NODE_OPTIONS: '--enable-source-maps' })
  t.strictSame([image.command[0], image.health.command[0]], ['node', 'node'])
  t.match(image.health.options, { interval: '30s', timeout: '5s' })
})

t.test('unprivileged and on a read-only tree it serves, writes only to /data, and drains on SIGTERM', async t => {
  const emulator = await startEmulator({ chunkDelayMs: 100 })
  t.teardown(() => emulator.close())
  const settings = { ...emulator.env, PORT: await freePort() }
  const origin = `http://127.0.0.1:${settings.PORT}`
  const before = await sizeOf(app)

  t.equal(await start(t, image.health.command, settings).exit, 1, 'the health check fails while no server listens')
  const server = start(t, image.command, settings)
  await server.says(/listening on http:\/\/0\.0\.0\.0:\d+, store: sqlite/)
  t.equal(await start(t, image.health.command, settings).exit, 0, 'and succeeds then')
  t.match(await call(`${origin}/`), { status: 200, text: /^<!doctype html>/i })
  t.match(await call(`${origin}/readyz`), { status: 200, json: { store: 'sqlite' } })

  const saved = await call(`${origin}/`, {
    json: { username: 'mona', password, token: emulator.addSeat().githubToken },
  })
  t.match(saved, { status: 201, json: { status: 'saved' } })
  const stream = await fetch(`${origin}/mona/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${password}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4.1', stream: true, messages: [{ role: 'user', content: 'Say hello' }] }),
  })
  t.equal(stream.status, 200)
  server.child.kill('SIGTERM')
  t.match(await stream.text(), /data: \[DONE\]\s*$/, 'a running stream completes')
  t.equal(await server.exit, 0)
  t.notMatch(server.output(), /"level":"(?:error|fatal)"/)

  const data = join(image.root, 'data')
  t.same((await readdir(data)).sort(), ['copilot-proxy-hot.sqlite', 'copilot-proxy.sqlite'])
  t.equal((await stat(join(data, 'copilot-proxy.sqlite'))).mode & 0o777, 0o600)
  t.equal(await sizeOf(app), before, 'nothing was written next to it')

  const admin = 'Bearer a-token-of-the-operator'
  const again = start(t, image.command, { ...settings, ADMIN_TOKEN: admin.slice(7) })
  await again.says(/listening on/)
  // Requests everything that the bundle loads lazily.
  t.match(await call(`${origin}/metrics`, { headers: { authorization: admin } }), { status: 200, text: /^# HELP/m })
  t.match(await call(`${origin}/openapi.json`), { status: 200, json: { openapi: /^3\.1/ } })
  t.match(
    await call(`${origin}/mona/v1/messages/count_tokens`, { headers: { authorization: `Bearer ${password}` },
      json: { model: 'gpt-4.1', messages: [{ role: 'user', content: 'Say hello' }] } }),
    { status: 200, json: { input_tokens: Number } },
  )
  t.equal((await call(`${origin}/mona/v1/models`, { headers: { authorization: `Bearer ${password}` } })).status, 200,
    'the user is still there after a restart')
  again.child.kill('SIGTERM')
  t.equal(await again.exit, 0)
})

t.test('a second signal ends it soon, as an impatient operator wants', async t => {
  const server = start(t, image.command, { PORT: await freePort() })
  await server.says(/listening on/)
  server.child.kill('SIGINT')
  server.child.kill('SIGTERM')
  t.not(await server.exit, null, 'by itself, and not by the signal')
})

t.test('the bundle has the other commands: the demo with its emulator, and the commands of an operator', async t => {
  const [node = ''] = image.command
  const main = image.command.at(-1) ?? ''
  const demo = start(t, [node, main, 'demo'], { PORT: await freePort() })
  await demo.says(/demo: open http/)
  t.equal((await call(/http:\/\/\S+/.exec(demo.output())?.[0].replace('0.0.0.0', '127.0.0.1') ?? '')).status, 200)
  demo.child.kill('SIGTERM')
  t.equal(await demo.exit, 0)

  const users = start(t, [node, main, 'users', 'list'])
  t.equal(await users.exit, 0)
  t.match(users.output(), /mona/)
})
