// The WebSockets that are open. Framing is the work of `ws`.
import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { Peer, Session } from '../socket.ts'
import type { MessageReader } from './incoming-messages.ts'

export interface Sockets {
  /** @param read takes the messages that arrive */
  readonly serve: (webSocket: WebSocket, socket: Socket, read: MessageReader, open: (peer: Peer) => Session) => void
  /** Closes each one after the answer under way. */
  readonly drain: () => void
  /** Waits until all are closed, at most for `ms`, and then cuts the rest. */
  readonly cut: (ms: number) => Promise<void>
}

/** Proxies and address translators forget connections that are silent for longer. */
const pingMs = 25_000

export function createSockets (): Sockets {
  const sessions = new Map<WebSocket, Session>()
  let onEmpty = () => {}
  return {
    serve (webSocket, socket, read, open) {
      const session = open(toPeer(webSocket, socket))
      sessions.set(webSocket, session)
      const stopReading = read(webSocket, socket, session)
      const pinging = setInterval(() => {
        webSocket.ping()
      }, pingMs).unref()
      socket.on('drain', () => {
        webSocket.resume()
        session.resume()
      })
      webSocket.on('error', () => {}) // the close follows
      webSocket.once('close', () => {
        clearInterval(pinging)
        stopReading()
        sessions.delete(webSocket)
        session.closed()
        if (sessions.size === 0) onEmpty()
      })
    },
    drain () {
      for (const session of [...sessions.values()]) session.drain()
    },
    async cut (ms) {
      if (sessions.size > 0) {
        await new Promise<void>(resolve => {
          const timer = setTimeout(resolve, ms)
          onEmpty = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      for (const webSocket of sessions.keys()) webSocket.terminate()
    },
  }
}

/** `ws` ignores what is sent after the close has begun, but not what is pinged. */
function toPeer (webSocket: WebSocket, socket: Socket): Peer {
  return {
    send (message) {
      if (webSocket.readyState === webSocket.OPEN) webSocket.send(message, { compress: false })
      return !socket.writableNeedDrain
    },
    ping () {
      if (webSocket.readyState === webSocket.OPEN) webSocket.ping()
    },
    close (code, reason) {
      webSocket.close(code, reason)
    },
  }
}
