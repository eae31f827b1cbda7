// GET /healthz and /readyz. The first checks nothing; the second reads the store, at most every 30 s.
import type { Call, Handler } from '../contract.ts'
import type { Core } from '../core.ts'
import { createSingleFlight } from '../single-flight.ts'
import { keys } from '../store/keys.ts'
import { json } from './reply.ts'

const probeEveryMs = 30_000

/** @param isLeaving the process is about to end. It lives, so that is no failure; a balancer reads the status. */
export function healthz (isLeaving: () => boolean): Handler {
  return async () => json(200, { status: isLeaving() ? 'draining' : 'ok' })
}

/** Whether the store answers. */
export type StoreProbe = (defer: Call['defer']) => Promise<boolean>

export function createStoreProbe ({ store, clock, log }: Pick<Core, 'store' | 'clock' | 'log'>): StoreProbe {
  let last: { ok: boolean, at: number } | null = null
  const probes = createSingleFlight<boolean>()
  return async defer => {
    if (store === null) return false
    if (last !== null && clock.monotonic() - last.at < probeEveryMs) return last.ok
    return probes.run('', defer, async () => {
      const ok = await store.get(keys.probe).then(() => true, (err: unknown) => {
        log.warn({ event: 'store-probe', err }, 'the store does not answer')
        return false
      })
      last = { ok, at: clock.monotonic() }
      return ok
    })
  }
}

export function readyz ({ store, hot, config, version }: Core, isLeaving: () => boolean, probe: StoreProbe): Handler {
  return async ({ defer }) => {
    const ok = await probe(defer)
    const status = isLeaving() ? 'draining' : store === null ? 'kv-missing' : ok ? 'ok' : 'store-unavailable'
    return json(status === 'ok' ? 200 : 503, { status, store: store?.kind ?? config.store.kind,
      hot_state: hot?.engine.kind ?? 'memory', registration: config.registration, version,
      ...config.demo && { demo: true } })
  }
}
