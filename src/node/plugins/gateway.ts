// Serves the route table. Bodies stay bytes, because the gateway may have to send them on unchanged.
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Bytes } from '../../contract.ts'
import { toGatewayError } from '../../errors.ts'
import type { Gateway } from '../../gateway.ts'
import type { Order } from '../../pipeline/order.ts'
import type { Route } from '../../route.ts'
import type { SocketHandler } from '../../socket.ts'
import { createBodyReader, type BodyReader } from '../body.ts'
import { receivedHeaders, toCall } from '../call.ts'
import { nodeLimits } from '../limits.ts'
import { pathOf } from '../request-path.ts'
import { unpackBody } from '../unpack.ts'
import { preflights } from './cors.ts'
import type {} from './auth.ts'
import type {} from './relay.ts'
import type {} from './sockets.ts'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
type Steps = Pick<Order<FastifyRequest>, 'cors' | 'route' | 'upgrade' | 'maxBytes' | 'takesKeyInUrl'>

export async function gatewayRoutes (
  app: FastifyInstance,
  { gateway, order, bodies = createBodyReader(nodeLimits) }: { gateway: Pick<Gateway, 'routes' | 'config'>,
    order: Steps, bodies?: BodyReader },
): Promise<void> {
  app.removeAllContentTypeParsers()
  // Names the usual type too: for a type that only `*` matches, Fastify parses the header again for each request.
  app.addContentTypeParser(['application/json', '*'], (request: FastifyRequest, payload: IncomingMessage, done) => {
    const { bodyLimit: maxBytes, config: { scope } } = request.routeOptions
    const isPacked = scope === 'api' && request.headers['content-encoding'] !== undefined
    bodies.read(payload, maxBytes, request.atEnd, isPacked ? unpack : done)

    function unpack (error: Error | null, packed?: Bytes): void {
      if (packed === undefined) return done(error)
      unpackBody(bodies, packed, { headers: receivedHeaders(request), maxBytes, atEnd: request.atEnd,
        onUnpacked: () => {
          delete request.headers['content-encoding']
        } }, done)
    }
  })
  const served = new Map<string, { route: Route, methods: Set<string> }>()
  for (const route of gateway.routes) {
    const entry = served.get(route.path) ?? { route, methods: new Set() }
    served.set(route.path, entry)
    for (const method of route.methods) entry.methods.add(method)
    serve(app, route, order)
  }
  const apiPaths = new Set(gateway.routes.filter(({ scope }) => scope === 'api').map(({ path }) => path))
  await app.register(preflights, { origins: gateway.config.corsOrigins, paths: [...apiPaths] })
  for (const { route, methods: known } of served.values()) {
    if (route.scope !== 'probe') refuseOthers(app, route, known, order)
  }
}

function serve (app: FastifyInstance, route: Route, order: Steps): void {
  const { maxBytes, takesKeyInUrl } = order
  if (route.socket !== undefined) return serveSocket(app, route, route.socket, order)
  app.route({
    method: [...route.methods],
    url: route.path,
    bodyLimit: maxBytes(route),
    config: { scope: route.scope, takesKeyInUrl: takesKeyInUrl(route), renderError: route.renderError,
      hasCors: route.scope === 'api' },
    // Not async: Fastify would wait for the reply too, with some promises more.
    handler (request: FastifyRequest, reply: FastifyReply) {
      route.handler(toCall(app, request)).then(answer => {
        reply.relay(answer)
      }).catch((thrown: unknown) => {
        void reply.send(toGatewayError(thrown))
      })
    },
  })
}

function serveSocket (app: FastifyInstance, route: Route, connect: SocketHandler, { upgrade }: Steps): void {
  app.route({
    method: [...route.methods],
    url: route.path,
    config: { scope: route.scope, renderError: route.renderError, hasCors: route.scope === 'api' },
    onRequest (request, _reply, done) {
      done(upgrade({ headers: receivedHeaders(request), host: request.host }))
    },
    handler (request, reply) {
      app.openSocket(request, reply, route, connect)
    },
  })
}

function refuseOthers (app: FastifyInstance, route: Route, known: Set<string>, order: Steps): void {
  // The path may be a page's too: pages have no parameter in their path. Each question takes time at the start.
  if (!route.path.includes(':')) {
    for (const method of ['GET', 'HEAD']) if (app.hasRoute({ method, url: route.path })) known.add(method)
  }
  if (route.scope === 'api') known.add('OPTIONS')
  const allow = [...known].join(', ')
  app.route({
    method: methods.filter(method => !known.has(method)),
    url: route.path,
    config: { renderError: route.renderError, hasCors: route.scope === 'api' },
    onRequest (request, _reply, done) {
      done(order.route({ kind: 'wrong-method', allow }, request.method, pathOf(request)))
    },
    handler () {},
  })
}
