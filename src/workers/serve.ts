// Serves one request: calls the steps of `pipeline/order.ts` in the same order as Node's plugins, and sends the reply
// or the refusal.
import { tooManyAttempts } from '../auth/account-limits.ts'
import { createHostCheck } from '../allowed-hosts.ts'
import type { Account } from '../auth/account.ts'
import type { Config } from '../config.ts'
import type { Call, Clock, Headers as ReplyHeaders, Log, ReceivedHeaders, Reply } from '../contract.ts'
import { ClientGone } from '../errors.ts'
import type { Gateway } from '../gateway.ts'
import { limiterAddress } from '../limiter.ts'
import { malformedAddress } from '../pipeline/arrival.ts'
import { createOrder } from '../pipeline/order.ts'
import { ownHeaders } from '../pipeline/reply-headers.ts'
import { workerArrival } from './arrival.ts'
import { isPage, pageMethods, pageResponse } from './assets.ts'
import { clientAddress, readBody, splitUrl } from './call.ts'
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
  const order = createOrder(gateway, log, workerArrival(createHostCheck(config, false)))
  // An operator who switches the limits by address off means this one too.
  const limitsAddresses = [config.registrationsPer10Minutes, config.deviceStartsPer10Minutes,
    config.authFailuresPerMinute].some(limit => limit > 0)

  return async (request, context, id) => {
    const began = clock.monotonic()
    const { method } = request
    const url = splitUrl(request.url)
    const found = findRoute(method, url.path)
    const route = 'route' in found ? found.route : null
    const headers = Object.fromEntries(request.headers) as ReceivedHeaders
    const hasCors = route?.scope === 'api' || found.kind === 'preflight'
    const replyHeaders: ReplyHeaders = ownHeaders(id, hasCors ? order.cors.headers(headers) : null)
    const left = leaveController(request)
    const defer: Call['defer'] = work => {
      context.waitUntil(work.catch(() => {}))
    }
    let account: Account | null = null
    const logRequest = (status: number, pattern = route?.path ?? 'none') => {
      log.info({ reqId: id, method, route: pattern, status, ms: Math.round(clock.monotonic() - began),
        ...(account === null ? {} : { user: account.username }) }, 'request')
    }

    let reply: Reply
    try {
      if (found.kind === 'malformed') throw malformedAddress()
      refuse(order.arrive({ ...url, headers }))
      const page = assets !== undefined && isPage(method, url.path)
        ? await pageResponse(assets, request, url.path, replyHeaders)
        : null
      if (page !== null) {
        logRequest(page.status, url.path)
        return page
      }
      refuse(order.route(found, method))
      reply = found.kind === 'route' ? await handle(found) : order.cors.preflight(headers)
    } catch (thrown) {
      reply = order.fail(thrown, { id, headers, renderError: route?.renderError, path: url.path,
        isGone: left.signal.aborted })
    }
    // When the client leaves, the runtime would end the request. This promise keeps it alive until a stream has ended.
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

    async function handle ({ route, params }: Found & { kind: 'route' }): Promise<Reply> {
      const address = clientAddress(request)
      account = await order.caller[route.scope]?.({ id, params, headers, address, defer }) ?? null
      if (route.scope === 'site' && method === 'POST' && limitsAddresses) {
        await assertUnlimited(accountLimit, address, config)
      }
      const bytes = await readBody(request, order.maxBytes(route))
      return route.handler({ method, id, params, query: url.query, host: url.host, address, headers, bytes, account,
        signal: left.signal, defer })
    }
  }
}

function refuse (refusal: Error | undefined): void {
  if (refusal !== undefined) throw refusal
}

/** Aborts when the runtime reports that the client left. A stream that the client cancels aborts it too. */
function leaveController ({ signal }: Request): AbortController {
  const left = new AbortController()
  const leave = () => {
    left.abort(new ClientGone())
  }
  if (signal.aborted) leave()
  else signal.addEventListener('abort', leave, { once: true })
  return left
}

/**
 * Cloudflare counts for each location, and approximately. It adds to the isolate's own limits, so if it fails, the
 * request passes.
 */
async function assertUnlimited (limit: Env['ACCOUNT_LIMIT'], address: string, config: Config): Promise<void> {
  const outcome = await limit?.limit({ key: limiterAddress(address) }).catch(() => undefined)
  if (outcome?.success === false) throw tooManyAttempts(config)
}
