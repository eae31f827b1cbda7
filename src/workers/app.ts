// The gateway as a Worker. Bindings come with the first request, so the gateway is made then and kept while the isolate
// lives. It may keep values, but no promises: a promise that a request started can die with that request. So each
// request is passed to `waitUntil` whole, which lets it finish the work that it started.
import { ConfigError, readConfig } from '../config.ts'
import type { Clock } from '../contract.ts'
import { createGateway } from '../gateway.ts'
import { createRecentErrors } from '../recent-errors.ts'
import { everyReply } from '../security-headers.ts'
import { createKvBindingStore } from '../store/cloudflare-kv-binding.ts'
import { withWriteLimits } from '../store/kv-writes.ts'
import { withObjects } from '../store/store-with-objects.ts'
import type { Store } from '../store/store.ts'
import { systemClock } from '../system-clock.ts'
import packageJson from '../../package.json' with { type: 'json' }
import type { Context, Env } from './env.ts'
import { createFingerprint } from './fingerprint.ts'
import { createConsoleLog } from './log.ts'
import { createFetchSend } from './send.ts'
import { createServe, type Serve } from './serve.ts'

export interface WorkerApp {
  fetch(request: Request, env: Env, context: Context): Promise<Response>
}

export function createWorker ({ clock = systemClock }: { readonly clock?: Clock } = {}): WorkerApp {
  let serve: Serve | undefined
  return {
    async fetch (request, env, context) {
      const id = crypto.randomUUID()
      try {
        serve ??= open(env, clock)
      } catch (thrown) {
        return refuse(thrown, id)
      }
      const work = serve(request, context, id)
      context.waitUntil(work.catch(() => {}))
      return work
    },
  }
}

/** @throws {ConfigError} */
function open (env: Env, clock: Clock): Serve {
  const config = readConfig(env, 'worker')
  const recentErrors = createRecentErrors(clock.now)
  const log = recentErrors.watch(createConsoleLog(config.logLevel))
  for (const warning of config.warnings) log.warn({ event: 'config' }, warning)
  const gateway = createGateway(config, {
    store: openStore(env, clock),
    send: createFetchSend({ idleMs: config.upstreamIdleSeconds * 1_000 + 2_000 }),
    clock,
    log,
    recentErrors,
    version: packageJson.version,
    fingerprint: createFingerprint(),
  })
  return createServe({ gateway, clock, log, assets: env.ASSETS, accountLimit: env.ACCOUNT_LIMIT })
}

/** Without the binding `STATE` everything is in KV, and what changes from second to second in the isolate's memory. */
function openStore ({ TOKEN_KV: kv, STATE: state }: Env, clock: Clock): Store | null {
  if (kv === undefined) return null
  const store = withWriteLimits(createKvBindingStore(kv, { now: clock.now }), clock)
  return state === undefined ? store : withObjects(store, state, clock.now)
}

/** Names the settings that the operator forgot, never a value: any visitor sees this page. */
function refuse (thrown: unknown, id: string): Response {
  createConsoleLog('error').error({ reqId: id, event: 'config', err: thrown }, 'the Worker cannot start')
  const text = thrown instanceof ConfigError
    ? `${thrown.message}\nSet them in wrangler.json; secrets with: npx wrangler secret put <NAME>\n`
    : 'The Worker cannot start; its log says why.\n'
  return new Response(text, { status: 500,
    headers: { ...everyReply, 'x-request-id': id, 'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store' } })
}
