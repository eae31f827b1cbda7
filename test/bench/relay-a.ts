// Yardstick A: the least that a relay can do. `node:http` in, the body parsed once, undici out. No accounts, checks,
// limits, logs or repairs.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream'
import { Agent, request } from 'undici'

const [, , upstream = ''] = process.argv
const dispatcher = new Agent({ connections: 2_048, keepAliveTimeout: 4_000 })

const server = createServer({ keepAliveTimeout: 60_000 }, (incoming, response) => {
  const chunks: Buffer[] = []
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
    const body = Buffer.concat(chunks)
    const { model } = JSON.parse(body.toString()) as { model?: string }
    request(upstream + (incoming.url ?? ''), { method: 'POST',
      headers: { 'content-type': 'application/json', 'x-model': model ?? '' }, body, dispatcher }).then(answer => {
        response.writeHead(answer.statusCode, { 'content-type': String(answer.headers['content-type']) })
        pipeline(answer.body, response, () => {})
      }, () => response.destroy())
  })
})
server.listen(0, '127.0.0.1', 4_096, () => {
  process.send?.({ port: (server.address() as AddressInfo).port })
})
process.on('disconnect', () => process.exit(0))
