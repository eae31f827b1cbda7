// A client that stops reading holds a stream, its upstream and their buffers for as long as it likes; TCP does not
// mind. One timer looks at all sockets: whose queue has not moved for `stallMs` is closed, and so is what it was fed
// from.
import type { Server } from 'node:http'
import type { Socket } from 'node:net'

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

/**
 * Changes whenever the kernel took something: whole writes, and of the one that is under way what libuv still holds.
 */
function progressOf (socket: Socket): string {
  const handle = (socket as unknown as { readonly _handle?: { readonly writeQueueSize?: number } | null })._handle
  return `${socket.bytesWritten - socket.writableLength}:${handle?.writeQueueSize ?? 0}`
}
