// From Fastify's request to a Call.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Bytes, Call, ReceivedHeaders } from '../contract.ts'
import type {} from './plugins/deferred.ts'
import { ClientGone } from '../errors.ts'

const nothing: Bytes = new Uint8Array(0)

export function toCall (app: FastifyInstance, request: FastifyRequest, reply: FastifyReply): Call {
  const at = request.url.indexOf('?')
  return {
    method: request.method,
    id: request.id,
    params: request.params as Record<string, string>,
    query: new URLSearchParams(at === -1 ? '' : request.url.slice(at + 1)),
    address: request.ip,
    host: request.host,
    headers: receivedHeaders(request),
    bytes: Buffer.isBuffer(request.body) ? request.body as Bytes : nothing,
    account: request.account,
    signal: leaveSignal(reply),
    defer: app.defer,
  }
}

/** Node keeps the first of most repeated headers; those where that matters are refused before. */
export function receivedHeaders ({ headers }: FastifyRequest): ReceivedHeaders {
  return headers as ReceivedHeaders
}

/** Aborts when the connection closes before the answer was sent whole. */
function leaveSignal (reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  if (reply.raw.destroyed) controller.abort(new ClientGone())   // gone while it was authenticated
  reply.raw.once('close', () => { if (!reply.raw.writableFinished) controller.abort(new ClientGone()) })
  return controller.signal
}
