// Requests that offer another protocol, which this server does not switch to. Java's HTTP client offers `h2c` with
// every request, bodies included.
import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Node stops reading a request at the end of its headers if it offers a protocol. So the request is put back without
 * the offer, and read as any other. RFC 9110 section 7.8 lets a server ignore it.
 */
export function sendAgain (server: Server, request: IncomingMessage, socket: Socket, head: Buffer): void {
  const { method, url, httpVersion, rawHeaders } = request
  let text = `${method} ${url} HTTP/${httpVersion}\r\n`
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    if (name.toLowerCase() !== 'upgrade') text += `${name}: ${rawHeaders[at + 1] ?? ''}\r\n`
  }
  socket.unshift(Buffer.concat([Buffer.from(`${text}\r\n`, 'latin1'), head]))
  server.emit('connection', socket)
}
