// Two gateways as `npm start` runs them, over one Valkey and in front of one emulator. One can be killed and started
// again on its port. A client of them does what a balancer does: where it cannot connect, it goes to the other one.
import { spawn, type ChildProcess } from 'node:child_process'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import type { Emulator } from '../../src/emulator/emulator.ts'
import { freePort, listening } from '../fixtures/valkey.ts'

export interface Gateways {
  readonly origins: readonly string[]
  readonly logs: () => string
  /** SIGKILL, then a new process. Resolves when it listens. */
  readonly replace: (at: number) => Promise<void>
  /** How often one was killed. */
  readonly kills: () => number
}

const launcher = fileURLToPath(new URL('../../src/node/launch.js', import.meta.url))
/** Ends a process that a test has forgotten. */
const longestMs = 600_000
/** More than any gateway needs on any machine. */
const answerMs = 60_000

export async function startGateways (
  t: Test,
  emulator: Emulator,
  env: Readonly<Record<string, string>>,
): Promise<Gateways> {
  const ports = [await freePort(), await freePort()]
  const children: ChildProcess[] = []
  let logs = ''
  let kills = 0

  const start = async (at: number): Promise<void> => {
    const child = spawn(process.execPath, [launcher], { cwd: tmpdir(), timeout: longestMs,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'] ?? '', PORT: String(ports[at]), STORE: 'valkey',
        REGISTRATIONS_PER_10_MINUTES: '0', AUTH_FAILURES_PER_MINUTE: '0', ...emulator.env, ...env } })
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data: Buffer) => {
        logs += data.toString()
      })
    }
    children[at] = child
    await listening(ports[at] ?? 0)
  }
  const kill = async (at: number): Promise<void> => {
    const child = children[at]
    if (child?.exitCode !== null) return
    const closed = new Promise(resolve => child.once('close', resolve))
    child.kill('SIGKILL')
    await closed
  }
  t.teardown(async () => Promise.all([kill(0), kill(1)]))
  await Promise.all([start(0), start(1)])
  return {
    origins: ports.map(port => `http://127.0.0.1:${port}`),
    logs: () => logs,
    kills: () => kills,
    async replace (at) {
      kills++
      await kill(at)
      await start(at)
    },
  }
}

/** `cut`: the connection ended before the answer did. */
export type Outcome =
  | { readonly is: 'answer', readonly status: number, readonly text: string, readonly at: number }
  | { readonly is: 'cut' }

/** @param first the gateway to ask first */
export async function ask ({ origins }: Gateways, first: number, path: string, init: RequestInit): Promise<Outcome> {
  for (let tried = 0; tried < 2_000; tried++) {
    const at = (first + tried) % origins.length
    try {
      const response = await fetch(`${origins[at] ?? ''}${path}`, { ...init, signal: AbortSignal.timeout(answerMs) })
      return { is: 'answer', status: response.status, text: await response.text(), at }
    } catch (thrown) {
      if (thrown instanceof Error && thrown.name === 'TimeoutError') throw thrown
      if (codeOf(thrown) !== 'ECONNREFUSED') return { is: 'cut' }
      await new Promise(resolve => setTimeout(resolve, 25))
    }
  }
  throw new Error('no gateway listens')
}

function codeOf (thrown: unknown): string {
  const cause = thrown instanceof Error ? thrown.cause : null
  return cause instanceof Error && 'code' in cause ? String(cause.code) : ''
}
