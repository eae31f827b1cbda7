// The first thing every request meets: is it one that can be served, and is there room for it. Also who knows how many
// are under way, and ends them.
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ClientGone, GatewayError } from '../../errors.ts'
import type { InFlight } from '../in-flight.ts'
import type { NodeLimits } from '../limits.ts'
import { lingerAfterReply } from '../linger.ts'
import type {} from './relay.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Aborts when the client leaves, with `ClientGone`; or when the process ends, with what the client is told. */
    leaving: AbortController
    /** Called when the reply has been sent, or its client has left. */
    atEnd: Array<() => void>
  }
}

export interface AdmissionOptions {
  readonly limits: NodeLimits
  readonly inFlight: InFlight
  readonly isLeaving: () => boolean
  readonly isDraining: () => boolean
  readonly isTight: () => boolean
}

/** Who asks here wants to know how the process is, above all when it is not well. */
const operations = /^\/(?:healthz|readyz|metrics|admin)(?:[/?]|$)/

export const admission = fp<AdmissionOptions>(async (app, { limits, inFlight, isLeaving, isDraining, isTight }) => {
  app.decorateRequest('leaving')
  app.decorateRequest('atEnd')
  // Hooks that wait for nothing have no promise: every request passes all of them.
  app.addHook('onRequest', (request, reply, done) => {
    const leaving = new AbortController()
    request.leaving = leaving
    request.atEnd = [inFlight.add(reason => leaving.abort(reason))]
    let isOver = false
    const end = () => {
      if (isOver) return
      isOver = true
      unheard(request.raw.socket, end)
      for (const done of request.atEnd) done()
      if (!reply.raw.writableFinished) leaving.abort(new ClientGone())
    }
    reply.raw.once('close', end)
    // Of requests that came in a row on one connection, older Nodes tell only the first that the connection is gone.
    hear(request.raw.socket, end)
    if (reply.raw.destroyed) leaving.abort(new ClientGone())
    done(refusalOf(request.raw, limits) ?? (operations.test(request.url) ? undefined : lackOfRoom()))
  })
  app.beforeStatus(settleConnection)

  /** A refusal before the body was read ends the upload too: what is still to come is nobody's. */
  function settleConnection (request: FastifyRequest, reply: FastifyReply): void {
    const isUnread = hasBody(request.raw) && !request.raw.complete
    if (isUnread || isLeaving()) void reply.header('connection', 'close')
    if (isUnread) lingerAfterReply(request.raw.socket, limits.lingerMs)
  }

  function lackOfRoom (): GatewayError | undefined {
    if (isDraining()) {
      return new GatewayError('draining', 'This proxy is about to end. Try again in a moment.', { retryAfterSeconds: 1,
        headers: { connection: 'close' } })
    }
    if (isTight() || inFlight.count() > limits.inFlight) {
      return new GatewayError('overloaded', 'This proxy is busy. Try again in a moment.', { retryAfterSeconds: 1,
        headers: { connection: 'close' } })
    }
    return undefined
  }
}, { name: 'admission', fastify: '5.x', dependencies: ['relay'] })

/** Who waits for the end of a connection: one listener for all of its requests. */
const waiting = new WeakMap<Socket, Array<() => void>>()

function hear (socket: Socket, end: () => void): void {
  const known = waiting.get(socket)
  if (known !== undefined) return void known.push(end)
  const ends = [end]
  waiting.set(socket, ends)
  socket.once('close', () => {
    for (const each of [...ends]) each()
  })
}

function unheard (socket: Socket, end: () => void): void {
  const known = waiting.get(socket) ?? []
  const at = known.indexOf(end)
  if (at !== -1) known.splice(at, 1)
}

/** Node reads the first thousand headers and drops the rest without a word; of two hosts it keeps one. */
function refusalOf (
  { rawHeaders, url = '' }: IncomingMessage,
  { headerPairs, urlLength }: NodeLimits,
): GatewayError | undefined {
  if (rawHeaders.length > 2 * headerPairs) {
    return new GatewayError('headers_too_large', `The request has more than ${headerPairs} headers.`, {
      headers: { connection: 'close' },
    })
  }
  if (url.length > urlLength) return new GatewayError('uri_too_long', `The address is longer than ${urlLength} bytes.`)
  return undefined
}

function hasBody ({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}
