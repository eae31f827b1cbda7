// Closing with a client still sending: an immediate close makes the kernel send a RST, which throws away the reply the
// client has not read yet. So this side ends, drops what comes for a moment, and then cuts. RFC 9112 section 9.6.
import type { Socket } from 'node:net'

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

/** Node closes a connection at once behind its last reply; from now on it lingers on this one. */
export function lingerAfterReply (socket: Socket, ms: number): void {
  socket.destroySoon = () => {
    socket.end()
    linger(socket, ms)
  }
}
