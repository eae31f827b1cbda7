// CORS on the routes of the API. The headers are set before anything can refuse the request, so that a page can read why
// it was refused. Preflights are answered before credentials are looked at.
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

/** An OPTIONS for each of these paths, and for those that no route has. It needs no headers of a preflight. */
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
