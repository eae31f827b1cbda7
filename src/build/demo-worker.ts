// `npm run demo:cf`: the Worker under `wrangler dev`, in front of the emulator. The pepper, the KV and the emulator's
// addresses are in a folder of their own that is removed at the end; `.dev.vars` and `.wrangler/state` are not used.
// Arguments go to wrangler: `npm run demo:cf -- --port 9000`.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const wrangler = join(dirname(createRequire(import.meta.url).resolve('wrangler/package.json')), 'bin/wrangler.js')
const folder = mkdtempSync(join(tmpdir(), 'copilot-proxy-demo-'))
const { startEmulator } = await import('../emulator/emulator.ts')
const emulator = await startEmulator({ deviceInterval: 1, chunkDelayMs: 15 })
const settings = { ...emulator.env, LOG_LEVEL: 'warn', DEMO: '1', SECRET_PEPPER: randomBytes(32).toString('base64') }

const variables = join(folder, 'demo.env')
writeFileSync(variables, Object.entries(settings).map(([name, value]) => `${name}="${value}"\n`).join(''), {
  mode: 0o600,
})
process.stdout.write(`demo: open the address that wrangler names below and link GitHub by device flow; the emulator of
      GitHub approves by itself. A token to paste instead: ${emulator.addSeat().githubToken}
      Nothing is kept. End it with Ctrl+C.\n`)

const child = spawn(process.execPath, [wrangler, 'dev', '--env-file', variables, '--persist-to', folder,
  ...process.argv.slice(2)], { cwd: root, stdio: 'inherit', env: { ...process.env, WRANGLER_SEND_METRICS: 'false' } })
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
child.once('close', code => {
  rmSync(folder, { recursive: true, force: true })
  void emulator.close().then(() => process.exit(code ?? 0))
})
