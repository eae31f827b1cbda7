// CORS for the API scope alone; a preflight is answered before anybody is asked for credentials.
import cors from '@fastify/cors'
import fp from 'fastify-plugin'
import { allowedMethods, exposedHeaders, preflightSeconds } from '../../cors.ts'

export const apiCors = fp<{ origins: readonly string[] }>(async (app, { origins }) => {
  await app.register(cors, {
    origin: origins.includes('*') ? '*' : [...origins],
    methods: [...allowedMethods],
    exposedHeaders: exposedHeaders.join(', '),
    maxAge: preflightSeconds,
    strictPreflight: false,   // requested headers are reflected, and a bare OPTIONS is no error
    credentials: false,
  })
}, { name: 'api-cors', fastify: '5.x', encapsulate: false })
