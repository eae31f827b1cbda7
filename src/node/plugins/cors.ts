// CORS on the routes of the API. The headers are set before any step can refuse the request, so that a page can read
// the refusal. A preflight is answered before credentials are checked.
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Cors } from '../../pipeline/reply-headers.ts'
import { receivedHeaders } from '../call.ts'
import type {} from './relay.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    hasCors?: boolean
  }
}

export const apiCors = fp<{ cors: Cors }>(async (app, { cors }) => {
  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.config.hasCors === true) reply.scopeHeaders = cors.headers(receivedHeaders(request))
    done()
  })
}, { name: 'api-cors', fastify: '5.x', dependencies: ['relay'] })

/**
 * Answers OPTIONS on these paths, and on all that no route has. An OPTIONS without a preflight's headers is answered
 * too.
 */
export function preflights (app: FastifyInstance, cors: Cors, paths: Iterable<string>): void {
  for (const url of new Set([...paths, '*'])) {
    app.route({
      method: 'OPTIONS',
      url,
      config: { hasCors: true },
      onRequest (request, reply) {
        reply.relay(cors.preflight(receivedHeaders(request)))
      },
      handler () {},
    })
  }
}
