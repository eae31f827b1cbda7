// The processes of a measurement, and Linux's figures about them. Everything listens on loopback and ends with this
// process.
import { fork, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nextMessage } from '../fixtures/measure.ts'
import { serverFlags } from '../fixtures/processes.ts'

export interface Running {
  readonly origin: string
  readonly pid: number
  readonly child: ChildProcess
  readonly startMs: number
  readonly stop: () => Promise<void>
}

const local = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const bundle = local('../../dist/node/main.js')
/** For the gateway's `/metrics`. */
export const adminToken = 'bench-admin-token-of-no-worth'
const running = new Set<ChildProcess>()
const dirs: string[] = []

/**
 * Starts a script of this folder. It sends its port over IPC, and the id of the process that does the work if that is
 * another one.
 */
export async function startScript (name: string, args: readonly string[] = []): Promise<Running> {
  const from = performance.now()
  const child = keep(fork(local(name), args))
  const { port, workerd } = await nextMessage<{ port: number, workerd?: number }>(child)
  child.once('exit', () => {
    if (workerd !== undefined) end(workerd)
  })
  return { child, pid: workerd ?? child.pid ?? 0, origin: `http://127.0.0.1:${port}`, startMs: performance.now() - from,
    stop: () => stop(child) }
}

/**
 * Starts the bundle of the image as the image starts it, in front of this upstream. Limiters are off; the log has its
 * default level and goes into a pipe.
 */
export async function startGateway (
  upstream: string,
  { env = {}, probe = false, dir = newDir(), args = [] }: { readonly env?: Readonly<Record<string, string>>,
    readonly probe?: boolean, readonly dir?: string, readonly args?: readonly string[] } = {},
): Promise<Running & { readonly dir: string }> {
  const from = performance.now()
  const child = keep(fork(bundle, args, {
    cwd: dir,
    silent: true,
    execArgv: [...serverFlags, ...probe ? ['--import', local('../soak/probe.ts')] : []],
    env: {
      PATH: process.env['PATH'] ?? '',
      PORT: '0',
      STORE: 'memory',
      DATA_DIR: dir,
      GITHUB_BASE_URL: upstream,
      GITHUB_API_BASE_URL: upstream,
      COPILOT_API_BASE_URL: upstream,
      REGISTRATIONS_PER_10_MINUTES: '0',
      AUTH_FAILURES_PER_MINUTE: '0',
      USER_CONCURRENCY: '0',
      USER_REQUESTS_PER_MINUTE: '0',
      ...env,
    },
  }))
  const port = await new Promise<string>((resolve, reject) => {
    let output = ''
    const look = (chunk: Buffer) => {
      if (output.length < 65_536) output += chunk.toString()
      const found = /listening on http:\/\/[^ ]*:(\d+)/.exec(output)?.[1]
      if (found !== undefined) resolve(found)
    }
    child.stdout?.on('data', look)
    child.stderr?.on('data', look)
    child.once('exit', () => {
      reject(new Error(`the gateway ended: ${output.slice(0, 2_000)}`))
    })
  })
  return { child, dir, pid: child.pid ?? 0, origin: `http://127.0.0.1:${port}`, startMs: performance.now() - from,
    stop: () => stop(child) }
}

export function newDir (): string {
  return dirs[dirs.push(mkdtempSync(join(tmpdir(), 'copilot-proxy-bench-'))) - 1] ?? ''
}

export async function stopAll (): Promise<void> {
  await Promise.all([...running].map(stop))
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true })
}

/** Microseconds of processor time of all threads of a process: the scheduler's own count, in nanoseconds. */
export function cpuOf (pid: number): number {
  let nanoseconds = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0])
    } catch { /* A thread that has just ended. */ }
  }
  return nanoseconds / 1_000
}

/** In MiB. `peak` counts since `resetPeak`. */
export function memoryOf (pid: number): { readonly resident: number, readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const read = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? NaN) / 1_024
  return { resident: read('VmRSS'), peak: read('VmHWM') }
}

export function resetPeak (pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5')
  } catch { /* Then the peak is that of the whole run. */ }
}

/** Another program, which ends with this process. */
export function adopt (child: ChildProcess): Pick<Running, 'child' | 'pid' | 'stop'> {
  keep(child)
  return { child, pid: child.pid ?? 0, stop: () => stop(child) }
}

function keep (child: ChildProcess): ChildProcess {
  running.add(child)
  return child.once('exit', () => {
    running.delete(child)
  })
}

/** A script that is killed leaves its workerd behind. Another process may have the number of one that has ended. */
function end (pid: number): void {
  try {
    if (readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'workerd') process.kill(pid, 'SIGKILL')
  } catch { /* It has ended itself. */ }
}

function stop (child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise(resolve => {
    child.once('exit', () => {
      resolve()
    }).kill('SIGKILL')
  })
}
