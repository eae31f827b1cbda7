// A client that stops reading holds a stream, its upstream and their buffers, and TCP sets no limit. One timer checks
// all sockets. If the queue of a socket has not moved for `stallMs`, the socket is closed, and its upstream with it.
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { unsentBytes } from './internals/unsent-bytes.ts'

interface Watched {
  drained: string
  since: number
}

export function watchWriteStalls (server: Server, stallMs: number, checkMs = Math.min(5_000, stallMs / 4)): () => void {
  const sockets = new Map<Socket, Watched>()
  server.on('connection', socket => {
    sockets.set(socket, { drained: '', since: 0 })
    socket.once('close', () => {
      sockets.delete(socket)
    })
  })
  const timer = setInterval(() => {
    const now = performance.now()
    for (const [socket, watched] of sockets) {
      const drained = socket.writableLength === 0 ? '' : progressOf(socket)
      if (drained === '' || drained !== watched.drained) Object.assign(watched, { drained, since: now })
      else if (now - watched.since >= stallMs) socket.resetAndDestroy()
    }
  }, checkMs).unref()
  return () => {
    clearInterval(timer)
  }
}

/** Changes whenever the kernel takes something: whole writes, and a part of the one under way. */
function progressOf (socket: Socket): string {
  return `${socket.bytesWritten - socket.writableLength}:${unsentBytes(socket)}`
}
