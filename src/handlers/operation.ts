// GET /admin/status, /admin/errors and /admin/usage: what the operator looks at. None of it has content of requests.
import { guard } from '../auth/user-store.ts'
import type { Handler } from '../contract.ts'
import type { Core } from '../core.ts'
import type { StoreProbe } from './health.ts'
import type { UserUsage } from '../store/usage-store.ts'
import { iso } from './key-form.ts'
import { json } from './reply.ts'
import { group, readRange } from './usage-history.ts'

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
      data: (await recentErrors.list()).map(({ at, requestId, ...error }) => ({ at: iso(at), request_id: requestId,
        ...error })
      ),
    })
}

/** The kept days of `?from=` to `?to=`, a row for each user and model. Empty with `USAGE_DAYS=0`. */
export function getUsageOfAll ({ history, clock }: Core): Handler {
  return async ({ query }) => {
    const { from, to } = readRange(query, clock.now())
    return json(200, { object: 'list', from, to, data: await guard(rowsOf(history.ofAll(from, to))) })
  }
}

async function rowsOf (all: AsyncIterable<UserUsage>): Promise<object[]> {
  const data: object[] = []
  for await (const { username, rows } of all) {
    for (const row of group(rows, ['model'])) data.push({ user: username, ...row })
  }
  return data
}
