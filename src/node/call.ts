// From Fastify's request to a Call.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Bytes, Call, ReceivedHeaders } from '../contract.ts'
import type {} from './plugins/admission.ts'
import type {} from './plugins/deferred.ts'

const nothing: Bytes = new Uint8Array(0)

export function toCall (app: FastifyInstance, request: FastifyRequest): Call {
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
    signal: request.leaving.signal,
    defer: app.defer,
  }
}

/** Node keeps the first of most repeated headers; those where that matters are refused before. */
export function receivedHeaders ({ headers }: FastifyRequest): ReceivedHeaders {
  return headers as ReceivedHeaders
}
