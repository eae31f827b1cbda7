// The models of a seat: serves the last good copy from memory or the store, and renews it in the background. Only a
// seat without any copy waits for its list. Failures are neither cached nor shared.
import { LRUCache } from 'lru-cache'
import type { Account } from '../auth/account.ts'
import type { Clock, Log } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import type { KnownModels } from '../model-entry.ts'
import { createSingleFlight, withTimeout } from '../single-flight.ts'
import { isOfSeat, type OnOutdated } from '../seat-names.ts'
import { keys } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import type { Copilot } from './copilot.ts'
import { toUpstreamError } from './errors.ts'
import { packCopy, readModels, unpackCopy, type ModelCopy } from './model-copy.ts'
import { parseObject, readExcerpt, readText } from './read-body.ts'
import { UpstreamUnreachable } from './send.ts'
import type { Defer } from './tokens.ts'

export type ModelList = KnownModels
export interface ModelRequest {
  readonly account: Account
  readonly accountType: string | null
  readonly requestId: string
  readonly defer: Defer
}

export interface Models {
  /**
   * The last good copy, at once if it is in memory. Otherwise waits for it, including the token exchange, at most 5 s,
   * and then gives null.
   * @throws {UpstreamUnreachable} when there is no copy and no connection: the request would fail in the same way
   */
  readonly planned: (request: ModelRequest) =>
    | ModelList
    | null
    | Promise<ModelList | null>
  /**
   * A list that is at most `maxAgeMs` old, requested if necessary; the last good copy if that fails.
   * @throws {GatewayError} when there is none
   */
  readonly list: (request: ModelRequest, maxAgeMs?: number) => Promise<ModelList>
  /** For a seat that was just created: the store has no copy of its list. */
  readonly begin: (account: Account) => void
  /** For a seat with another GitHub token, and for a user who was deleted or has a new password. */
  readonly forget: OnOutdated
}

interface Held {
  readonly list: ModelList
  readonly at: number
}
interface Attempt {
  readonly at: number
  failed: boolean
}

const freshMs = 300_000
const maxListBytes = 8 * 1_048_576
const retryEveryMs = 10_000
const longestWaitMs = 5_000
/**
 * KV allows a thousand writes a day. So a changed list waits before it is written, and an equal list is written only to
 * keep its copy alive.
 */
const rewriteMs = { changed: 6 * 3_600_000, equal: 7 * 86_400_000 }
const copyLivesMs = 30 * 86_400_000

interface Options {
  readonly copilot: Copilot
  /** Null if no store is configured: lists then live in memory only. */
  readonly store: Store | null
  readonly clock: Clock
  readonly log: Log
}

