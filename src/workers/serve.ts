// One request from its arrival to the Response, in the order that Node's plugins keep: route, CORS, caller, body,
// handler; and whatever is thrown on the way, in the words of the route's dialect.
import { isUsername } from '../auth/account.ts'
import { tooManyAttempts } from '../auth/account-limits.ts'
import { createHostCheck } from '../allowed-hosts.ts'
import type { Config } from '../config.ts'
import type { Clock, ErrorRenderer, Headers as ReplyHeaders, Log, ReceivedHeaders, Reply } from '../contract.ts'
import { corsHeaders } from '../cors.ts'
import { ClientGone, GatewayError, toGatewayError } from '../errors.ts'
import type { Gateway } from '../gateway.ts'
import { limiterAddress } from '../limiter.ts'
import { rendererOfUnknown } from '../routes.ts'
import { everyReply } from '../security-headers.ts'
import { isPage, pageMethods, pageResponse } from './assets.ts'
import { assertModest, assertSingle, clientAddress, readBody, splitUrl } from './call.ts'
import type { Context, Env } from './env.ts'
import { createFindRoute, type Found } from './match.ts'
import { toResponse } from './response.ts'

export type Serve = (request: Request, context: Context, id: string) => Promise<Response>

interface Options {
  readonly gateway: Gateway
  readonly clock: Clock
  readonly log: Log
  readonly assets: Env['ASSETS']
  readonly accountLimit: Env['ACCOUNT_LIMIT']
}

export function createServe ({ gateway, clock, log, assets, accountLimit }: Options): Serve {
  const { config } = gateway
  const findRoute = createFindRoute(gateway.routes, pageMethods)
  const checkHost = createHostCheck(config, false)
  // Whoever switches the limits by address off means this one too.
  const limitsAddresses = [config.registrationsPer10Minutes, config.deviceStartsPer10Minutes,
    config.authFailuresPerMinute].some(limit => limit > 0)

  return async (request, context, id) => {
    const began = clock.monotonic()
    const { method } = request
    const { host, path, query } = splitUrl(request.url)
    const found = findRoute(method, path)
    const route = 'route' in found ? found.route : null
    const headers = Object.fromEntries(request.headers) as ReceivedHeaders
    const replyHeaders: ReplyHeaders = {
      ...everyReply,
      'x-request-id': id,
      ...(route?.scope === 'api' || found.kind === 'preflight'
        ? corsHeaders(headers, config.corsOrigins, found.kind === 'preflight')
        : {}),
    }
    const left = leaveController(request)
    let user: string | undefined
    const logRequest = (status: number, pattern = route?.path ?? 'none') => {
      log.info({ reqId: id, method, route: pattern, status, ms: Math.round(clock.monotonic() - began),
        ...(user === undefined ? {} : { user }) }, 'request')
    }

    let reply: Reply
    try {
      assertModest(request, headers)
      checkHost?.({ path, host })
      const page = assets !== undefined && isPage(method, path)
        ? await pageResponse(assets, request, path, replyHeaders)
        : null
      if (page !== null) {
        logRequest(page.status, path)
        return page
      }
      reply = await answer(found)
    } catch (thrown) {
      reply = toFailure(thrown, route?.renderError ?? rendererOfUnknown(path))
    }
    // A client that leaves ends the request for the runtime; what a stream still has to give back is given back first.
    const ended = Promise.withResolvers<void>()
    context.waitUntil(ended.promise)
    return toResponse(reply, replyHeaders, {
      onLeave: () => {
        left.abort(new ClientGone())
      },
      onEnd () {
        logRequest(reply.status)
        ended.resolve()
      },
    })

    async function answer (found: Found): Promise<Reply> {
      switch (found.kind) {
        case 'none':
          throw new GatewayError('not_found', 'There is no such route. The API is below /<username>/v1.')
        case 'malformed':
          throw new GatewayError('invalid_request', 'The request is malformed.')
        case 'preflight':
          return { status: 204, headers: {}, body: null }
        case 'wrong-method':
          throw new GatewayError('method_not_allowed', `${method} is not a method of this route.`, {
            headers: { allow: found.allow },
          })
        case 'route':
          return handle(found)
      }
    }

    /** The caller is proven before a byte of the body is read. */
    async function handle ({ route, params }: Found & { kind: 'route' }): Promise<Reply> {
      assertSingle(headers)
      const address = clientAddress(request)
      if (route.scope === 'admin') await gateway.admit({ headers, address, id })
      const defer = (work: Promise<unknown>) => {
        context.waitUntil(work.catch(() => {}))
      }
      const account = route.scope === 'api'
        ? await gateway.authenticate({ username: readUsername(params), headers, address, defer, id })
        : null
      user = account?.username
      if (route.scope === 'site' && method === 'POST' && limitsAddresses) {
        await assertUnlimited(accountLimit, address, config)
      }
      const bytes = await readBody(request, Math.min(route.maxBytes ?? Infinity, config.maxBodyBytes))
      return route.handler({ method, id, params, query, host, address, headers, bytes, account, signal: left.signal,
        defer })
    }

    function toFailure (thrown: unknown, render: ErrorRenderer): Reply {
      const error = toGatewayError(thrown)
      if (left.signal.aborted) log.debug({ reqId: id, code: 'client_gone' }, 'the client left')
      else if (error.status >= 500) {
        log.error({ reqId: id, code: error.code, status: error.status, err: error.cause ?? error }, 'request failed')
      }
      return render(error, { id, headers })
    }
  }
}

/** Aborts when the runtime says that the client is gone; a stream that the client cancels tells it too. */
function leaveController ({ signal }: Request): AbortController {
  const left = new AbortController()
  const leave = () => {
    left.abort(new ClientGone())
  }
  if (signal.aborted) leave()
  else signal.addEventListener('abort', leave, { once: true })
  return left
}

function readUsername ({ username = '' }: Readonly<Record<string, string>>): string {
  if (isUsername(username)) return username
  throw new GatewayError('invalid_request',
    'This base URL names no user: https://<host>/<username>/v1, the user name in lower-case letters, digits and '
      + 'hyphens.')
}

/** Cloudflare counts by location and approximately: a net below the isolate's own limits, and open where it fails. */
async function assertUnlimited (limit: Env['ACCOUNT_LIMIT'], address: string, config: Config): Promise<void> {
  const outcome = await limit?.limit({ key: limiterAddress(address) }).catch(() => undefined)
  if (outcome?.success === false) throw tooManyAttempts(config)
}
