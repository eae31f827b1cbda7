// From Fastify's request to a Call. What few handlers ask for is read when it is asked for.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Bytes, Call, ReceivedHeaders } from '../contract.ts'
import type {} from './plugins/admission.ts'
import type {} from './plugins/deferred.ts'

const nothing: Bytes = new Uint8Array(0)

export function toCall (app: FastifyInstance, request: FastifyRequest): Call {
  return {
    method: request.method,
    id: request.id,
    params: request.params as Record<string, string>,
    get query () {
      const at = request.url.indexOf('?')
      return new URLSearchParams(at === -1 ? '' : request.url.slice(at + 1))
    },
    get address () { return request.ip },
    get host () { return request.host },
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
