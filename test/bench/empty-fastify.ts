// The cost of Fastify itself: one route with an empty answer.
import fastify from 'fastify'
import type { AddressInfo } from 'node:net'

const app = fastify({ logger: false })
app.get('/', async () => ({ hello: 'world' }))
await app.listen({ port: 0, host: '127.0.0.1' })
process.send?.({ port: (app.server.address() as AddressInfo).port })
process.on('disconnect', () => process.exit(0))
