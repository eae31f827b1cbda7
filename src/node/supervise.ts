// How the process ends: in order when it is asked to, in order too after a bug nobody caught, and never later than its
// bounds say. Nothing goes on after a bug: what it left half done nobody knows.
import type { RunningServer } from './running-server.ts'

export interface Supervised {
  /** From now on there is something to close. */
  readonly run: (server: Pick<RunningServer, 'close' | 'hurry' | 'leave' | 'log'>) => void
  readonly end: (exitCode: number) => void
}

/**
 * A balancer has to hear of it first: until it turns to another instance, it gives this one connections, and a request
 * may come a moment behind its connection. So long everything is served, and readiness is gone.
 */
const leavingMs = 250

/** After a second signal, or when a start does not come to its end. */
const hurriedMs = 1_800

export function superviseProcess (): Supervised {
  let server: Parameters<Supervised['run']>[0] | null = null
  /** Null while it is to live. */
  let exitCode: number | null = null
  let signals = 0

  const exitSoon = () => {
    setTimeout(() => process.exit(exitCode ?? 1), hurriedMs).unref()
  }
  const close = () => {
    server?.close().then(() => process.exit(exitCode ?? 1), () => process.exit(1))
  }
  const finish = () => {
    if (server === null) return exitSoon() // still starting; `run` ends it when it can
    if (exitCode !== 0) return close() // a bug: nothing new is begun
    server.leave()
    setTimeout(close, leavingMs)
  }
  const end = (code: number) => {
    if (exitCode !== null) {
      exitCode = Math.max(exitCode, code)
      return
    }
    exitCode = code
    finish()
  }
  const crash = (thrown: unknown) => {
    if (server === null) process.stderr.write(`${thrown instanceof Error ? thrown.message : 'the start failed'}\n`)
    else {server.log.error({ event: 'crash', err: thrown },
        'a bug that nobody caught: the process ends in order, and has to be started again')}
    end(1)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      signals++
      if (signals === 1) return end(0)
      exitCode = 1
      server?.hurry()
      exitSoon()
    })
  }
  process.on('uncaughtException', crash)
  process.on('unhandledRejection', crash)
  return {
    end,
    run (running) {
      server = running
      if (exitCode !== null) finish()
    },
  }
}
