// Takes each message of a WebSocket through the steps of a request: load, credentials, a place among the requests in
// flight, a line in the log, and the counters.
import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Log } from '../contract.ts'
import { toGatewayError } from '../errors.ts'
import type { StepRefusal } from '../pipeline/arrival.ts'
import type { Order } from '../pipeline/order.ts'
import type { Route } from '../route.ts'
import type { Opening, Peer } from '../socket.ts'
import { receivedHeaders } from './call.ts'
import type { InFlight } from './in-flight.ts'
import type { NodeMeter } from './metrics.ts'
import type {} from './plugins/auth.ts'

export interface OpeningOptions {
  readonly order: Pick<Order<FastifyRequest>, 'caller' | 'fail'>
  /** Refuses when the process is busy or about to end. */
  readonly load: (url: string) => StepRefusal
  readonly inFlight: InFlight
  readonly log: Log
  readonly meter: NodeMeter | null
}

export function createOpenings (
  app: FastifyInstance,
  { order, load, inFlight, log, meter }: OpeningOptions,
): (request: FastifyRequest, route: Route, peer: Peer) => Opening {
  return (request, { path, scope, renderError }, peer) => {
    const { ip: address, host, protocol, url } = request
    const { 'content-type': _type, 'content-encoding': _encoding, ...headers } = receivedHeaders(request)
    const params = request.params as Record<string, string>
    const query = new URL(url, 'http://host').searchParams
    const { defer } = app
    let id = request.id
    /** When the message arrived whose answer has not begun. */
    let waitsSince: number | null = null

    return {
      username: params['username'] ?? '',
      peer: { ...peer, send (message) {
        if (waitsSince !== null) meter?.firstByte(path, performance.now() - waitsSince)
        waitsSince = null
        return peer.send(message)
      } },
      maxMessages: Infinity,
      async admit (bytes, ending) {
        const from = waitsSince = performance.now()
        id = randomUUID()
        const leave = inFlight.add(reason => {
          ending.abort(reason)
        })
        const end = (status: number) => {
          leave()
          const ms = performance.now() - from
          meter?.request(path, method, status, ms)
          log.info({ reqId: id, method, route: path, status, ms: Math.round(ms), user: params['username'] ?? '' },
            'request')
        }
        try {
          const refusal = load(url)
          if (refusal !== undefined) throw refusal
          const account = await order.caller[scope]?.({ id, params, headers, host, address, defer }) ?? null
          return { end,
            call: { method: 'POST', id, params, query, address, host, protocol, headers, bytes, account, defer,
              signal: ending.signal } }
        } catch (thrown) {
          end(toGatewayError(thrown).status)
          throw thrown
        }
      },
      fail: (thrown, isGone) => order.fail(thrown, { id, headers, renderError, path: url, isGone }),
    }
  }
}

/** What the log and the counters call a message. */
const method = 'WS'
