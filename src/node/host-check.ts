// Checks the host name of each request: pages, preflights and unknown paths too. Requests of a trusted proxy pass: the
// proxy decides to which names it answers.
import type { IncomingMessage, Server } from 'node:http'
import { createHostCheck } from '../allowed-hosts.ts'
import { isLoopback, type Config } from '../config.ts'
import { createTrust } from './trusted-proxy.ts'

/** @returns a function that throws `host_not_allowed` */
export function createNodeHostCheck (
  server: Server,
  config: Pick<Config, 'trustProxy' | 'allowedHosts' | 'publicOrigin' | 'host'>,
): (request: IncomingMessage) => void {
  const isTrusted = createTrust(config.trustProxy)
  // HOST may be a name; its address is known when the server listens.
  let check = createHostCheck(config, isLoopback(config.host))
  server.once('listening', () => {
    const bound = server.address()
    if (bound !== null && typeof bound === 'object') check = createHostCheck(config, isLoopback(bound.address))
  })
  return ({ socket, url, headers }) => {
    if (check === null || isTrusted(socket.remoteAddress)) return
    check({ path: url?.split('?', 1)[0] ?? '', host: headers.host })
  }
}
