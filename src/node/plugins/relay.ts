// Writes a Reply directly to Node's response. Fastify's own path from a handler's answer to the socket serves every
// kind of answer, which ours do not need (docs/performance.md). Its hooks after the reply still run.
import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Headers, Reply } from '../../contract.ts'
import { ownHeaders } from '../../pipeline/reply-headers.ts'
import { sendFlow } from '../send-flow.ts'

declare module 'fastify' {
  interface FastifyReply {
    /** The CORS headers, on the routes that have them. */
    scopeHeaders: Headers | null
    relay(reply: Reply): FastifyReply
  }
  interface FastifyInstance {
    /** Called before a status is sent, by this plugin or, for files, by Fastify. */
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
    void reply.headers(ownHeaders(request.id, reply.scopeHeaders))
    done()
  })
  app.decorateReply('scopeHeaders', null)
  app.decorateReply('relay', function ({ status, headers, body }: Reply) {
    const { raw, request } = this
    for (const prepare of prepares) prepare(request, this)
    // Starts with the headers that are already set: after a failed file, these may still be its type and length.
    const head: Record<string, string | number> = { ...this.getHeaders() as Headers,
      ...ownHeaders(request.id, this.scopeHeaders), ...headers }
    const isFlow = body !== null && typeof body === 'object' && 'start' in body
    // For HEAD, the length that GET would have, if it is known. RFC 9110 section 8.6 forbids it with 204.
    if (!isFlow && status !== 204 && !(body === null && request.method === 'HEAD')) {
      head['content-length'] = body === null ? 0 : Buffer.byteLength(body)
    }
    raw.writeHead(status, head)
    void this.hijack() // From here on, Fastify has nothing to answer.
    if (isFlow) sendFlow(body, raw)
    else raw.end(body)
    return this
  })
}, { name: 'relay', fastify: '5.x' })
