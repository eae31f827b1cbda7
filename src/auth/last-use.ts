// `meta:<user>`: the days on which users registered and last used the proxy. Operators look at them before they delete
// a user. The record holds only days. So a process writes it at most once a day, after the answer, and reads it only
// when it has another reason to write: on KV every call counts.
import { LRUCache } from 'lru-cache'
import type { Clock, Log } from '../contract.ts'
import { toGatewayError } from '../errors.ts'
import { isObject, type JsonObject } from '../json.ts'
import { keys } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import type { Defer } from './verifier.ts'

/** Days as `YYYY-MM-DD`, in UTC. `created` is null for users who are older than this record. */
export interface Meta {
  readonly created: string | null
  readonly lastUsed: string | null
}

export interface LastUse {
  readonly created: (username: string, defer: Defer) => void
  /**
   * Runs on every request. It acts only on a user's first request of a day, and only if this process knows the user's
   * last day.
   */
  readonly seen: (username: string, defer: Defer) => void
  /** Runs on requests that call GitHub anyway. It also handles users who are new to this process. */
  readonly used: (username: string, defer: Defer) => void
  readonly forget: (username: string) => void
}

const dayMs = 86_400_000
/** `at` counts days since the epoch: comparing numbers is cheaper than formatting dates. */
interface Known {
  readonly at: number
  readonly created: string | null | undefined
}

export function createLastUse (store: Store, { now }: Clock, log: Log): LastUse {
  const days = new LRUCache<string, Known>({ max: 10_000 })
  const today = () => Math.floor(now() / dayMs)

  return {
    created (username, defer) {
      const known: Known = { at: today(), created: toDay(now()) }
      days.set(username, known)
      defer(write(username, known))
    },
    seen (username, defer) {
      const known = days.get(username)
      if (known !== undefined && known.at < today()) touch(username, known, defer)
    },
    used (username, defer) {
      const known = days.get(username)
      if (known === undefined || known.at < today()) touch(username, known, defer)
    },
    forget (username) {
      days.delete(username)
    },
  }

  function touch (username: string, known: Known | undefined, defer: Defer): void {
    const next: Known = { at: today(), created: known?.created }
    days.set(username, next) // Set before the write, so that parallel requests write once.
    defer(write(username, next))
  }

  async function write (username: string, next: Known): Promise<void> {
    const day = toDay(next.at * dayMs)
    try {
      const stored = next.created === undefined ? readMeta(await store.get(keys.meta(username))) : null
      if (days.get(username) !== next) return // The user was deleted in the meantime, or a new day began.
      const created = next.created === undefined ? stored?.created ?? null : next.created
      days.set(username, { at: next.at, created })
      if ((stored?.lastUsed ?? '') >= day) return // Another process already wrote this day.
      await store.set(keys.meta(username), JSON.stringify({ created, lastUsed: day } satisfies Meta))
    } catch (thrown) {
      days.delete(username) // The user's next call to GitHub tries again.
      log.warn({ event: 'repair-failed', code: toGatewayError(thrown).code, err: thrown },
        "the day of a user's last use was not kept")
    }
  }
}

/** Accepts any value, because other software may have written it. */
export function readMeta (value: string | null): Meta {
  const raw = parse(value)
  const day = (text: unknown) => typeof text === 'string' && /^\d{4}-\d\d-\d\d$/.test(text) ? text : null
  return { created: day(raw['created']), lastUsed: day(raw['lastUsed']) }
}

function parse (value: string | null): JsonObject {
  if (value === null) return {}
  try {
    const raw: unknown = JSON.parse(value)
    return isObject(raw) ? raw : {}
  } catch {
    return {}
  }
}

function toDay (at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}
