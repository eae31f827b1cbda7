// Makes a Call from Fastify's request. Values that few handlers need are read on first use.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Account } from '../auth/account.ts'
import type { Bytes, Call, ReceivedHeaders } from '../contract.ts'
import { createKeptShapes } from './internals/kept-shapes.ts'
import type {} from './plugins/admission.ts'
import type {} from './plugins/deferred.ts'

const nothing: Bytes = new Uint8Array(0)

export function toCall (app: FastifyInstance, request: FastifyRequest): Call {
  // Made from no request: it would keep that request in memory.
  if (shapes.isDue()) shapes.keep(() => [new NodeCall(app, none)])
  return new NodeCall(app, request)
}

const shapes = createKeptShapes()
const none = { method: '', id: '', params: {}, headers: {}, body: null, account: null,
  leaving: new AbortController() } as unknown as FastifyRequest

/**
 * A class because of its getters: those of an object literal would be created again for each request. A spread loses
 * them.
 */
class NodeCall implements Call {
  readonly #request: FastifyRequest
  readonly method: string
  readonly id: string
  readonly params: Readonly<Record<string, string>>
  readonly headers: ReceivedHeaders
  readonly bytes: Bytes
  readonly account: Account | null
  readonly signal: AbortSignal
  readonly defer: Call['defer']

  constructor (app: FastifyInstance, request: FastifyRequest) {
    this.#request = request
    this.method = request.method
    this.id = request.id
    this.params = request.params as Record<string, string>
    this.headers = receivedHeaders(request)
    this.bytes = Buffer.isBuffer(request.body) ? request.body as Bytes : nothing
    this.account = request.account
    this.signal = request.leaving.signal
    this.defer = app.defer
  }

  get query (): URLSearchParams {
    const { url } = this.#request
    const at = url.indexOf('?')
    return new URLSearchParams(at === -1 ? '' : url.slice(at + 1))
  }

  get address (): string {
    return this.#request.ip
  }
  get host (): string {
    return this.#request.host
  }
  get protocol (): Call['protocol'] {
    return this.#request.protocol
  }
}

/** Node keeps the first of most repeated headers; requests that repeat an important one were already refused. */
export function receivedHeaders ({ headers }: FastifyRequest): ReceivedHeaders {
  return headers as ReceivedHeaders
}
