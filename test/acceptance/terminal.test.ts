// What a person sees on a terminal: a banner and readable lines. `script` of util-linux gives the process one.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { call } from '../fixtures/http.ts'

const launcher = fileURLToPath(new URL('../../src/node/launch.js', import.meta.url))

/** Runs the server on a pseudo-terminal until `probe` is done, and returns all that it showed. */
async function onTerminal (t: Test, env: Record<string, string>, probe: (origin: string) => Promise<void>) {
  const cwd = mkdtempSync(join(tmpdir(), 'copilot-proxy-terminal-'))
  t.teardown(() => {
    rmSync(cwd, { recursive: true, force: true })
  })
  const child = spawn('script', ['-qefc', `exec "${process.execPath}" "${launcher}"`, '/dev/null'], { cwd,
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', ...env }, stdio: ['pipe', 'pipe', 'inherit'], timeout: 30_000 })
  let shown = ''
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString()
  })
  const ended = new Promise<number | null>(resolve => {
    child.once('close', resolve)
  })
  const until = async (text: string) => {
    for (let looks = 0; looks < 1_000 && !shown.includes(text); looks++) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended: ${shown}`)
      await new Promise(resolve => setTimeout(resolve, 10))
    }
  }
  await until('Ctrl+C')
  await probe((/Address +(\S+)/.exec(shown)?.[1] ?? '').replace('localhost', '127.0.0.1'))
  await until('info  request') // Ctrl+C makes a terminal throw away what it has not shown yet.
  child.stdin.write('\x03') // Ctrl+C, as the banner says
  return { code: await ended, shown }
}

t.test('on a terminal it shows address, store, next step and how to stop, and no JSON', async t => {
  const { shown, code } = await onTerminal(t, {}, async origin => {
    t.equal((await call(`${origin}/healthz`)).status, 200)
  })
  t.match(shown, /copilot-proxy \d+\.\d+\.\d+/)
  t.match(shown, /Address {2}http:\/\/localhost:\d+\s/)
  t.match(shown, /Store {4}the file data\/copilot-proxy\.sqlite/)
  t.match(shown, /Next {5}open the address, register, and link GitHub/)
  t.match(shown, /\d\d:\d\d:\d\d warn {2}SECRET_PEPPER is not set/)
  t.match(shown, /info {2}request GET \/healthz 200/)
  t.notMatch(shown, '{"level"')
  t.equal(code, 0, 'Ctrl+C ends it')
})

t.test('with a copy of .env.example the banner and POST / say in one line what to do', async t => {
  const remedy = 'set CF_API_TOKEN, CF_ACCOUNT_ID, CF_KV_NAMESPACE_ID, or choose the embedded store with STORE=sqlite'
  const { shown } = await onTerminal(t, { STORE: 'cloudflare-kv', PROT: '9000' }, async origin => {
    const { json } = await call(`${origin}/`, {
      json: { username: 'alice', password: 'acpc-0123456789', token: `ghu_${'a'.repeat(36)}` },
    })
    t.match(json, { status: 'kv-missing', error: { message: `The store of this proxy is not configured: ${remedy}.` } })
  })
  t.match(shown, `Next     ${remedy}, and start again`)
  t.match(shown, 'PROT is not a setting: did you mean PORT?')
})
