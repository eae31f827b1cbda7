// Authentication before the body is read: a stranger's 30 MB stay in the stranger's socket.
import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Account } from '../../auth/account.ts'
import { isUsername } from '../../auth/account.ts'
import { GatewayError } from '../../errors.ts'
import type { Gateway } from '../../gateway.ts'
import { receivedHeaders } from '../call.ts'

declare module 'fastify' {
  interface FastifyRequest {
    account: Account | null
  }
  interface FastifyContextConfig {
    needsAccount?: boolean
    needsAdmin?: boolean
  }
}

/** Headers of which a second one would leave open which of them counts. */
const single: ReadonlySet<string> = new Set(['host', 'authorization', 'x-api-key', 'x-copilot-account-type',
  'content-type'])
/** Most headers are none of them: told by their length alone. */
const lengths: ReadonlySet<number> = new Set([...single].map(name => name.length))

export const auth = fp<{ gateway: Gateway }>(async (app, { gateway }) => {
  app.decorateRequest('account', null)
  app.addHook('onRequest', (request, _reply, done) => {
    done(repeatedHeader(request.raw.rawHeaders))
  })
  // Behind the onRequest hooks of every scope, so that a refusal has its CORS headers; the body is still unread. A hook
  // of each route: what a route asks for would else have to be looked up for each request.
  app.addHook('onRoute', route => {
    const needed = route.config?.needsAdmin === true ? admit : route.config?.needsAccount === true ? authenticate : null
    if (needed !== null) route.preParsing = needed
  })

  async function admit (request: FastifyRequest): Promise<void> {
    await gateway.admit({ headers: receivedHeaders(request), address: request.ip, id: request.id })
  }

  function authenticate (
    request: FastifyRequest,
    _reply: FastifyReply,
    _payload: unknown,
    done: (error?: Error) => void,
  ): void {
    const { username = '' } = request.params as { username?: string }
    if (!isUsername(username)) {
      return done(
        new GatewayError('invalid_request',
          'This base URL names no user: https://<host>/<username>/v1, the user name in lower-case letters, digits '
            + 'and hyphens.'),
      )
    }
    gateway.authenticate({ username, headers: receivedHeaders(request), address: request.ip, defer: app.defer,
      id: request.id }).then(account => {
        request.account = account
        done()
      }, done)
  }
}, { name: 'auth', fastify: '5.x', dependencies: ['deferred'] })

function repeatedHeader (rawHeaders: readonly string[]): GatewayError | undefined {
  let seen = ''
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const raw = rawHeaders[at] ?? ''
    if (!lengths.has(raw.length)) continue
    const name = raw.toLowerCase()
    if (!single.has(name)) continue
    if (seen.includes(`${name};`)) {
      return new GatewayError('invalid_request', `The header ${name} is there twice.`, { param: name })
    }
    seen += `${name};`
  }
  return undefined
}
