// Lets an HTTP server serve connections that another process accepted.
//
// Why: a server that does not listen itself has no timer that ends slow requests, and keeps no list of its connections.
// Relies on: Node's HTTP server starts both at its own event `listening`. To give it a connection with the event
// `connection` is documented, this is not.
// Check: the server has a listener for the event.
// Without it: false; a connection that sends its headers slowly stays open until its client leaves.
// Remove: when Node documents how a server without a socket checks its connections.
import type { Server } from 'node:http'

export function beginListening (server: Server): boolean {
  return server.emit('listening')
}
