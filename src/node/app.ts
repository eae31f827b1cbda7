// The Fastify application: the server without its process.
import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest,
  type FastifyHttpOptions } from 'fastify'
import type { Config } from '../config.ts'
import type { ErrorRenderer, Log, Reply } from '../contract.ts'
import { ClientGone, GatewayError } from '../errors.ts'
import type { Gateway } from '../gateway.ts'
import { servedPages } from '../page-files.ts'
import { malformedAddress } from '../pipeline/arrival.ts'
import { createOrder } from '../pipeline/order.ts'
import { ownHeaders } from '../pipeline/reply-headers.ts'
import { createLoad, nodeArrival } from './arrival.ts'
import { createBodyReader } from './body.ts'
import { receivedHeaders } from './call.ts'
import { createClientErrors } from './client-errors.ts'
import { createMessageReader } from './incoming-messages.ts'
import type { InFlight } from './in-flight.ts'
import type { NodeLimits } from './limits.ts'
import type { NodeMeter } from './metrics.ts'
import { createOpenings } from './opening.ts'
import { admission } from './plugins/admission.ts'
import { auth } from './plugins/auth.ts'
import { deferred } from './plugins/deferred.ts'
import { apiCors } from './plugins/cors.ts'
import { gatewayRoutes } from './plugins/gateway.ts'
import { requestMetrics } from './plugins/metrics.ts'
import { relay } from './plugins/relay.ts'
import { webSockets } from './plugins/sockets.ts'
import { staticFiles } from './plugins/static.ts'
import { createRefusalLog } from './refusal-log.ts'
import { pathOf } from './request-path.ts'
import type { Sockets } from './sockets.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    renderError?: ErrorRenderer
  }
}

export interface AppOptions {
  readonly gateway: Gateway
  readonly log: Log
  readonly staticRoot: string
  readonly limits: NodeLimits
  readonly inFlight: InFlight
  readonly sockets: Sockets
  /** Whether the process is about to end. Connections then close after their next answer. */
  readonly isLeaving: () => boolean
  /** Whether new requests are refused. */
  readonly isDraining: () => boolean
  /** Whether memory is nearly used up. */
  readonly isTight: () => boolean
  /** Null if nothing is counted. */
  readonly meter?: NodeMeter | null
}

export async function buildApp (
  { gateway, log, staticRoot, limits, inFlight, sockets, isLeaving, isDraining, isTight, meter = null }: AppOptions,
): Promise<FastifyInstance> {
  const noteRefusal = createRefusalLog(log)
  const clientErrors = createClientErrors(noteRefusal, limits.lingerMs)
  const app = fastify({
    ...serverOptions(gateway.config, limits),
    clientErrorHandler: clientErrors.malformed,
    // For an address that cannot be read, Fastify runs no hook and has no decorator.
    frameworkErrors: ({ cause, code }, request, reply) => {
      const { status, headers, body } = shape(malformedAddress(cause), request)
      noteRefusal({ reqId: request.id, status, fault: code, address: request.raw.socket.remoteAddress })
      void (reply as FastifyReply).code(status).headers({ ...ownHeaders(request.id, null), ...headers,
        connection: 'close' }).send(body)
    },
  })
  const load = createLoad({ limits, inFlight, isDraining, isTight })
  const order = createOrder(gateway, log, nodeArrival(app, gateway.config, limits, load))
  const bodies = createBodyReader(limits)

  app.server.maxConnections = limits.connections
  app.server.on('checkExpectation', clientErrors.expectation)
  await app.register(relay)
  app.addHook('onResponse', (request, reply, done) => {
    logRequest(log, request, reply)
    done()
  })
  if (meter !== null) await app.register(requestMetrics, { gateway, meter })
  await app.register(apiCors, order)
  await app.register(admission, { order, limits, inFlight, isLeaving })
  await app.register(deferred)
  await app.register(auth, order)
  app.setErrorHandler<FastifyError>((thrown, request, reply) => reply.relay(shape(fromFastify(thrown), request)))
  // For a file that was removed after the start. Unknown routes are refused on arrival.
  app.setNotFoundHandler((request, reply) =>
    reply.relay(shape(order.route({ kind: 'none' }, request.method, pathOf(request)), request))
  )
  // First: then the gateway refuses only the other methods.
  await app.register(staticFiles, { root: staticRoot, pages: servedPages(gateway.config) })
  await app.register(webSockets, { maxBytes: gateway.config.maxBodyBytes, sockets,
    read: createMessageReader(bodies, limits), open: createOpenings(app, { order, load, inFlight, log, meter }) })
  await app.register(gatewayRoutes, { gateway, order, bodies })
  return app

  function shape (thrown: unknown, request: FastifyRequest): Reply {
    return order.fail(thrown, { id: request.id, headers: receivedHeaders(request),
      renderError: request.routeOptions.config?.renderError, path: pathOf(request),
      isGone: request.leaving?.signal.reason instanceof ClientGone })
  }
}

function serverOptions (config: Config, limits: NodeLimits) {
  return {
    logger: false,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    bodyLimit: config.maxBodyBytes,
    trustProxy: config.trustProxy.length > 0 ? [...config.trustProxy] : false,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    return503OnClosing: false, // admission refuses, in the form of the dialect
    // A last limit beyond those on headers and body. Fastify has none by default.
    requestTimeout: 900_000,
    keepAliveTimeout: 75_000,
    maxRequestsPerSocket: limits.requestsPerSocket,
    routerOptions: { maxParamLength: 512 },
    // No route has a schema. Without its two compilers of schemas, Fastify starts faster.
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    http: { headersTimeout: limits.headersMs, connectionsCheckingInterval: Math.min(limits.checkMs, limits.headersMs),
      maxHeaderSize: 16_384, highWaterMark: 65_536 },
    // An address in absolute form is a path of this host, whatever host it names. RFC 9112 section 3.2.2.
    rewriteUrl: ({ url = '/' }) => url.replace(/^https?:\/\/[^/?#]*\/?/i, '/'),
  } satisfies FastifyHttpOptions<Server>
}

function noSchemas (): never {
  throw new Error('the routes have no schemas')
}

function logRequest (log: Log, { id, method, routeOptions, account }: FastifyRequest, reply: FastifyReply): void {
  const fields = { reqId: id, method, route: routeOptions.url ?? 'none', status: reply.statusCode,
    ms: Math.round(reply.elapsedTime) }
  log.info(account === null ? fields : { ...fields, user: account.username }, 'request')
}

/** Replaces Fastify's own errors with the gateway's. */
function fromFastify (thrown: FastifyError | GatewayError): unknown {
  if (thrown instanceof GatewayError || !('statusCode' in thrown)) return thrown
  if (thrown.statusCode === 415) {
    return new GatewayError('unsupported_media_type', 'Send the body as application/json in UTF-8.')
  }
  if (thrown.statusCode !== undefined && thrown.statusCode >= 400 && thrown.statusCode < 500) {
    return new GatewayError('invalid_request', 'The request is malformed.', { cause: thrown })
  }
  return thrown
}
