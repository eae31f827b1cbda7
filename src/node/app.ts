// The Fastify application: everything of the server but sockets and signals.
import { randomUUID } from 'node:crypto'
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify'
import type { ErrorRenderer, Log } from '../contract.ts'
import { GatewayError, toGatewayError } from '../errors.ts'
import type { Gateway } from '../gateway.ts'
import { rendererOfUnknown } from '../routes.ts'
import { everyReply } from '../security-headers.ts'
import { createBodyReader } from './body.ts'
import { createClientErrors } from './client-errors.ts'
import type { InFlight } from './in-flight.ts'
import type { NodeLimits } from './limits.ts'
import type { NodeMeter } from './metrics.ts'
import { admission } from './plugins/admission.ts'
import { auth } from './plugins/auth.ts'
import { deferred } from './plugins/deferred.ts'
import { gatewayRoutes } from './plugins/gateway.ts'
import { hosts } from './plugins/hosts.ts'
import { requestMetrics } from './plugins/metrics.ts'
import { relay } from './plugins/relay.ts'
import { staticFiles } from './plugins/static.ts'
import { createRefusalLog } from './refusal-log.ts'

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
  /** Whether the process is about to end: connections are not used again. */
  readonly isLeaving: () => boolean
  /** Whether nothing new is served any more. */
  readonly isDraining: () => boolean
  /** Whether memory runs short. */
  readonly isTight: () => boolean
  /** Null where nothing is counted. */
  readonly meter?: NodeMeter | null
}

export async function buildApp (
  { gateway, log, staticRoot, limits, inFlight, isLeaving, isDraining, isTight, meter = null }: AppOptions,
): Promise<FastifyInstance> {
  const { config } = gateway
  const noteRefusal = createRefusalLog(log)
  const clientErrors = createClientErrors(noteRefusal, limits.lingerMs)
  const app = fastify({
    logger: false,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    bodyLimit: config.maxBodyBytes,
    trustProxy: config.trustProxy.length > 0 ? [...config.trustProxy] : false,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    return503OnClosing: false, // admission says it, in the words of the dialect
    // Only against what the paces of headers and body let through: Fastify's own default is no limit.
    requestTimeout: 900_000,
    keepAliveTimeout: 75_000,
    maxRequestsPerSocket: 1_000,
    routerOptions: { maxParamLength: 512 },
    http: { headersTimeout: limits.headersMs, connectionsCheckingInterval: Math.min(limits.checkMs, limits.headersMs),
      maxHeaderSize: 16_384, highWaterMark: 65_536 },
    // RFC 9112 section 3.2.2: the absolute form is a path of this host, whatever host it names.
    rewriteUrl: ({ url = '/' }) => url.replace(/^https?:\/\/[^/?#]*\/?/i, '/'),
    clientErrorHandler: clientErrors.malformed,
    // No hook and no decorator is there for an address that cannot be read: everything is said here.
    frameworkErrors: ({ cause, code }, request, reply) => {
      const error = new GatewayError('invalid_request', 'The address is malformed.', { cause })
      const { status, headers, body } = rendererOfUnknown(request.url.split('?', 1)[0] ?? '')(error, { id: request.id,
        headers: {} })
      noteRefusal({ reqId: request.id, status, fault: code, address: request.raw.socket.remoteAddress })
      void (reply as FastifyReply).code(status).headers({ ...everyReply, 'x-request-id': request.id, ...headers,
        connection: 'close' }).send(body)
    },
  })

  app.server.maxConnections = limits.connections
  app.server.on('checkExpectation', clientErrors.expectation)
  await app.register(relay)
  app.addHook('onResponse', (request, reply, done) => {
    const fields = { reqId: request.id, method: request.method, route: request.routeOptions.url ?? 'none',
      status: reply.statusCode, ms: Math.round(reply.elapsedTime) }
    log.info(request.account === null ? fields : { ...fields, user: request.account.username }, 'request')
    done()
  })
  if (meter !== null) await app.register(requestMetrics, { gateway, meter })
  await app.register(admission, { limits, inFlight, isLeaving, isDraining, isTight })
  await app.register(deferred)
  await app.register(auth, { gateway })
  await app.register(hosts, { config })
  app.setErrorHandler<FastifyError>((thrown, request, reply) => sendError(thrown, request, reply))
  app.setNotFoundHandler((request, reply) =>
    sendError(new GatewayError('not_found', 'There is no such route. The API is below /<username>/v1.'), request, reply)
  )
  await app.register(staticFiles, { root: staticRoot }) // first: the gateway refuses only the methods that are left
  await app.register(gatewayRoutes, { gateway, bodies: createBodyReader(limits) })
  return app

  function sendError (
    thrown: FastifyError | GatewayError,
    request: Parameters<Parameters<typeof app.setErrorHandler>[0]>[1],
    reply: Parameters<Parameters<typeof app.setErrorHandler>[0]>[2],
  ) {
    const error = toGatewayError(fromFastify(thrown))
    if (error.status >= 500) {
      log.error({ reqId: request.id, code: error.code, status: error.status, err: error.cause ?? error },
        'request failed')
    }
    const render = request.routeOptions.config?.renderError ?? rendererOfUnknown(request.url.split('?', 1)[0] ?? '')
    return reply.relay(render(error, { id: request.id, headers: request.headers as Record<string, string> }))
  }
}

/** What Fastify refuses by itself, in this project's words. */
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
