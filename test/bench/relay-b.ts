// Yardstick B: the same on bare Fastify. `GET /` shows the cost of an empty Fastify server.
import fastify from 'fastify'
import type { AddressInfo } from 'node:net'
import { Agent, request } from 'undici'

const [, , upstream = ''] = process.argv
const dispatcher = new Agent({ connections: 2_048, keepAliveTimeout: 4_000 })
const app = fastify({ logger: false, bodyLimit: 33_554_432, keepAliveTimeout: 60_000 })

app.removeAllContentTypeParsers()
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
  done(null, body)
})
app.get('/', async () => ({ hello: 'world' }))
app.post('/*', async (incoming, reply) => {
  const body = incoming.body as Buffer
  const { model } = JSON.parse(body.toString()) as { model?: string }
  const answer = await request(upstream + incoming.url, { method: 'POST',
    headers: { 'content-type': 'application/json', 'x-model': model ?? '' }, body, dispatcher })
  return reply.code(answer.statusCode).header('content-type', answer.headers['content-type']).send(answer.body)
})
await app.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 })
process.send?.({ port: (app.server.address() as AddressInfo).port })
process.on('disconnect', () => process.exit(0))
