// The gateway as a Worker: what `node/app.ts` is to Fastify. Bindings come with the first request, so the gateway is
// made then and kept for the isolate's life. Values may be kept so; promises may not: one that a request began can die
// with that request. Every request is therefore given to `waitUntil` whole: what it began, it ends.
import type { ExecutionContext, RateLimit } from '@cloudflare/workers-types'
import { isUsername } from '../auth/account.ts'
import { ConfigError, readConfig } from '../config.ts'
import type { Clock, ErrorRenderer, Headers as ReplyHeaders, ReceivedHeaders, Reply } from '../contract.ts'
import { corsHeaders } from '../cors.ts'
import { ClientGone, GatewayError, toGatewayError } from '../errors.ts'
import { createGateway } from '../gateway.ts'
import { limiterAddress } from '../limiter.ts'
import { rendererOfUnknown, type Route } from '../routes.ts'
import { everyReply } from '../security-headers.ts'
import { createKvBindingStore, type KvNamespace } from '../store/cloudflare-kv-binding.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { isPage, pageMethods, pageResponse, type Assets } from './assets.ts'
import { clientAddress, readBody, receivedHeaders, splitUrl } from './call.ts'
import { createFingerprint } from './fingerprint.ts'
import { createConsoleLog } from './log.ts'
import { createFindRoute } from './match.ts'
import { toResponse } from './response.ts'
import { createFetchSend } from './send.ts'

/** Bindings and settings. Every binding may be missing: the gateway then says so, or goes without. */
export interface Env {
  readonly TOKEN_KV?: KvNamespace
  readonly ASSETS?: Assets
  /** Account and device routes by client address, beside the limits of the isolate, which others do not see. */
  readonly ACCOUNT_LIMIT?: Pick<RateLimit, 'limit'>
  readonly [name: string]: unknown
}
export type Context = Pick<ExecutionContext, 'waitUntil'>
export interface WorkerApp { fetch (request: Request, env: Env, context: Context): Promise<Response> }

const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() }

export function createWorker ({ clock = systemClock }: { readonly clock?: Clock } = {}): WorkerApp {
  let serve: ReturnType<typeof createServe> | undefined
  return {
    async fetch (request, env, context) {
      const id = crypto.randomUUID()
      try { serve ??= createServe(env, clock) } catch (thrown) { return refuse(thrown, id) }
      const work = serve(request, context, id)
      context.waitUntil(work.catch(() => {}))
      return work
    },
  }
}

