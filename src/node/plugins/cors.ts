// CORS for the API scope alone. A preflight is @fastify/cors's, and answered before anybody is asked for credentials; what every
// other reply says is known before its request is, and is one object.
import cors from '@fastify/cors'
import fp from 'fastify-plugin'
import { allowedMethods, corsHeaders, exposedHeaders, preflightSeconds } from '../../cors.ts'
import type { ReceivedHeaders } from '../../contract.ts'
import type {} from './relay.ts'

/** @param paths those of the scope, which all take an OPTIONS */
export const apiCors = fp<{ origins: readonly string[], paths: Iterable<string> }>(async (app, { origins, paths }) => {
  const always = origins.includes('*') ? corsHeaders({}, origins, false) : null
  app.addHook('onRequest', (request, reply, done) => {
    if (request.method !== 'OPTIONS') reply.scopeHeaders = always ?? corsHeaders(request.headers as ReceivedHeaders, origins, false)
    done()
  })
  await app.register(async preflights => {
    await preflights.register(cors, {
      origin: origins.includes('*') ? '*' : [...origins],
      methods: [...allowedMethods],
      exposedHeaders: exposedHeaders.join(', '),
      maxAge: preflightSeconds,
      strictPreflight: false,   // requested headers are reflected, and a bare OPTIONS is no error
      credentials: false,
    })
    for (const path of paths) preflights.options(path, async (_request, reply) => reply.code(204).send())
  })
}, { name: 'api-cors', fastify: '5.x', encapsulate: false })
