// The processes of a measurement, and Linux's figures about them. Everything listens on loopback and ends with this
// process.
import { fork, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { nextMessage } from '../fixtures/measure.ts'
import { serverFlags } from '../fixtures/processes.ts'
import type { Done, Job, Caller } from './driver.ts'
import type { UpstreamState } from './upstream.ts'

export interface User {
  readonly username: string
  readonly password: string
  readonly token: string
}
export interface Gateway {
  readonly origin: string
  readonly child: ChildProcess
  readonly startMs: number
  readonly output: () => string
  readonly exit: Promise<number | null>
  readonly who: (users: readonly User[], path?: string) => Caller[]
  readonly delay: () => Promise<{ p50: number, p99: number, max: number }>
  /** The heap and everything that it keeps alive, after a collection. */
  readonly memory: () => Promise<{ liveMiB: number, rssMiB: number }>
  readonly stop: () => Promise<number | null>
}
export interface Usage {
  readonly rssMiB: number
  readonly peakMiB: number
  readonly cpuSeconds: number
  readonly descriptors: number
}

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const quiet = { LOG_LEVEL: 'info', REGISTRATIONS_PER_10_MINUTES: '0', AUTH_FAILURES_PER_MINUTE: '0',
  USER_CONCURRENCY: '0', USER_REQUESTS_PER_MINUTE: '0', KDF_ITERATIONS: '100000' }

export interface Stage {
  readonly upstreamOrigin: string
  readonly bare: { readonly who: Caller[], readonly child: ChildProcess }
  readonly drive: (job: Job) => Promise<Done>
  readonly upstream: (message?: { take?: true, livesSeconds?: number }) => Promise<UpstreamState>
  /** @param before arguments for Node itself */
  readonly startGateway: (env?: Readonly<Record<string, string>>, before?: readonly string[]) => Promise<Gateway>
  readonly newDir: () => string
  readonly users: (gateway: Gateway, count: number) => Promise<User[]>
  /** The logs of all gateways, and the planted secrets. */
  readonly logs: () => string
  readonly secrets: Set<string>
  readonly close: () => Promise<void>
}

export async function openStage (): Promise<Stage> {
  const upstream = fork(file('upstream.ts'))
  const upstreamOrigin = `http://127.0.0.1:${(await nextMessage<{ port: number }>(upstream)).port}`
  const bare = fork(file('bare.ts'), [upstreamOrigin])
  const bareOrigin = `http://127.0.0.1:${(await nextMessage<{ port: number }>(bare)).port}`
  const driver = fork(file('driver.ts'))
  await nextMessage(driver)
  const children: ChildProcess[] = [upstream, bare, driver]
  const dirs: string[] = []
  const outputs: Array<() => string> = []
  const secrets = new Set<string>()
  let people = 0
  const newDir = () => dirs[dirs.push(mkdtempSync(join(tmpdir(), 'copilot-proxy-soak-'))) - 1] ?? ''

  return {
    upstreamOrigin,
    newDir,
    secrets,
    bare: { child: bare, who: [{ url: `${bareOrigin}/chat/completions`, key: '' }] },
    logs: () => outputs.map(output => output()).join(''),
    async drive (job) {
      driver.send(job)
      return (await nextMessage<{ done: Done }>(driver)).done
    },
    async upstream (message = {}) {
      upstream.send(message)
      return (await nextMessage<{ state: UpstreamState }>(upstream)).state
    },
    async startGateway (env = {}, before = []) {
      const from = performance.now()
      const child = fork(fileURLToPath(new URL('../../dist/node/main.js', import.meta.url)), [], {
        cwd: newDir(),
        silent: true,
        execArgv: [...serverFlags, '--expose-gc', '--import', file('probe.ts'), ...before],
        env: { PATH: process.env['PATH'] ?? '', PORT: '0', STORE: 'memory', GITHUB_BASE_URL: upstreamOrigin,
          GITHUB_API_BASE_URL: upstreamOrigin, COPILOT_API_BASE_URL: upstreamOrigin, ...quiet, ...env },
      })
      children.push(child)
      let output = ''
      for (const stream of [child.stdout, child.stderr]) {
        stream?.on('data', (chunk: Buffer) => {
          output += chunk.toString()
        })
      }
      outputs.push(() => output)
      const exit = new Promise<number | null>(resolve => {
        child.once('exit', code => resolve(code))
      })
      let port: string | undefined
      while (port === undefined && child.exitCode === null && performance.now() - from < 20_000) {
        await sleep(5)
        port = /listening on http:\/\/[^:]+:(\d+)/.exec(output)?.[1]
      }
      if (port === undefined) throw new Error(`the gateway does not listen: ${output.slice(0, 500)}`)
      const origin = `http://127.0.0.1:${port}`
      return {
        origin,
        child,
        exit,
        startMs: performance.now() - from,
        output: () => output,
        who: (users, path = 'chat/completions') =>
          users.map(({ username, password }) => ({ url: `${origin}/${username}/v1/${path}`, key: password })),
        async delay () {
          child.send('delay')
          return (await nextMessage<{ delay: { p50: number, p99: number, max: number } }>(child)).delay
        },
        async memory () {
          child.send('memory')
          return (await nextMessage<{ memory: { liveMiB: number, rssMiB: number } }>(child)).memory
        },
        async stop () {
          child.kill('SIGTERM')
          return exit
        },
      }
    },
    async users ({ origin }, count) {
      const made = Array.from({ length: count }, (): User => {
        const n = String(++people).padStart(6, '0')
        return { username: `soak-${n}`, password: `acpc-Pw${n}Zz`, token: `ghu_SoakSecret${n}${'q'.repeat(24)}` }
      })
      let next = 0
      await Promise.all(Array.from({ length: 8 }, async () => {
        while (next < made.length) {
          const user = made[next++]
          const { status } = await fetch(`${origin}/`, { method: 'POST',
            headers: { 'content-type': 'application/json' }, body: JSON.stringify(user) }).then(async response => {
              await response.arrayBuffer()
              return response
            })
          if (status !== 201) throw new Error(`not registered: ${status}`)
        }
      }))
      for (const { password, token } of made) secrets.add(password).add(token)
      return made
    },
    async close () {
      for (const child of children) if (child.exitCode === null) child.kill('SIGKILL')
      for (const dir of dirs) rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Read from /proc, so these figures exist on Linux only. */
export function usageOf ({ pid = 0 }: ChildProcess): Usage {
  const status = existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : ''
  const kib = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? NaN) / 1_024
  const [user = NaN, system = NaN] = status === ''
    ? []
    : readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ').slice(11, 13).map(Number)
  return { rssMiB: kib('VmRSS'), peakMiB: kib('VmHWM'), cpuSeconds: (user + system) / 100,
    descriptors: status === '' ? NaN : readdirSync(`/proc/${pid}/fd`).length }
}

/** The use of resources by a process during some work. */
export async function watch<T> (
  child: ChildProcess,
  work: Promise<T>,
  everyMs = 250,
): Promise<
  { readonly result: T, readonly cpuSeconds: number, readonly rss: number[], readonly before: Usage,
    readonly after: Usage }
> {
  const before = usageOf(child)
  const rss: number[] = []
  const timer = setInterval(() => {
    rss.push(usageOf(child).rssMiB)
  }, everyMs)
  try {
    const result = await work
    const after = usageOf(child)
    return { result, rss, before, after, cpuSeconds: after.cpuSeconds - before.cpuSeconds }
  } finally {
    clearInterval(timer)
  }
}
