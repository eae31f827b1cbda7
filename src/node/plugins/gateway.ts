// Serves the route table. Bodies arrive as bytes: they may have to go on exactly as they came.
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { GatewayError, toGatewayError } from '../../errors.ts'
import type { Gateway } from '../../gateway.ts'
import type { Route } from '../../route.ts'
import { createBodyReader, type BodyReader } from '../body.ts'
import { toCall } from '../call.ts'
import { nodeLimits } from '../limits.ts'
import { apiCors, preflights } from './cors.ts'
import type {} from './relay.ts'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

export async function gatewayRoutes (
  app: FastifyInstance,
  { gateway, bodies = createBodyReader(nodeLimits) }: { gateway: Gateway, bodies?: BodyReader },
): Promise<void> {
  const { maxBodyBytes } = gateway.config
  app.removeAllContentTypeParsers()
  // By its name too: for any other Fastify reads the type of each request anew.
  app.addContentTypeParser(['application/json', '*'], (request: FastifyRequest, payload: IncomingMessage, done) => {
    bodies.read(payload, request.routeOptions.bodyLimit ?? maxBodyBytes, release => {
      request.atEnd.push(release)
    }, done)
  })
  const inScope = (...scopes: readonly string[]) => gateway.routes.filter(route => scopes.includes(route.scope))

  serve(app, inScope('site', 'probe', 'admin'), maxBodyBytes, true)
  const origins = gateway.config.corsOrigins
  const routes = inScope('api')
  await app.register(preflights, { origins, paths: new Set(routes.map(({ path }) => path)) })
  await app.register(async api => {
    await api.register(apiCors, { origins })
    serve(api, routes, maxBodyBytes, false)
  })
}

function serve (app: FastifyInstance, routes: readonly Route[], maxBodyBytes: number, refusesOptions: boolean): void {
  const served = new Map<string, { route: Route, methods: Set<string> }>()
  for (const route of routes) {
    const entry = served.get(route.path) ?? { route, methods: new Set() }
    served.set(route.path, entry)
    for (const method of route.methods) entry.methods.add(method)
    app.route({
      method: [...route.methods],
      url: route.path,
      ...(route.maxBytes === undefined ? {} : { bodyLimit: Math.min(route.maxBytes, maxBodyBytes) }),
      config: { needsAccount: route.scope === 'api', needsAdmin: route.scope === 'admin',
        renderError: route.renderError },
      // Not async: Fastify would wait for the reply too, by some promises more.
      handler (request: FastifyRequest, reply: FastifyReply) {
        route.handler(toCall(app, request)).then(answer => {
          reply.relay(answer)
        }).catch((thrown: unknown) => {
          void reply.send(toGatewayError(thrown))
        })
      },
    })
  }
  for (const [path, { route, methods: known }] of served) {
    if (route.scope === 'probe') continue
    for (const method of methods) if (app.hasRoute({ method, url: path })) known.add(method) // a page's
    if (!refusesOptions) known.add('OPTIONS')
    const others = methods.filter(method => !known.has(method))
    const allow = [...known].join(', ')
    app.route({
      method: others,
      url: path,
      config: { renderError: route.renderError },
      onRequest: async request => {
        throw new GatewayError('method_not_allowed', `${request.method} is not a method of this route.`, {
          headers: { allow },
        })
      },
      handler: async () => {},
    })
  }
}
