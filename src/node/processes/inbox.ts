// What the supervisor sends to this process, sorted, and what this process answers.
import type { Socket } from 'node:net'
import { isMessage, type ToWorker, type Question, type FromWorker, type StartOrder } from './messages.ts'

export interface Inbox {
  readonly onStart: (listener: (order: StartOrder) => void) => void
  readonly onSignal: (listener: () => void) => void
  readonly onConnection: (listener: (socket: Socket) => void) => void
  readonly onQuestion: (answer: (question: Question) => Promise<string>) => void
  /** Empty if the supervisor is gone. */
  readonly ask: (question: Question) => Promise<readonly string[]>
}

interface Listeners {
  start: (order: StartOrder) => void
  signal: () => void
  connection: (socket: Socket) => void
  question: (question: Question) => Promise<string>
}

/** How long an answer about all workers may take; the supervisor waits for less. */
const longestMs = 5_000

export function createInbox (): Inbox {
  const asked = new Map<number, (parts: readonly string[]) => void>()
  const on: Listeners = { start () {}, signal () {}, connection: socket => void socket.destroy(),
    question: async () => '[]' }
  let ids = 0

  const receive = (order: ToWorker, socket: Socket | undefined): void => {
    switch (order.kind) {
      case 'start':
        return on.start(order.of)
      case 'connection':
        if (socket !== undefined) on.connection(socket)
        return report({ kind: 'taken' })
      case 'signal':
        return on.signal()
      case 'collect':
        return void on.question(order.question).then(text => {
          report({ kind: 'part', id: order.id, text })
        })
      case 'collected':
        asked.get(order.id)?.(order.parts)
        return void asked.delete(order.id)
    }
  }
  process.on('message', (message, socket) => {
    if (isMessage(message)) receive(message as ToWorker, socket as Socket | undefined)
  })
  listenWhenAlone(() => {
    on.signal()
  })
  return {
    onStart: listener => void (on.start = listener),
    onSignal: listener => void (on.signal = listener),
    onConnection: listener => void (on.connection = listener),
    onQuestion: answer => void (on.question = answer),
    async ask (question) {
      const id = ids++
      return new Promise(resolve => {
        setTimeout(resolve, longestMs, []).unref()
        asked.set(id, resolve)
        report({ kind: 'ask', id, question })
      })
    },
  }
}

/**
 * The supervisor passes its signals on. The same signal often reaches this process too, from a terminal or from
 * systemd, and must not count twice. Without a supervisor, the worker ends in order.
 */
function listenWhenAlone (onSignal: () => void): void {
  const listener = () => {
    if (!process.connected) onSignal()
  }
  process.on('SIGTERM', listener).on('SIGINT', listener).once('disconnect', onSignal)
}

export function report (message: FromWorker, sent: () => void = () => {}): void {
  if (process.connected) process.send?.(message, undefined, undefined, sent)
  else sent()
}
