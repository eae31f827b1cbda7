// A Reply on its way into Fastify's: bytes and text as they are, an async iterable as a stream with back-pressure.
import { Readable } from 'node:stream'
import fp from 'fastify-plugin'
import type { Reply } from '../../contract.ts'

declare module 'fastify' {
  interface FastifyReply {
    relay (reply: Reply): FastifyReply
  }
}

/** So much of a stream waits in user space for a client that reads slowly; then upstream is not read either. */
const queuedBytes = 65_536

export const relay = fp(async app => {
  app.decorateReply('relay', function ({ status, headers, body }: Reply) {
    this.code(status).headers({ ...headers })
    if (body === null || typeof body === 'string') return this.send(body ?? undefined)
    if (body instanceof Uint8Array) return this.send(Buffer.from(body.buffer, body.byteOffset, body.byteLength))
    return this.send(body instanceof Readable ? body : Readable.from(body, { objectMode: false, highWaterMark: queuedBytes }))
  })
}, { name: 'relay', fastify: '5.x' })
