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
import { servedPages } from '../page-files.ts'
import { malformedAddress } from '../pipeline/arrival.ts'
import { createOrder, type Failed } from '../pipeline/order.ts'
import { ownHeaders } from '../pipeline/reply-headers.ts'
import type { Route } from '../route.ts'
import { workerArrival } from './arrival.ts'
import { methodsOfPages, pageOf, pageResponse } from './assets.ts'
import { clientAddress, readBody, splitUrl, type SplitUrl } from './call.ts'
import type { Context, Env } from './env.ts'
import { createFindRoute, type Found } from './match.ts'
import { toResponse } from './response.ts'
import { openSocket, type SocketRequest } from './socket.ts'
import { unpackBody } from './unpack.ts'

export type Serve = (request: Request, context: Context, id: string) => Promise<Response>

interface Options {
  readonly gateway: Gateway
  readonly clock: Clock
  readonly log: Log
  readonly assets: Env['ASSETS']
  readonly accountLimit: Env['ACCOUNT_LIMIT']
}

/** A request with what is read of it before the first step. */
interface Asked {
  readonly request: Request
  readonly id: string
  readonly url: SplitUrl
  readonly headers: ReceivedHeaders
  readonly found: Found
  readonly route: Route | null
  readonly replyHeaders: ReplyHeaders
  readonly left: AbortController
  readonly defer: Call['defer']
  /** Null before it is known, and on routes without accounts. */
  account: Account | null
}

export function createServe ({ gateway, clock, log, assets, accountLimit }: Options): Serve {
  const pages = servedPages(gateway.config)
  const findRoute = createFindRoute(gateway.routes, methodsOfPages(pages))
  const order = createOrder(gateway, log, workerArrival(createHostCheck(gateway.config, false)))
  const checkPace = createPaceCheck(accountLimit, gateway.config)

  return async (request, context, id) => {
    const began = clock.monotonic()
    const asked = read(request, context, id)
    const note = (status: number, pattern = asked.route?.path ?? 'none') => {
      log.info({ reqId: id, method: request.method, route: pattern, status, ms: Math.round(clock.monotonic() - began),
        ...(asked.account === null ? {} : { user: asked.account.username }) }, 'request')
    }
    const answer = await answerTo(asked).catch((thrown: unknown) => fail(asked, thrown))
    if (answer instanceof Response) {
      note(answer.status, answer.status === 101 ? asked.route?.path : asked.url.path)
      return answer
    }
    return send(answer, asked, context, note)
  }

  function read (request: Request, context: Context, id: string): Asked {
    const url = splitUrl(request.url)
    const found = findRoute(request.method, url.path)
    const route = 'route' in found ? found.route : null
    const headers = Object.fromEntries(request.headers) as ReceivedHeaders
    const hasCors = route?.scope === 'api' || found.kind === 'preflight'
    return { request, id, url, found, route, headers, account: null, left: leaveController(request),
      replyHeaders: ownHeaders(id, hasCors ? order.cors.headers(headers) : null), defer: work => {
        context.waitUntil(work.catch(() => {}))
      } }
  }

  /** @returns a Response for a page, which the assets serve, and for a WebSocket */
  async function answerTo (asked: Asked): Promise<Reply | Response> {
    const { request, url, headers, found, replyHeaders } = asked
    if (found.kind === 'malformed') throw malformedAddress()
    refuse(order.arrive({ ...url, headers }))
    const page = assets === undefined ? null : pageOf(request.method, url.path, pages)
    if (assets !== undefined && page !== null) {
      const file = await pageResponse(assets, request, page, replyHeaders)
      if (file !== null) return file
    }
    refuse(order.route(found, request.method, url.path))
    return found.kind === 'route' ? handle(asked, found) : order.cors.preflight(headers)
  }

  async function handle (asked: Asked, { route, params }: Found & { kind: 'route' }): Promise<Reply | Response> {
    const { request, id, url, headers, left, defer } = asked
    if (route.socket !== undefined) refuse(order.upgrade({ headers, host: url.host }))
    const address = clientAddress(request)
    const keyInUrl = order.takesKeyInUrl(route) ? url.query.get('key') : null
    const account = await order.caller[route.scope]?.({ id, params, headers, keyInUrl, host: url.host, address, defer })
      ?? null
    asked.account = account
    if (route.socket !== undefined) {
      return openSocket(socketRequest(asked, route, params), route.socket, asked.replyHeaders)
    }
    if (route.scope === 'site' && request.method === 'POST') await checkPace(address)
    const received = await readBody(request, order.maxBytes(route))
    const { bytes, headers: read } = route.scope === 'api'
      ? await unpackBody(received, headers, order.maxBytes(route))
      : { bytes: received, headers }
    return route.handler({ method: request.method, id, params, query: url.query, host: url.host, protocol: url.protocol,
      address, headers: read, bytes, account, signal: left.signal, defer })
  }

  function socketRequest (asked: Asked, { path, scope }: Route, params: Call['params']): SocketRequest {
    const { request, id: openedAs, url: { query, host, protocol }, headers, defer } = asked
    const address = clientAddress(request)
    const ended = Promise.withResolvers<void>()
    defer(ended.promise)
    return {
      call: { params, query, host, protocol, address, headers, defer },
      id: openedAs,
      maxBytes: gateway.config.maxBodyBytes,
      prove: async id => await order.caller[scope]?.({ id, params, headers, host, address, defer }) ?? null,
      fail: (thrown, id, isGone) => order.fail(thrown, { ...failedOf(asked), id, isGone }),
      now: clock.monotonic,
      note (id, status, beganAt) {
        log.info({ reqId: id, method: 'WS', route: path, status, ms: Math.round(clock.monotonic() - beganAt),
          ...(asked.account === null ? {} : { user: asked.account.username }) }, 'request')
      },
      onEnd: ended.resolve,
    }
  }

  function fail (asked: Asked, thrown: unknown): Reply {
    return order.fail(thrown, failedOf(asked))
  }
}

function failedOf ({ id, headers, route, url, left }: Asked): Failed {
  return { id, headers, renderError: route?.renderError, path: url.path, isGone: left.signal.aborted }
}

function send (
  reply: Reply,
  { replyHeaders, left }: Asked,
  context: Context,
  note: (status: number) => void,
): Response {
  // When the client leaves, the runtime would end the request. This promise keeps it alive until a stream has ended.
  const ended = Promise.withResolvers<void>()
  context.waitUntil(ended.promise)
  return toResponse(reply, replyHeaders, {
    onLeave: () => {
      left.abort(new ClientGone())
    },
    onEnd () {
      note(reply.status)
      ended.resolve()
    },
  })
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
 * Cloudflare's own limit by address. It counts for each location, and approximately. It adds to the isolate's own
 * limits, so if it fails, the request passes.
 */
function createPaceCheck (limit: Env['ACCOUNT_LIMIT'], config: Config): (address: string) => Promise<void> {
  // If an operator switches off the limits by address, this one is off too.
  const isOn = [config.registrationsPer10Minutes, config.deviceStartsPer10Minutes, config.authFailuresPerMinute].some(
    perWindow => perWindow > 0
  )
  return async address => {
    if (!isOn) return
    const outcome = await limit?.limit({ key: limiterAddress(address) }).catch(() => undefined)
    if (outcome?.success === false) throw tooManyAttempts(config)
  }
}
