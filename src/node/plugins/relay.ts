// A Reply on its way out: bytes and text by Fastify, and a flow straight into Node's response, with back-pressure.
import type { ServerResponse } from 'node:http'
import fp from 'fastify-plugin'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Flow, Reply, Sink } from '../../contract.ts'

declare module 'fastify' {
  interface FastifyReply {
    relay (reply: Reply): FastifyReply
  }
  interface FastifyInstance {
    /** Called before a flow's status is sent: Fastify's own hook for that does not see flows. */
    beforeFlow: Array<(request: FastifyRequest, reply: FastifyReply) => void>
  }
}

export const relay = fp(async app => {
  const beforeFlow: FastifyInstance['beforeFlow'] = []
  app.decorate('beforeFlow', beforeFlow)
  app.decorateReply('relay', function ({ status, headers, body }: Reply) {
    this.code(status)
    for (const name in headers) this.header(name, headers[name])
    if (body === null || typeof body === 'string') return this.send(body ?? undefined)
    if (body instanceof Uint8Array) return this.send(Buffer.from(body.buffer, body.byteOffset, body.byteLength))
    for (const prepare of beforeFlow) prepare(this.request, this)
    return pour(body, this)
  })
}, { name: 'relay', fastify: '5.x' })

function pour (flow: Flow, reply: FastifyReply): FastifyReply {
  const { raw } = reply
  raw.on('error', () => {})   // whoever has to hear of it hears of the close
  raw.writeHead(reply.statusCode, reply.getHeaders() as Record<string, string>)
  // Fastify sends streams only: a Readable, its pipe and their promises would stand between each piece and the socket, and cost
  // as much as the rest of the relay. The hooks behind the reply run as ever; the one before it is `beforeFlow`.
  reply.hijack()
  raw.on('drain', () => { flow.resume() })
  flow.start(raw.chunkedEncoding ? toChunks(raw) : toSink(raw))
  // A status that is known is not kept until the first token.
  setImmediate(() => { if (!raw.destroyed && !raw.writableEnded) raw.flushHeaders() })
  return reply
}

/** What is written to a response whose client has gone is nobody's, and no error. */
function toSink (raw: ServerResponse): Sink {
  return {
    write: piece => raw.destroyed || raw.write(piece),
    end () { if (!raw.destroyed) raw.end() },
  }
}

/**
 * The same, framed here (RFC 9112 section 7.1): a piece of a few tokens is one small write then. Node would make four of it,
 * size, line end, piece and line end, and collect them first: a fifteenth of what an event of a stream costs.
 */
function toChunks (raw: ServerResponse): Sink {
  raw.chunkedEncoding = false   // the header says it already; from here on it is about who frames
  return {
    write (piece) {
      if (piece.length === 0 || raw.destroyed) return true   // an empty chunk would be the last
      const length = Buffer.byteLength(piece)
      const head = `${length.toString(16)}\r\n`
      if (length <= copiedBytes) return raw.write(toChunk(head, piece, length))
      raw.write(head, 'latin1')
      raw.write(piece)
      return raw.write('\r\n', 'latin1')
    },
    end () { if (!raw.destroyed) raw.end(lastChunk) },
  }
}

/** What is longer is not copied once more: a hundred slow readers would hold it. */
const copiedBytes = 4_096
const lastChunk = Buffer.from('0\r\n\r\n')

function toChunk (head: string, piece: Uint8Array | string, length: number): Buffer {
  const chunk = Buffer.allocUnsafe(head.length + length + 2)
  chunk.write(head, 'latin1')
  if (typeof piece === 'string') chunk.write(piece, head.length)
  else chunk.set(piece, head.length)
  chunk.write('\r\n', head.length + length, 'latin1')
  return chunk
}
