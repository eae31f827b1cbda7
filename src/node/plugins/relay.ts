// A Reply on its way out, straight into Node's response. What Fastify does between a handler's answer and the socket is for
// answers of every kind, and more than ours need (docs/performance.md). Its hooks behind the reply run as ever.
import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Headers, Reply } from '../../contract.ts'
import { everyReply } from '../../security-headers.ts'
import { pour } from '../pour.ts'

declare module 'fastify' {
  interface FastifyReply {
    /** What every reply of its scope says, beside `everyReply`. */
    scopeHeaders: Headers | null
    relay (reply: Reply): FastifyReply
  }
  interface FastifyInstance {
    /** To be called before a status is sent, by this plugin or, for files and preflights, by Fastify. */
    beforeStatus: (prepare: (request: FastifyRequest, reply: FastifyReply) => void) => void
  }
}

export const relay = fp(async app => {
  const prepares: Array<(request: FastifyRequest, reply: FastifyReply) => void> = []
  app.decorate('beforeStatus', prepare => {
    prepares.push(prepare)
    app.addHook('onSend', (request, reply, _payload, done) => {
      prepare(request, reply)
      done()
    })
  })
  app.addHook('onSend', (request, reply, _payload, done) => {
    void reply.headers(ownHeaders(request, reply))
    done()
  })
  app.decorateReply('scopeHeaders', null)
  app.decorateReply('relay', function ({ status, headers, body }: Reply) {
    const { raw, request } = this
    for (const prepare of prepares) prepare(request, this)
    // First what was set before: of a file that failed it may still be the type and the length.
    const head: Record<string, string | number> = { ...this.getHeaders() as Headers, ...ownHeaders(request, this), ...headers }
    const isFlow = body !== null && typeof body === 'object' && 'start' in body
    // For HEAD it is what GET would have, if that is known; RFC 9110 section 8.6 forbids it of a 204.
    if (!isFlow && status !== 204 && !(body === null && request.method === 'HEAD')) head['content-length'] = body === null ? 0 : Buffer.byteLength(body)
    raw.writeHead(status, head)
    void this.hijack()   // from here on there is nothing that Fastify could answer
    if (isFlow) pour(body, raw)
    else raw.end(body)
    return this
  })
}, { name: 'relay', fastify: '5.x' })

function ownHeaders ({ id }: FastifyRequest, { scopeHeaders }: FastifyReply): Headers {
  return { ...everyReply, 'x-request-id': id, ...scopeHeaders }
}