export function createModels ({ copilot, store, clock, log }: Options): Models {
  const { monotonic } = clock
  const lists = new LRUCache<string, Held>({ max: 1_000 })
  const attempts = new LRUCache<string, Attempt>({ max: 1_000 })
  /** The store's copy for each seat, once it was read. */
  const copies = new LRUCache<string, { readonly copy: Omit<ModelCopy, 'list'> | null }>({ max: 10_000 })
  /** Replaced when a user changes: results of work that began before are dropped. */
  const epochs = new LRUCache<string, object>({ max: 1_000 })
  const flights = createSingleFlight<ModelList>()
  const reads = createSingleFlight<ModelCopy | null>()
  const keyOf = ({ account, accountType }: ModelRequest) =>
    accountType === null ? account.seatId : `${account.seatId}:${accountType}`

  return {
    planned (request) {
      const key = keyOf(request)
      const held = lists.get(key)
      if (held === undefined) return firstList(request, key)
      if (monotonic() - held.at >= freshMs && sinceAttempt(key) >= retryEveryMs) {
        request.defer(renew(request, key).catch(() => {}))
      }
      return held.list
    },
    async list (request, maxAgeMs = freshMs) {
      const key = keyOf(request)
      const held = lists.get(key)
      if (held !== undefined && monotonic() - held.at < maxAgeMs) return held.list
      try {
        return await renew(request, key)
      } catch (thrown) {
        const last = held?.list ?? await copied(request, key)
        if (last !== null) return last
        throw thrown
      }
    },
    begin (account) {
      copies.set(account.seatId, { copy: null })
    },
    forget (username, seat) {
      epochs.set(username, {})
      for (const held of [lists, attempts, copies]) {
        for (const key of held.keys()) if (isOfSeat(key, username, seat)) held.delete(key)
      }
    },
  }

  function sinceAttempt (key: string): number {
    return monotonic() - (attempts.get(key)?.at ?? -Infinity)
  }

  /** Reads the store's copy and requests Copilot's list at the same time, and serves the first that arrives. */
  async function firstList (request: ModelRequest, key: string): Promise<ModelList | null> {
    const sinceMs = sinceAttempt(key)
    const isDue = sinceMs >= retryEveryMs
    // If the list failed, or timed out, a moment ago, requests do not wait for it again.
    if (!isDue && (attempts.get(key)?.failed === true || sinceMs >= longestWaitMs)) return null
    let unreachable: UpstreamUnreachable | null = null
    const renewal = renew(request, key).then(list => list.models.length > 0 ? list : null, (thrown: unknown) => {
      if (thrown instanceof UpstreamUnreachable) unreachable = thrown
      return null
    })
    request.defer(renewal)
    const first = firstOf(copied(request, key), renewal)
    const list = await withTimeout(first, isDue ? longestWaitMs : longestWaitMs - sinceMs, async () => null)
    if (list === null && unreachable !== null) throw unreachable as UpstreamUnreachable
    return list
  }

  function renew (request: ModelRequest, key: string): Promise<ModelList> {
    const { account } = request
    return flights.run(key, request.defer, async () => {
      const epoch = epochs.get(account.username)
      const attempt: Attempt = { at: monotonic(), failed: false }
      attempts.set(key, attempt)
      try {
        const list = await fetchList(request)
        if (list.models.length === 0) attempt.failed = true
        else if (epochs.get(account.username) === epoch) {
          lists.set(key, { list, at: monotonic() })
          if (store !== null) request.defer(keep(request, list, store))
        }
        return list
      } catch (thrown) {
        attempt.failed = true
        throw thrown
      }
    })
  }

  async function fetchList ({ account, accountType, requestId, defer }: ModelRequest): Promise<ModelList> {
    const response = await copilot({
      account,
      accountType,
      requestId,
      defer,
      method: 'GET',
      path: '/models',
      body: null,
      intent: 'model-access',
      initiator: null,
      vision: false,
      signal: AbortSignal.timeout(30_000),
      headersMs: 15_000,
    })
    if (response.status !== 200) throw toUpstreamError(response, await readExcerpt(response, 65_536))
    const data = parseObject(await readText(response, maxListBytes))?.['data']
    if (!Array.isArray(data)) {
      throw new GatewayError('upstream_error', 'Copilot answered with something that is no list of models.')
    }
    return readModels(data)
  }

  /** Reads the copy in the store. It always counts as stale: it serves while a fresh list is on its way. */
  async function copied (request: ModelRequest, key: string): Promise<ModelList | null> {
    const { account, accountType, defer } = request
    if (store === null || copies.has(account.seatId)) return lists.get(key)?.list ?? null
    const epoch = epochs.get(account.username)
    const copy = await reads.run(account.seatId, defer, () => readCopy(account, store)).catch(() => null)
    if (copy?.accountType === accountType && !lists.has(key) && epochs.get(account.username) === epoch) {
      lists.set(key, { list: copy.list, at: -Infinity })
    }
    return lists.get(key)?.list ?? null
  }

  /** Runs once for each seat. @throws {StoreError} */
  async function readCopy (account: Account, from: Store): Promise<ModelCopy | null> {
    const value = await from.get(keys.models(account.username, account.seat))
    const copy = value === null ? null : await unpackCopy(value, account.seatId)
    if (!copies.has(account.seatId)) copies.set(account.seatId, { copy })
    return copy
  }

  /** Runs in the background and never throws. */
  async function keep ({ account, accountType, defer }: ModelRequest, list: ModelList, to: Store): Promise<void> {
    const { seatId, username } = account
    const epoch = epochs.get(username)
    try {
      if (!copies.has(seatId)) await reads.run(seatId, defer, () => readCopy(account, to))
      const now = clock.now()
      const packed = await packCopy({ seat: seatId, accountType }, list, now)
      const before = copies.get(seatId)?.copy ?? null
      if (packed === null || epochs.get(username) !== epoch) return
      const ageMs = before === null || now < before.savedAt ? Infinity : now - before.savedAt
      if (ageMs
        < (before?.digest === packed.digest && before.accountType === accountType
          ? rewriteMs.equal
          : rewriteMs.changed)) return
      // Set before the write, so that parallel lists write once.
      copies.set(seatId, { copy: { digest: packed.digest, savedAt: now, accountType } })
      await to.set(keys.models(username, account.seat), packed.value, now + copyLivesMs).catch((thrown: unknown) => {
        copies.set(seatId, { copy: before })
        throw thrown
      })
    } catch (thrown) {
      log.warn({ event: 'repair-failed', user: username, err: thrown }, "the list of a seat's models was not kept")
    }
  }
}

/** The first source that is not null; null once both are null. Neither may throw. */
function firstOf<T> (...sources: ReadonlyArray<Promise<T | null>>): Promise<T | null> {
  return new Promise(resolve => {
    let left = sources.length
    for (const source of sources) {
      void source.then(value => {
        left--
        if (value !== null || left === 0) resolve(value)
      })
    }
  })
}
