// Checks credentials before the body is read. Each route that needs them has its own hook: one hook for all routes
// would have to find out for each request what its route needs.
import fp from 'fastify-plugin'
import type { Account } from '../../auth/account.ts'
import { readKeyInUrl } from '../../auth/credentials.ts'
import type { Order } from '../../pipeline/order.ts'
import type { Route } from '../../route.ts'
import { receivedHeaders } from '../call.ts'

declare module 'fastify' {
  interface FastifyRequest {
    account: Account | null
  }
  interface FastifyContextConfig {
    /** The scope of a row of the route table. Other routes have none. */
    scope?: Route['scope']
    /** Whether the key may be in the address. */
    takesKeyInUrl?: boolean
  }
}

export const auth = fp<{ caller: Order<unknown>['caller'] }>(async (app, { caller }) => {
  app.decorateRequest('account', null)
  app.addHook('onRoute', route => {
    const scope = route.config?.scope
    const prove = scope === undefined ? null : caller[scope]
    if (prove === null) return
    const readKey = route.config?.takesKeyInUrl === true ? keyOf : noKey
    route.preParsing = (request, _reply, _payload, done) => {
      prove({ params: request.params as Record<string, string>, headers: receivedHeaders(request), host: request.host,
        address: request.ip, keyInUrl: readKey(request.url), defer: app.defer, id: request.id }).then(account => {
          request.account = account
          done()
        }, done)
    }
  })
}, { name: 'auth', fastify: '5.x', dependencies: ['deferred'] })

const noKey = () => null

function keyOf (url: string): string | null {
  const at = url.indexOf('?')
  return at === -1 ? null : readKeyInUrl(url.slice(at + 1))
}
