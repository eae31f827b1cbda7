// CORS on the routes of the API. The headers are set before any step can refuse the request, so that a page can read
// the refusal. `@fastify/cors` answers preflights, before credentials are checked.
import cors from '@fastify/cors'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { allowedMethods, allowedOrigin, preflightSeconds, usualHeaders } from '../../cors.ts'
import type { Cors } from '../../pipeline/reply-headers.ts'
import { receivedHeaders } from '../call.ts'
import type {} from './relay.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    hasCors?: boolean
  }
}

export const apiCors = fp<{ cors: Cors }>(async (app, { cors: { headers } }) => {
  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.config.hasCors === true) reply.scopeHeaders = headers(receivedHeaders(request))
    done()
  })
}, { name: 'api-cors', fastify: '5.x', dependencies: ['relay'] })

/** Answers OPTIONS on these paths, and on all that no route has. A bare OPTIONS is answered too. */
export async function preflights (
  app: FastifyInstance,
  { origins, paths }: { origins: readonly string[], paths: Iterable<string> },
): Promise<void> {
  // For the route that the plugin adds as well.
  app.addHook('onRoute', route => {
    route.config = { ...route.config, hasCors: true }
    route.onRequest = answerPreflight
  })
  await app.register(cors, {
    // False: the plugin only sets `Vary`.
    origin: origins.includes('*') ? '*' : (origin, done) => done(null, allowedOrigin(origin, origins) ?? false),
    methods: [...allowedMethods],
    maxAge: preflightSeconds,
    strictPreflight: false, // The plugin reflects the requested headers. A bare OPTIONS is no error.
    credentials: false,
    preflightContinue: true,
  })
  for (const path of new Set(paths)) app.options(path, () => {})
}

/** Sends the headers that the plugin has set. Those of `apiCors` are for other replies. */
function answerPreflight (request: FastifyRequest, reply: FastifyReply): void {
  reply.scopeHeaders = null
  const isBare = request.headers['access-control-request-headers'] === undefined
  if (isBare && reply.hasHeader('access-control-allow-origin')) {
    void reply.header('access-control-allow-headers', usualHeaders.join(', '))
  }
  void reply.code(204).send()
}
