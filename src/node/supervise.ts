// How the process ends: in order, after a signal or after a bug that no code caught, and within a fixed time. It does
// not continue after a bug, because the state that the bug left behind is unknown.
import type { RunningServer } from './running-server.ts'

export interface Supervised {
  /** Takes over a server that has started. */
  readonly run: (server: Pick<RunningServer, 'close' | 'hurry' | 'leave' | 'log'>) => void
  readonly end: (exitCode: number) => void
}

/**
 * How long the server still serves everything while it reports that it is not ready. A load balancer needs that time to
 * notice. Until then it sends connections here, and a request may follow its connection a moment later.
 */
const leavingMs = 250

/** How long the process waits after a second signal, or for a start that does not end. */
const hurriedMs = 1_800

/** @param onSignal calls its listener at each signal to end; the process's own signals if it is left out */
export function superviseProcess (onSignal: (listener: () => void) => void = ownSignals): Supervised {
  let server: Parameters<Supervised['run']>[0] | null = null
  /** Null while the process must not end. */
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
    if (exitCode !== 0) return close() // after a bug, new requests are refused at once
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
  onSignal(() => {
    signals++
    if (signals === 1) return end(0)
    exitCode = 1
    server?.hurry()
    exitSoon()
  })
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

function ownSignals (listener: () => void): void {
  process.on('SIGTERM', listener).on('SIGINT', listener)
}
