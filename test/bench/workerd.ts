// A Worker under workerd, in a separate process: the gateway's bundle, or the script of a yardstick. It reports its
// address and the id of workerd.
import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { startWorkerd } from '../fixtures/workerd.ts'

const [, , upstream = '', script = '../../src/workers/worker.ts'] = process.argv
const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL(script, import.meta.url))],
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2024',
  conditions: ['workerd', 'worker', 'browser'],
  write: false,
  logLevel: 'silent',
  external: ['cloudflare:workers'],
  define: { UPSTREAM: JSON.stringify(upstream) },
})
const workerd = await startWorkerd({
  script: outputFiles[0]?.text ?? '',
  settings: {
    GITHUB_BASE_URL: upstream,
    GITHUB_API_BASE_URL: upstream,
    COPILOT_API_BASE_URL: upstream,
    REGISTRATIONS_PER_10_MINUTES: '0',
    AUTH_FAILURES_PER_MINUTE: '0',
    USER_CONCURRENCY: '0',
    USER_REQUESTS_PER_MINUTE: '0',
  },
})
const children = readdirSync(`/proc/${process.pid}/task`).flatMap(thread =>
  readFileSync(`/proc/${process.pid}/task/${thread}/children`, 'utf8').trim().split(' ')
)
const pid = children.map(Number).find(child =>
  child > 0 && readFileSync(`/proc/${child}/comm`, 'utf8').includes('workerd')
)
process.send?.({ port: Number(new URL(workerd.origin).port), workerd: pid })
process.on('disconnect', () => process.exit(0))
