// Compares `findRoute` with Fastify's own router: both serve the same table, and get all kinds of unusual paths.
import { request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import t from 'tap'
import { readConfig } from '../../src/config.ts'
import { createGateway } from '../../src/gateway.ts'
import { deferred } from '../../src/node/plugins/deferred.ts'
import { gatewayRoutes } from '../../src/node/plugins/gateway.ts'
import { relay } from '../../src/node/plugins/relay.ts'
import type { ArrivalFacts } from '../../src/pipeline/arrival.ts'
import { createOrder } from '../../src/pipeline/order.ts'
import type { Route } from '../../src/route.ts'
import { systemClock } from '../../src/system-clock.ts'
import { splitUrl } from '../../src/workers/call.ts'
import { createFindRoute } from '../../src/workers/match.ts'

const nothing = () => {}
const log = { debug: nothing, info: nothing, warn: nothing, error: nothing }
const config = readConfig({ STORE: 'memory' })
const gateway = createGateway(config, {
  store: null,
  version: '0',
  clock: systemClock,
  fingerprint: () => '',
  log,
  send: async () => {
    throw new Error('nothing is sent')
  },
})
/** Every route answers with its own name. */
const routes = gateway.routes.map(({ socket: _refusesOthers, ...route }): Route => ({
  ...route,
  handler: async ({ params }) => ({ status: 200,
    headers: { 'x-found': encodeURIComponent(JSON.stringify(['route', route.path, { ...params }])) }, body: null }),
}))
const findRoute = createFindRoute(routes)

const app = fastify({ exposeHeadRoutes: false, routerOptions: { maxParamLength: 512 },
  frameworkErrors: (_error, _request, reply: FastifyReply) => {
    void reply.header('x-found', encodeURIComponent('["malformed"]')).send()
  } })
app.decorateRequest('account', null)
app.decorateRequest('leaving', { getter: () => new AbortController() })
await app.register(deferred)
await app.register(relay)
app.setErrorHandler<{ headers?: Record<string, string> }>((error, request, reply) => {
  void reply.code(405).header('x-found',
    encodeURIComponent(JSON.stringify(['wrong-method', request.routeOptions.url, error.headers?.['allow']]))).send()
})
app.setNotFoundHandler((_request, reply) => {
  void reply.code(404).header('x-found', encodeURIComponent('["none"]')).send()
})
await app.register(gatewayRoutes, { gateway: { ...gateway, routes },
  order: createOrder<FastifyRequest>(gateway, log, {} as ArrivalFacts<FastifyRequest>) })
await app.listen({ port: 0, host: '127.0.0.1' })
const { port } = app.server.address() as AddressInfo
t.teardown(() => app.close())

/** Fastify's result for exactly this path. */
function askFastify (method: string, path: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const headers = method === 'OPTIONS' ? { origin: 'http://x', 'access-control-request-method': 'POST' } : {}
    const request = httpRequest({ host: '127.0.0.1', port, method, path, headers }, response => {
      response.resume()
      const found = response.headers['x-found']
      resolve(
        typeof found === 'string'
          ? JSON.parse(decodeURIComponent(found))
          : response.statusCode === 204
          ? ['preflight']
          : [`status ${response.statusCode}`],
      )
    })
    request.on('error', reject).end()
  })
}

function askWorker (method: string, url: string): unknown {
  const found = findRoute(method, splitUrl(`https://example.com${url}`).path)
  switch (found.kind) {
    case 'route':
      return ['route', found.route.path, found.params]
    case 'wrong-method':
      return ['wrong-method', found.route.path, found.allow]
    default:
      return [found.kind]
  }
}

const odd = ['/', '//', '///', '/alice', '/alice/', '//alice/v1/models', '/alice//v1/models', '/alice/v1//models',
  '/alice/v1/models/', '/alice/v1/models//', '/alice/v1/models/x/y', '/alice/../bob/v1/models', '/alice/./v1/models',
  '/alice/%2e%2e/v1/models', '/alice;x/v1/models', '/alice/v1;y/models', '/alice%2fv1/models', '/alice%2Fv1%2Fmodels',
  '/%61lice/v1/%6dodels', '/alice/v1/models/a%2fb', '/alice/v1/models/a%2Fb%3fc%23d', '/alice/v1/models/%25',
  '/alice/v1/models/%2525', '/alice/v1/models/%zz', '/alice/v1/models/%', '/alice/v1/models/%c0%ae',
  '/alice/v1/models/%E2%80%8B', '/alice%00/v1/models', '/alice%0d%0a/v1/models', '/Alice/V1/models',
  '/alice/v1/models?x=/y', '/?x=1', '/users/password', '/users/models', '/users/password/', '/users//password',
  '/models', '//models', '/v1/v1/models', '/v1/v1/v1/models', '/healthz', '/healthz/', '/github/poll-device-code',
  '/alice/api/hello', '/alice/api/hello/', `/${'a'.repeat(512)}/models`, `/${'a'.repeat(513)}/models`,
  `/alice/models/${'a'.repeat(600)}`, '/__proto__/models', '/alice/v1/models/constructor',
  '/alice/v1/messages/count_tokens']
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'TRACE']

void t.test('findRoute() finds the same route as Fastify, for unusual paths and all methods', async t => {
  for (const path of odd) {
    for (const method of methods) {
      t.same(askWorker(method, path), await askFastify(method, path), `${method} ${path.slice(0, 80)}`)
    }
  }
})

void t.test('findRoute() finds the same route as Fastify, for any pieces in any order', async t => {
  const pieces = [...new Set(routes.flatMap(({ path }) => path.split('/').filter(part => !part.startsWith(':')))), '',
    '.', '..', 'alice', '%2f', '%25', 'a%2Fb', '%zz', '%41', 'v1%20', ';', 'a:b', '%3A', 'é'.normalize(), '%C3%A9'].map(
      encodeNonAscii,
    )
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('GET', 'HEAD', 'POST', 'OPTIONS'),
      fc.array(fc.constantFrom(...pieces), { maxLength: 6 }), async (method, parts) => {
      const path = `/${parts.join('/')}`
      t.same(askWorker(method, path), await askFastify(method, path), `${method} ${path}`)
    }),
    { numRuns: 1_500 },
  )
})

/** Node's client sends only ASCII. */
function encodeNonAscii (text: string): string {
  return text.replaceAll(/[^\x21-\x7e]/g, encodeURIComponent)
}
