// Refuses host names that this server does not answer to, before anything is done for the request: pages, preflights
// and unknown paths too. Two `Host` headers were refused before. Requests of a trusted proxy pass: what the proxy
// answers to is the proxy's business.
import fp from 'fastify-plugin'
import { createHostCheck } from '../../allowed-hosts.ts'
import { isLoopback, type Config } from '../../config.ts'
import { toGatewayError } from '../../errors.ts'
import { createTrust } from '../trusted-proxy.ts'

export const hosts = fp<{ config: Config }>(async (app, { config }) => {
  const isTrusted = createTrust(config.trustProxy)
  // HOST may be a name; the address that it led to is known when the server listens.
  let check = createHostCheck(config, isLoopback(config.host))
  app.server.once('listening', () => {
    const bound = app.server.address()
    if (bound !== null && typeof bound === 'object') check = createHostCheck(config, isLoopback(bound.address))
  })
  app.addHook('onRequest', ({ raw }, _reply, done) => {
    if (check === null || isTrusted(raw.socket.remoteAddress)) return done()
    try {
      check({ path: raw.url?.split('?', 1)[0] ?? '', host: raw.headers.host })
    } catch (thrown) {
      return done(toGatewayError(thrown))
    }
    done()
  })
}, { name: 'hosts', fastify: '5.x', dependencies: ['admission', 'auth'] })
