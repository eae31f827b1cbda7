// The first steps of every request: counts it, notices when its client leaves, and refuses it on arrival if it must. A
// refusal before the body was read ends the upload too.
import type { IncomingMessage } from 'node:http'
import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ClientGone } from '../../errors.ts'
import type { Order } from '../../pipeline/order.ts'
import type { InFlight } from '../in-flight.ts'
import { createKeptShapes, imitateRequest } from '../internals/kept-shapes.ts'
import type { NodeLimits } from '../limits.ts'
import { lingerAfterReply } from '../linger.ts'
import { PendingEnd, type RequestEnd } from '../request-end.ts'
import { pathOf } from '../request-path.ts'
import { offSocketClose, onSocketClose } from '../socket-close.ts'
import type {} from './relay.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Aborts with `ClientGone` when the client leaves, or with the error for the client when the process ends. */
    leaving: AbortController
    atEnd: RequestEnd
  }
}

export interface AdmissionOptions {
  readonly order: Pick<Order<FastifyRequest>, 'arrive' | 'route'>
  readonly limits: NodeLimits
  readonly inFlight: InFlight
  readonly isLeaving: () => boolean
}

export const admission = fp<AdmissionOptions>(async (app, { order, limits, inFlight, isLeaving }) => {
  app.decorateRequest('leaving')
  app.decorateRequest('atEnd')
  const shapes = createKeptShapes()
  // This hook waits for nothing, so it returns no promise: every request passes it.
  app.addHook('onRequest', (request, reply, done) => {
    const leaving = new AbortController()
    request.leaving = leaving
    const atEnd = new PendingEnd()
    request.atEnd = atEnd
    atEnd.add(inFlight.add(reason => leaving.abort(reason)))
    const end = () => {
      if (!atEnd.finish()) return
      offSocketClose(request.raw.socket, end)
      if (!reply.raw.writableFinished) leaving.abort(new ClientGone())
      // Others, such as a probe's, have no shapes of their own that are worth it.
      if (request.routeOptions.config.scope === 'api' && shapes.isDue()) shapes.keep(() => imitate(request, reply))
    }
    reply.raw.once('close', end)
    onSocketClose(request.raw.socket, end)
    if (reply.raw.destroyed) leaving.abort(new ClientGone())
    const refusal = order.arrive(request)
      ?? (request.is404 ? order.route({ kind: 'none' }, request.method, pathOf(request)) : undefined)
    // Node may have dropped headers, so the place where the next request begins is uncertain.
    if (refusal?.code === 'headers_too_large') void reply.header('connection', 'close')
    done(refusal)
  })
  app.beforeStatus((request, reply) => {
    const isUnread = hasBody(request.raw) && !request.raw.complete
    if (isUnread || isLeaving()) void reply.header('connection', 'close')
    if (isUnread) lingerAfterReply(request.raw.socket, limits.lingerMs)
  })
}, { name: 'admission', fastify: '5.x', dependencies: ['relay'] })

/** Objects that have the shapes of all that a request consists of. Of this one they have the usual headers' names. */
function imitate (real: FastifyRequest, realReply: FastifyReply): readonly object[] {
  const { request, reply } = imitateRequest(real, realReply)
  const leaving = new AbortController()
  leaving.signal.addEventListener('abort', { handleEvent () {} }, { once: true })
  Object.assign(request, { leaving, atEnd: new PendingEnd() })
  return [reply]
}

function hasBody ({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}
