// The order of one connection: its messages are answered one after another, whatever arrives meanwhile, and an answer
// that has ended sends nothing more. It knows neither the protocol nor the runtime.
import type { Bytes, Clock } from '../contract.ts'
import { ClientGone, GatewayError } from '../errors.ts'
import { closeCode, type Peer, type Session } from '../socket.ts'

/** The answer under way. */
export interface SessionTurn {
  /** Aborts when the client leaves. */
  readonly ending: AbortController
  /** @returns as the peer's; true once the turn has ended, and nothing is sent */
  readonly send: (message: string) => boolean
  readonly ping: () => void
  /** What to call when the client reads again. */
  readonly onResume: (resume: () => void) => void
}
export interface SessionOptions {
  readonly peer: Peer
  readonly clock: Pick<Clock, 'setTimer'>
  /** Answers a message. Never rejects. */
  readonly answer: (message: Bytes, turn: SessionTurn) => Promise<void>
  /** The message that takes the place of a ping. */
  readonly keepAlive: string
  /** Writes a refusal as a message. */
  readonly refusal: (error: GatewayError) => string
  /** The code of the refusal that ends a connection of this age or after so many messages. */
  readonly limitReached: string
  readonly maxMessages: number
  /** In bytes, of all messages that wait. */
  readonly maxWaitingBytes: number
}
export interface OwnSession extends Session {
  /** Closes when the answer under way has ended. */
  readonly end: (code: number, reason: string) => void
}

/** OpenAI ends a connection after an hour. */
const longestMs = 3_540_000
const maxWaiting = 16

interface Running {
  readonly turn: SessionTurn
  resume: () => void
}
interface Ending {
  readonly code: number
  readonly reason: string
  /** For each message that waits. */
  readonly error:
    | GatewayError
    | null
  /** Whether the client gets the error also if no message waits. */
  readonly isSent?: boolean
}

export function createSession (options: SessionOptions): OwnSession {
  const { peer, clock, answer, refusal, keepAlive, limitReached, maxMessages, maxWaitingBytes } = options
  const waiting: Array<{ readonly message: Bytes, readonly release: () => void }> = []
  let waitingBytes = 0
  let answered = 0
  let running: Running | null = null
  let ending: Ending | null = null
  let isClosed = false
  const stopTimer = clock.setTimer(() => {
    end(limitEnding(limitReached))
  }, longestMs)

  return {
    receive (message, release) {
      if (isClosed) return release()
      if (running !== null && (waiting.length >= maxWaiting || waitingBytes + message.length > maxWaitingBytes)) {
        release()
        return void peer.send(refusal(tooMany()))
      }
      waiting.push({ message, release })
      waitingBytes += message.length
      next()
    },
    resume () {
      running?.resume()
    },
    drain () {
      end({ code: closeCode.restart, reason: 'the server is about to end', error: draining() })
    },
    end (code, reason) {
      end({ code, reason, error: null })
    },
    closed () {
      if (isClosed) return
      forget()
      running?.turn.ending.abort(new ClientGone())
      running = null
    },
  }

  function next (): void {
    if (running !== null || isClosed) return
    if (ending !== null) return close(ending)
    const first = waiting.shift()
    if (first === undefined) return
    const { message, release } = first
    waitingBytes -= message.length
    if (++answered >= maxMessages) ending = limitEnding(limitReached)
    const own = begin()
    running = own
    void answer(message, own.turn).then(() => {
      release()
      if (running === own) running = null
      next()
    })
  }

  /** What a turn sends after its end goes nowhere. */
  function begin (): Running {
    const own: Running = { resume: () => {}, turn: {
      ending: new AbortController(),
      send: message => running === own ? peer.send(message) : true,
      ping () {
        if (running !== own) return
        if (peer.ping === null) peer.send(keepAlive)
        else peer.ping()
      },
      onResume (resume) {
        own.resume = resume
      },
    } }
    return own
  }

  /** The first reason counts. */
  function end (given: Ending): void {
    ending ??= given
    next()
  }

  function close ({ code, reason, error, isSent = false }: Ending): void {
    const refused = error === null ? 0 : Math.max(waiting.length, isSent ? 1 : 0)
    for (let at = 0; at < refused; at++) if (error !== null) peer.send(refusal(error))
    forget()
    peer.close(code, reason)
  }

  function forget (): void {
    isClosed = true
    for (const { release } of waiting.splice(0)) release()
    stopTimer()
  }
}

function limitEnding (code: string): Ending {
  return { code: closeCode.normal, reason: 'the connection reached its limit', isSent: true,
    error: new GatewayError({ code, status: 400 }, 'This connection has reached its limit. Open a new one.') }
}

function draining (): GatewayError {
  return new GatewayError('draining', 'This proxy is about to end. Open a new connection.', { retryAfterSeconds: 1 })
}

function tooMany (): GatewayError {
  return new GatewayError('rate_limited',
    'A connection answers one message at a time, and too many wait already. Wait for an answer to end.', {
    retryAfterSeconds: 1,
  })
}
