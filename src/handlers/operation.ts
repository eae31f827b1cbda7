// GET /admin/status, /admin/errors and /admin/usage: what the operator looks at. None of it has content of requests.
import type { Handler } from '../contract.ts'
import type { Core } from '../core.ts'
import type { StoreProbe } from './health.ts'
import { iso } from './key-form.ts'
import { json } from './reply.ts'

export function getStatus ({ config, store, version, clock, upstreamHealth }: Core, probe: StoreProbe): Handler {
  const startedAt = clock.now()
  return async ({ defer }) => {
    const [isStoreOk, upstream] = await Promise.all([probe(defer), upstreamHealth()])
    return json(200, {
      version,
      registration: config.registration,
      started_at: iso(startedAt),
      store: { kind: store?.kind ?? config.store.kind,
        status: store === null ? 'kv-missing' : isStoreOk ? 'ok' : 'store-unavailable' },
      upstream,
      can_back_up: store?.copy !== undefined,
    })
  }
}

export function listErrors ({ recentErrors }: Core): Handler {
  return async () =>
    json(200, {
      object: 'list',
      data: recentErrors.list().map(({ at, requestId, ...error }) => ({ at: iso(at), request_id: requestId,
        ...error })
      ),
    })
}

/** The counts of this process since it started, a row for each user and model. */
export function getUsageOfAll ({ tally, clock }: Core): Handler {
  const from = iso(clock.now())
  return async () =>
    json(200, {
      object: 'list',
      from,
      data: tally.users().toSorted().flatMap(user =>
        tally.of(user).map(({ model, requests, inputTokens, cachedTokens, outputTokens, nanoCredits }) => ({
          user,
          model,
          requests,
          input_tokens: inputTokens,
          cached_tokens: cachedTokens,
          output_tokens: outputTokens,
          credits: nanoCredits / 1e9,
        }))
      ),
    })
}
