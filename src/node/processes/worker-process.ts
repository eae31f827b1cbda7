// One worker as the supervisor sees it: a process, and the messages to and from it.
import { fork, type ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { isMessage, type ToWorker, type Question, type FromWorker, type StartOrder } from './messages.ts'

export interface WorkerProcess {
  readonly pid: number
  readonly give: (socket: Socket, failed: () => void) => void
  readonly signal: () => void
  readonly collect: (id: number, question: Question) => void
  readonly collected: (id: number, parts: readonly string[]) => void
  readonly kill: () => void
  /** Its last answers. */
  readonly last: Map<Question, string>
}

export interface WorkerEvents {
  readonly report: (worker: WorkerProcess, report: FromWorker) => void
  /** @param how for the log @param code 1 if a signal ended it */
  readonly exit: (worker: WorkerProcess, how: string, code: number) => void
}

/** In the bundle, the worker is a JavaScript file next to this one. */
const workerFile = fileURLToPath(
  import.meta.url.endsWith('.ts')
    ? new URL('../launch-worker.js', import.meta.url)
    : new URL('./worker.js', import.meta.url),
)

/** The worker gets Node's own arguments and the environment of this process, and writes to the same outputs. */
export function startWorker (start: StartOrder, events: WorkerEvents): WorkerProcess {
  const child = fork(workerFile)
  const worker: WorkerProcess = {
    pid: child.pid ?? 0,
    last: new Map(),
    give (socket, failed) {
      // Open here too until the worker has it: a worker that dies before takes nobody with it.
      send(child, { kind: 'connection' }, socket, failed)
    },
    signal () {
      send(child, { kind: 'signal' })
    },
    collect (id, question) {
      send(child, { kind: 'collect', id, question })
    },
    collected (id, parts) {
      send(child, { kind: 'collected', id, parts })
    },
    kill () {
      child.kill('SIGKILL')
    },
  }
  child.on('message', message => {
    if (isMessage(message)) events.report(worker, message as FromWorker)
  })
  child.on('error', () => {}) // A message did not reach it. Its exit follows.
  child.once('exit', (code, signal) => {
    events.exit(worker, signal === null ? `exit code ${code}` : `signal ${signal}`, code ?? 1)
  })
  send(child, { kind: 'start', of: start })
  return worker
}

function send (child: ChildProcess, order: ToWorker, socket?: Socket, failed?: () => void): void {
  if (!child.connected) return failed?.()
  child.send(order, socket, { keepOpen: true }, thrown => {
    if (thrown !== null) failed?.()
  })
}
