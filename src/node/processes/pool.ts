// The workers: starts them, replaces those that end, and gives each its connections.
import type { Socket } from 'node:net'
import type { Clock, Log } from '../../contract.ts'
import { createEndedCounts, supervisorMetrics } from './all-metrics.ts'
import { createCollector } from './collect.ts'
import { createHandOut } from './hand-out.ts'
import type { Question, FromWorker, StartOrder } from './messages.ts'
import { createRestarts, loop } from './restarts.ts'
import { startWorker, type WorkerEvents, type WorkerProcess } from './worker-process.ts'

export interface Pool {
  readonly connection: (socket: Socket) => void
  /** @returns the store in use; never, after a signal. @throws {Error} if a worker cannot start */
  readonly start: (order: StartOrder) => Promise<string | null>
  /** Passes a signal on. From the first on, no worker is replaced. */
  readonly signal: () => void
  /** Resolves when all have ended, with the highest exit code. */
  readonly ended: () => Promise<number>
  readonly kill: () => void
}

export interface PoolOptions {
  readonly clock: Clock
  readonly log: Log
  readonly maxWaiting: number
  /** The recent errors of this process, as JSON. */
  readonly ownErrors: () => string
  /** Workers end again and again. */
  readonly onLoop: () => void
  readonly start?: (order: StartOrder, events: WorkerEvents) => WorkerProcess
}

interface Starting {
  readonly ready: (store: string | null) => void
  readonly failed: (reason: Error) => void
}

export function createPool ({ clock, log, maxWaiting, ownErrors, onLoop, start = startWorker }: PoolOptions): Pool {
  const live = new Set<WorkerProcess>()
  const serving = new Set<WorkerProcess>()
  const starting = new Map<WorkerProcess, Starting>()
  const handOut = createHandOut<WorkerProcess>(maxWaiting)
  const collector = createCollector<WorkerProcess>()
  const restarts = createRestarts(clock)
  const endedCounts = createEndedCounts()
  const waiting: Array<() => void> = []
  let order: StartOrder | null = null
  let isEnding = false
  let exitCode = 0

  const begin = (of: StartOrder): Promise<string | null> =>
    new Promise((ready, failed) => {
      const worker = start(of, { report, exit })
      live.add(worker)
      starting.set(worker, { ready, failed })
    })

  const report = (worker: WorkerProcess, message: FromWorker): void => {
    switch (message.kind) {
      case 'ready':
        serving.add(worker)
        handOut.free(worker)
        starting.get(worker)?.ready(message.store)
        return void starting.delete(worker)
      case 'failed':
        starting.get(worker)?.failed(new Error(message.message))
        return void starting.delete(worker)
      case 'taken':
        return handOut.free(worker)
      case 'leaving':
        if (!isEnding) replace(worker, 'a bug, or memory that is used up')
        return
      case 'ask':
        return void answer(worker, message.id, message.question)
      case 'part':
        return collector.answered(worker, message.id, message.text)
    }
  }

  const answer = async (worker: WorkerProcess, id: number, question: Question): Promise<void> => {
    const parts = await collector.ask([...live].filter(each => !starting.has(each)), question)
    const own = question === 'errors' ? ownErrors() : supervisorMetrics(serving.size)
    const ended = question === 'metrics' ? endedCounts.text() : null
    worker.collected(id, [own, ...parts, ...(ended === null ? [] : [ended])])
  }

  const exit = (worker: WorkerProcess, how: string, code: number): void => {
    live.delete(worker)
    if (isEnding) exitCode = Math.max(exitCode, code)
    collector.gone(worker)
    const counts = worker.last.get('metrics')
    if (counts !== undefined) endedCounts.add(counts)
    if (!isEnding) starting.get(worker)?.failed(new Error(`A worker process ended before it could serve: ${how}.`))
    const hasServed = serving.has(worker)
    leave(worker)
    if (!isEnding && order !== null && hasServed) replace(worker, how)
    if (live.size === 0) { for (const resolve of waiting) resolve() }
  }

  const leave = (worker: WorkerProcess): void => {
    serving.delete(worker)
    starting.delete(worker)
    handOut.gone(worker)
  }

  const replace = (worker: WorkerProcess, how: string): void => {
    leave(worker)
    log.error({ event: 'worker-ended', detail: `process ${worker.pid}: ${how}` }, 'a worker process ended')
    again()
  }

  const again = (): void => {
    const waitMs = restarts.ended()
    if (waitMs === null) {
      log.error({ event: 'worker-loop' },
        `${loop.ends} worker processes ended within ${loop.withinMs / 1_000} s: the server ends`)
      return onLoop()
    }
    clock.setTimer(() => void startNext(), waitMs)
  }

  const startNext = async (): Promise<void> => {
    if (isEnding || order === null) return
    try {
      await begin(order)
      log.warn({ event: 'worker-started' }, 'a worker process replaces one that ended')
    } catch (err) {
      if (isEnding) return
      log.error({ event: 'worker-ended', err }, 'a worker process could not start')
      again()
    }
  }

  return {
    connection: handOut.connection,
    async start (of) {
      // The first alone: what is wrong for all of them is then reported once.
      const store = await begin(of)
      if (isEnding) return store
      await Promise.all(Array.from({ length: of.count - 1 }, () => begin(of)))
      order = of
      return store
    },
    signal () {
      isEnding = true
      for (const worker of live) worker.signal()
    },
    async ended () {
      if (live.size > 0) await new Promise<void>(resolve => waiting.push(resolve))
      handOut.close()
      return exitCode
    },
    kill () {
      for (const worker of live) worker.kill()
    },
  }
}
