// The gateway as `npm start` runs it: a separate process, in front of an emulator in this one. For tests of signals,
// memory and the heap.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { startEmulator, type Emulator } from '../../src/emulator/emulator.ts'
import { call, until } from '../fixtures/http.ts'
import type { User } from '../fixtures/targets.ts'
import { usageOf, watch } from '../soak/stage.ts'

export interface Life {
  readonly child: ChildProcess
  readonly output: () => string
  readonly exit: Promise<number | null>
  readonly emulator: Emulator
  /** Resolves when it listens. */
  readonly origin: () => Promise<string>
}
export interface Child extends Omit<Life, 'origin'> {
  readonly origin: string
  /** @param endpointsApi null: the user's Copilot host comes from the settings */
  readonly addUser: (name: string, endpointsApi?: string | null) => Promise<User>
  /**
   * The most that its memory grew and the longest delay of its event loop while `work` ran, measured after a
   * collection.
   */
  readonly measure: (work: () => Promise<unknown>) => Promise<{ readonly grewMiB: number, readonly lateMs: number }>
  /** Moves the monotonic clock. */
  readonly advance: (ms: number) => void
}

const launcher = fileURLToPath(new URL('../../src/node/launch.js', import.meta.url))
const probe = fileURLToPath(new URL('../soak/probe.ts', import.meta.url))
const limitsOff = { REGISTRATIONS_PER_10_MINUTES: '0', DEVICE_STARTS_PER_10_MINUTES: '0', AUTH_FAILURES_PER_MINUTE: '0',
  USER_CONCURRENCY: '0', USER_REQUESTS_PER_MINUTE: '0' }

export function newDir (t: Test): string {
  const dir = mkdtempSync(join(tmpdir(), 'copilot-proxy-faults-'))
  t.teardown(() => {
    rmSync(dir, { recursive: true, force: true })
  })
  return dir
}

/** @param before arguments for Node itself @param args arguments of the command line */
export async function launch (
  t: Test,
  env: Readonly<Record<string, string>> = {},
  before: readonly string[] = [],
  args: readonly string[] = [],
): Promise<Life> {
  const emulator = await startEmulator({ deviceInterval: 0.1, pendingPolls: 0 })
  const child = spawn(process.execPath, [...before, launcher, ...args], {
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', STORE: 'memory', ...emulator.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    timeout: 100_000,
    cwd: tmpdir(),
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  }
  const exit = new Promise<number | null>(resolve => {
    child.once('close', resolve)
  })
  t.teardown(async () => {
    if (child.exitCode === null) child.kill('SIGKILL')
    await exit
    await emulator.close()
  })
  const port = () => /listening on http:\/\/[^:]+:(\d+)/.exec(output)?.[1]
  return { child, exit, emulator, output: () => output, origin: async () => {
    await until(() => port() !== undefined, `it listens: ${output}`, 20_000)
    return `http://127.0.0.1:${port() ?? ''}`
  } }
}

export async function addUser (
  origin: string,
  emulator: Emulator,
  username = 'alice',
  endpointsApi?: string | null,
): Promise<User> {
  const password = 'acpc-0123456789'
  const seat = emulator.addSeat({ endpointsApi })
  const { status, text } = await call(`${origin}/`, { json: { username, password, token: seat.githubToken } })
  if (status !== 201) throw new Error(text)
  return { username, password, seat, base: `${origin}/${username}/v1` }
}

/** Listens, has no limits, and reports its memory and delays. */
export async function startChild (
  t: Test,
  env: Readonly<Record<string, string>> = {},
  before: readonly string[] = [],
): Promise<Child> {
  const life = await launch(t, { ...limitsOff, ...env }, ['--expose-gc', '--import', probe, ...before])
  const origin = await life.origin()
  const { child, emulator } = life
  const query = <T>(message: string): Promise<T> =>
    new Promise(resolve => {
      child.once('message', answer => {
        resolve(answer as T)
      }).send(message)
    })
  return {
    ...life,
    origin,
    addUser: (name, endpointsApi) => addUser(origin, emulator, name, endpointsApi),
    async measure (work) {
      await query('memory')
      await query('delay')
      const from = usageOf(child).rssMiB
      const { rss } = await watch(child, work(), 20)
      const { delay } = await query<{ delay: { max: number } }>('delay')
      return { grewMiB: Math.max(...rss, usageOf(child).rssMiB) - from, lateMs: delay.max }
    },
    advance (ms) {
      child.send({ advanceMs: ms })
    },
  }
}
