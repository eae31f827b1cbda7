// Closes a connection while the client is still sending. An immediate close makes the kernel send a reset, which throws
// away the reply that the client has not read yet. So this side ends, drops what arrives for a moment, and then cuts.
// RFC 9112 section 9.6.
import type { Socket } from 'node:net'
import { replaceLastClose } from './internals/last-close.ts'

export function linger (socket: Socket, ms: number): void {
  const timer = setTimeout(() => {
    socket.destroy()
  }, ms)
  const done = () => {
    clearTimeout(timer)
    socket.destroy()
  }
  socket.once('end', done).once('error', done).once('close', () => {
    clearTimeout(timer)
  }).resume()
}

/** Node closes a connection at once after its last reply. This connection lingers instead. */
export function lingerAfterReply (socket: Socket, ms: number): void {
  replaceLastClose(socket, () => {
    socket.end()
    linger(socket, ms)
  })
}
