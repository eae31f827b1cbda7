// The yardstick: the least that a relay can do, `node:http` in and undici out, without accounts, checks and limits.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream'
import { Agent, request } from 'undici'

const [, , upstream = ''] = process.argv
const dispatcher = new Agent({ connections: 2_048, keepAliveTimeout: 4_000 })

const server = createServer({ keepAliveTimeout: 60_000 }, (incoming, response) => {
  const leaving = new AbortController()
  response.on('close', () => {
    if (!response.writableFinished) leaving.abort()
  })
  const chunks: Buffer[] = []
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
    request(`${upstream}/chat/completions`, { method: 'POST', headers: { 'content-type': 'application/json' },
      body: Buffer.concat(chunks), dispatcher, signal: leaving.signal }).then(answer => {
        response.writeHead(answer.statusCode, { 'content-type': String(answer.headers['content-type']) })
        pipeline(answer.body, response, () => {})
      }, () => response.destroy())
  })
})
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port })
})
process.on('disconnect', () => process.exit(0))
