// CORS for the API scope alone. Preflights are @fastify/cors's, in a scope of their own, and answered before anybody is
// asked for credentials. What other replies say is the core's table, on both runtimes: where every origin is allowed,
// one object.
import cors from '@fastify/cors'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { allowedMethods, corsHeaders, exposedHeaders, preflightSeconds } from '../../cors.ts'
import type { ReceivedHeaders } from '../../contract.ts'
import type {} from './relay.ts'

export const apiCors = fp<{ origins: readonly string[] }>(async (app, { origins }) => {
  const always = origins.includes('*') ? corsHeaders({}, origins, false) : null
  app.addHook('onRequest', (request, reply, done) => {
    reply.scopeHeaders = always ?? corsHeaders(request.headers as ReceivedHeaders, origins, false)
    done()
  })
}, { name: 'api-cors', fastify: '5.x', dependencies: ['relay'] })

/** An OPTIONS for each of these paths, a bare one too. */
export async function preflights (
  app: FastifyInstance,
  { origins, paths }: { origins: readonly string[], paths: Iterable<string> },
): Promise<void> {
  await app.register(cors, {
    origin: origins.includes('*') ? '*' : [...origins],
    methods: [...allowedMethods],
    exposedHeaders: exposedHeaders.join(', '),
    maxAge: preflightSeconds,
    strictPreflight: false, // requested headers are reflected, and a bare OPTIONS is no error
    credentials: false,
  })
  for (const path of paths) app.options(path, async (_request, reply) => reply.code(204).send())
}
