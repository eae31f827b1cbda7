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
  readonly lastUsed:
    | string
    | null
  /** The last days of keys, by id. Absent in records of earlier releases. */
  readonly keys?: Readonly<Record<string, string>>
}

export interface LastUse {
  readonly created: (username: string, defer: Defer) => void
  /**
   * Runs on every request. It acts only on a user's first request of a day, and only if this process knows the user's
   * last day. A key's first request of a day is written with the user's, or an hour after the last write.
   */
  readonly seen: (username: string, defer: Defer, keyId?: string | null) => void
  /** Runs on requests that call GitHub anyway. It also handles users who are new to this process. */
  readonly used: (username: string, defer: Defer) => void
  /** The last days of a user's keys, by id. @throws {StoreError} */
  readonly keyDays: (username: string) => Promise<Readonly<Record<string, string>>>
  readonly forget: (username: string) => void
}

const dayMs = 86_400_000
/** `at` counts days since the epoch: comparing numbers is cheaper than formatting dates. */
interface Known {
  readonly at: number
  readonly created: string | null | undefined
}
/** The last days of a user's keys in this process. */
interface KeyUse {
  readonly days: Map<string, number>
  /** Whether the store does not have one of them yet. */
  isNews: boolean
  writtenAt: number
}

export function createLastUse (store: Store, { now }: Clock, log: Log): LastUse {
  const days = new LRUCache<string, Known>({ max: 10_000 })
  const keyDays = new LRUCache<string, KeyUse>({ max: 10_000 })
  const today = () => Math.floor(now() / dayMs)
  const keysApartMs = store.kind === 'cloudflare-kv' ? 3_600_000 : 0

  return {
    created (username, defer) {
      const known: Known = { at: today(), created: toDay(now()) }
      days.set(username, known)
      defer(write(username, known))
    },
    seen (username, defer, keyId = null) {
      const known = days.get(username)
      const isNews = keyId !== null && noteKey(username, keyId)
      if (known !== undefined && (known.at < today() || isNews)) touch(username, known, defer)
    },
    used (username, defer) {
      const known = days.get(username)
      if (known === undefined || known.at < today()) touch(username, known, defer)
    },
    async keyDays (username) {
      const stored = readMeta(await store.get(keys.meta(username))).keys ?? {}
      return { ...stored, ...toDays(keyDays.get(username)) }
    },
    forget (username) {
      days.delete(username)
      keyDays.delete(username)
    },
  }

  /** True if the store should learn of it now. */
  function noteKey (username: string, id: string): boolean {
    const use = keyDays.get(username) ?? { days: new Map<string, number>(), isNews: false, writtenAt: -Infinity }
    if (use.days.get(id) !== today()) {
      use.days.set(id, today())
      use.isNews = true
      keyDays.set(username, use)
    }
    return use.isNews && now() - use.writtenAt >= keysApartMs
  }

  function touch (username: string, known: Known | undefined, defer: Defer): void {
    const next: Known = { at: today(), created: known?.created }
    days.set(username, next) // Set before the write, so that parallel requests write once.
    defer(write(username, next))
  }

  async function write (username: string, next: Known): Promise<void> {
    const day = toDay(next.at * dayMs)
    const use = keyDays.get(username)
    const isNews = use?.isNews === true
    if (use !== undefined) Object.assign(use, { isNews: false, writtenAt: now() })
    try {
      const isKnown = next.created !== undefined && use === undefined
      const stored = isKnown ? null : readMeta(await store.get(keys.meta(username)))
      if (days.get(username) !== next) return // The user was deleted in the meantime, or a new day began.
      const created = next.created === undefined ? stored?.created ?? null : next.created
      days.set(username, { at: next.at, created })
      if ((stored?.lastUsed ?? '') >= day && !isNews) return // Another process already wrote this day.
      const keyDays = { ...stored?.keys, ...toDays(use) }
      const meta: Meta = { created, lastUsed: day, ...Object.keys(keyDays).length === 0 ? {} : { keys: keyDays } }
      await store.set(keys.meta(username), JSON.stringify(meta))
    } catch (thrown) {
      if (use !== undefined) use.isNews ||= isNews
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
  const used = isObject(raw['keys']) ? Object.entries(raw['keys']).filter(([, text]) => day(text) !== null) : []
  return { created: day(raw['created']), lastUsed: day(raw['lastUsed']),
    ...used.length === 0 ? {} : { keys: Object.fromEntries(used) as Record<string, string> } }
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

function toDays (use: KeyUse | undefined): Record<string, string> {
  return Object.fromEntries([...use?.days ?? []].map(([id, day]) => [id, toDay(day * dayMs)]))
}
