// Replaces how Node closes a connection after the last reply on it.
//
// Why: Node closes at once. If the client is still sending, the kernel then answers with a reset, which throws away the
// reply before the client has read it (RFC 9112 section 9.6).
// Relies on: Node's HTTP server calls `socket.destroySoon()` after the last reply. The method is documented, that call
// is not.
// Check: the socket has the method.
// Without it: false, and Node closes as it does; a client that sends on may miss the reply.
// Remove: when Node's server lets a refused client finish reading.
import type { Socket } from 'node:net'

export function replaceLastClose (socket: Socket, close: () => void): boolean {
  if (typeof socket.destroySoon !== 'function') return false
  socket.destroySoon = close
  return true
}
