// GET /healthz and /readyz. The first asks nobody; the second asks the store, at most every 30 s.
import type { Handler } from '../contract.ts'
import type { Core } from '../core.ts'
import { keys } from '../store/keys.ts'
import { json } from './reply.ts'

const probeEveryMs = 30_000

export const healthz: Handler = async () => json(200, { status: 'ok' })

export function readyz ({ store, config, clock, version, log }: Core, isLeaving: () => boolean): Handler {
  let last: { ok: boolean, at: number } | null = null
  const probe = async (): Promise<boolean> => {
    if (store === null) return false
    if (last !== null && clock.monotonic() - last.at < probeEveryMs) return last.ok
    const ok = await store.get(keys.probe).then(() => true, (err: unknown) => {
      log.warn({ event: 'store-probe', err }, 'the store does not answer')
      return false
    })
    last = { ok, at: clock.monotonic() }
    return ok
  }
  return async () => {
    const ok = await probe()
    const status = isLeaving() ? 'draining' : store === null ? 'kv-missing' : ok ? 'ok' : 'store-unavailable'
    return json(status === 'ok' ? 200 : 503, { status, store: store?.kind ?? config.store.kind, registration: config.registration, version })
  }
}