/** @throws {ConfigError} */
function createServe (env: Env, clock: Clock) {
  const config = readConfig(env, 'worker')
  const log = createConsoleLog(config.logLevel)
  const gateway = createGateway(config, {
    store: env.TOKEN_KV === undefined ? null : createKvBindingStore(env.TOKEN_KV, { now: clock.now }),
    send: createFetchSend({ idleMs: config.upstreamIdleSeconds * 1_000 + 2_000 }),
    clock, log, version: packageJson.version, fingerprint: createFingerprint(),
  })
  const findRoute = createFindRoute(gateway.routes, pageMethods)
  const limitsAddresses = [config.registrationsPer10Minutes, config.deviceStartsPer10Minutes, config.authFailuresPerMinute].some(limit => limit > 0)
  for (const warning of config.warnings) log.warn({ event: 'config' }, warning)

  return async (request: Request, context: Context, id: string): Promise<Response> => {
    const began = clock.monotonic()
    const { method } = request
    const { host, path, query } = splitUrl(request.url)
    const found = findRoute(method, path)
    const route = 'route' in found ? found.route : null
    const headers = Object.fromEntries(request.headers) as ReceivedHeaders
    const replyHeaders: ReplyHeaders = {
      ...everyReply, 'x-request-id': id,
      ...(route?.scope === 'api' ? corsHeaders(headers, config.corsOrigins, found.kind === 'preflight') : {}),
    }
    const left = new AbortController()
    const onLeave = () => { left.abort(new ClientGone()) }
    let user: string | undefined
    const onEnd = (status: number) => {
      log.info({ reqId: id, method, route: route?.path ?? (isPage(method, path) ? path : 'none'), status, ms: Math.round(clock.monotonic() - began), ...(user === undefined ? {} : { user }) }, 'request')
    }
    if (request.signal.aborted) onLeave()
    else request.signal.addEventListener('abort', onLeave, { once: true })

    if (env.ASSETS !== undefined && isPage(method, path)) {
      const page = await pageResponse(env.ASSETS, request, path, replyHeaders).catch(() => null)
      if (page !== null) {
        onEnd(page.status)
        return page
      }
    }
    const reply = await answer().catch((thrown: unknown) => toFailure(thrown, route?.renderError ?? rendererOfUnknown(path)))
    return toResponse(reply, replyHeaders, { onLeave, onEnd: () => { onEnd(reply.status) } })

    async function answer (): Promise<Reply> {
      switch (found.kind) {
        case 'none': throw new GatewayError('not_found', 'There is no such route. The API is below /<username>/v1.')
        case 'malformed': throw new GatewayError('invalid_request', 'The request is malformed.')
        case 'preflight': return { status: 204, headers: {}, body: null }
        case 'wrong-method': throw new GatewayError('method_not_allowed', `${method} is not a method of this route.`, { headers: { allow: found.allow } })
        case 'route': return handle(found.route, found.params)
      }
    }

    /** The caller is proven before a byte of the body is read. */
    async function handle (route: Route, params: Readonly<Record<string, string>>): Promise<Reply> {
      const call = {
        method, id, params, query, host, address: clientAddress(request), headers: receivedHeaders(request),
        signal: left.signal,
        defer: (work: Promise<unknown>) => { context.waitUntil(work.catch(() => {})) },
      }
      const account = route.scope === 'api' ? await gateway.authenticate({ ...call, username: readUsername(params) }) : null
      user = account?.username
      if (route.scope === 'site' && method === 'POST' && limitsAddresses) await assertUnlimited(env.ACCOUNT_LIMIT, call.address)
      const bytes = await readBody(request, config.maxBodyBytes)
      return route.handler({ ...call, bytes, account })
    }

    function toFailure (thrown: unknown, render: ErrorRenderer): Reply {
      const error = toGatewayError(thrown)
      if (left.signal.aborted) log.debug({ reqId: id, code: 'client_gone' }, 'the client left')
      else if (error.status >= 500) log.error({ reqId: id, code: error.code, status: error.status, err: error.cause ?? error }, 'request failed')
      return render(error, { id, headers })
    }
  }
}

function readUsername ({ username = '' }: Readonly<Record<string, string>>): string {
  if (isUsername(username)) return username
  throw new GatewayError('invalid_request', 'This base URL names no user: https://<host>/<username>/v1, the user name in lower-case letters, digits and hyphens.')
}

async function assertUnlimited (limit: Env['ACCOUNT_LIMIT'], address: string): Promise<void> {
  if (limit === undefined || (await limit.limit({ key: limiterAddress(address) })).success) return
  throw new GatewayError({ code: 'rate-limited', status: 429 }, 'Too many requests from this address. Try again in a minute.', { retryAfterSeconds: 60 })
}

/** Names of settings, never values: whoever opens the page has to be told what the operator forgot. */
function refuse (thrown: unknown, id: string): Response {
  const isKnown = thrown instanceof ConfigError
  createConsoleLog('error').error({ reqId: id, event: 'config', err: thrown }, 'the Worker cannot start')
  const text = isKnown ? `${thrown.message}\nSet them in wrangler.json, secrets with: npx wrangler secret put <NAME>\n` : 'The Worker cannot start; its log says why.\n'
  return new Response(text, { status: 500, headers: { ...everyReply, 'x-request-id': id, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' } })
}
