// `meta:<user>`: the days on which users registered and last used the proxy. Operators look at them before they delete
// a user. The record holds only days. So a process writes it at most once a day, after the answer, and reads it only
// when it has another reason to write: on KV every call counts.
import { LRUCache } from 'lru-cache'
import { LateCache } from '../late-cache.ts'
import type { Clock, Log } from '../contract.ts'
import { dayMs, toDay } from '../days.ts'
import { toGatewayError } from '../errors.ts'
import { isObject, type JsonObject } from '../json.ts'
import { keys } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import type { AccountEntry } from './account.ts'
import type { Defer } from './verifier.ts'

type Days = Readonly<Record<string, string>>

/** Days as `YYYY-MM-DD`, in UTC. `created` is null for users who are older than this record. */
export interface Meta {
  readonly created: string | null
  readonly lastUsed:
    | string
    | null
  /** The last days of keys, by id. Absent in records of earlier releases. */
  readonly keys?: Days
  /** The same for sessions: the newest of them, because people make many more of these. */
  readonly devices?: Days
}

export interface LastUse {
  readonly created: (username: string, defer: Defer) => void
  /**
   * Runs on every request. It acts only on a user's first request of a day, and only if this process knows the user's
   * last day. The first request of a key or session on a day is written with the user's, or an hour after the last
   * write.
   */
  readonly seen: (username: string, defer: Defer, entry?: Pick<AccountEntry, 'id' | 'kind'> | null) => void
  /** Runs on requests that call GitHub anyway. It also handles users who are new to this process. */
  readonly used: (username: string, defer: Defer) => void
  /** The last days of a user's keys and sessions, by id. @throws {StoreError} */
  readonly entryDays: (username: string) => Promise<Days>
  readonly forget: (username: string) => void
}

/** Of a user's sessions; ten can be open at once. */
const maxDevices = 30
/**
 * `at` counts days since the epoch: comparing numbers is cheaper than formatting dates. A class, because V8 throws away
 * the code that reads such an object literal after each compilation, and all code around it, such as `authenticate`.
 */
class Known {
  readonly at: number
  readonly created: string | null | undefined

  constructor (at: number, created: Known['created']) {
    this.at = at
    this.created = created
  }
}
/** The last days of a user's keys and sessions in this process. */
interface EntryUse {
  readonly keys: Map<string, number>
  readonly devices: Map<string, number>
  /** Whether the store does not have one of them yet. */
  isNews: boolean
  writtenAt: number
}

export function createLastUse (store: Store, { now }: Clock, log: Log): LastUse {
  const days = new LRUCache<string, Known>({ max: 10_000 })
  const entryUses = new LateCache<string, EntryUse>({ max: 10_000 })
  const today = () => Math.floor(now() / dayMs)
  const entriesApartMs = store.kind === 'cloudflare-kv' ? 3_600_000 : 0

  return {
    created (username, defer) {
      const known = new Known(today(), toDay(now()))
      days.set(username, known)
      defer(write(username, known))
    },
    seen (username, defer, entry = null) {
      const known = days.get(username)
      const isNews = entry !== null && noteEntry(username, entry)
      if (known !== undefined && (known.at < today() || isNews)) touch(username, known, defer)
    },
    used (username, defer) {
      const known = days.get(username)
      if (known === undefined || known.at < today()) touch(username, known, defer)
    },
    async entryDays (username) {
      const stored = readMeta(await store.get(keys.meta(username)))
      const use = entryUses.get(username)
      return { ...stored.keys, ...stored.devices, ...toDays(use?.keys), ...toDays(use?.devices) }
    },
    forget (username) {
      days.delete(username)
      entryUses.delete(username)
    },
  }

  /** True if the store should learn of it now. */
  function noteEntry (username: string, { id, kind }: Pick<AccountEntry, 'id' | 'kind'>): boolean {
    const use = entryUses.get(username)
      ?? { keys: new Map<string, number>(), devices: new Map<string, number>(), isNews: false, writtenAt: -Infinity }
    const days = kind === 'key' ? use.keys : use.devices
    if (days.get(id) !== today()) {
      days.set(id, today())
      const [first] = use.devices.keys()
      if (use.devices.size > maxDevices && first !== undefined) use.devices.delete(first)
      use.isNews = true
      entryUses.set(username, use)
    }
    return use.isNews && now() - use.writtenAt >= entriesApartMs
  }

  function touch (username: string, known: Known | undefined, defer: Defer): void {
    const next = new Known(today(), known?.created)
    days.set(username, next) // Set before the write, so that parallel requests write once.
    defer(write(username, next))
  }

  async function write (username: string, next: Known): Promise<void> {
    const day = toDay(next.at * dayMs)
    const use = entryUses.get(username)
    const isNews = use?.isNews === true
    if (use !== undefined) Object.assign(use, { isNews: false, writtenAt: now() })
    try {
      const isKnown = next.created !== undefined && use === undefined
      const stored = isKnown ? null : readMeta(await store.get(keys.meta(username)))
      if (days.get(username) !== next) return // The user was deleted in the meantime, or a new day began.
      const created = next.created === undefined ? stored?.created ?? null : next.created
      days.set(username, new Known(next.at, created))
      if ((stored?.lastUsed ?? '') >= day && !isNews) return // Another process already wrote this day.
      const meta: Meta = { created, lastUsed: day, ...named('keys', { ...stored?.keys, ...toDays(use?.keys) }),
        ...named('devices', newest({ ...stored?.devices, ...toDays(use?.devices) })) }
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
  const used = (value: unknown) =>
    Object.fromEntries((isObject(value) ? Object.entries(value) : []).filter(([, text]) => day(text) !== null)) as Days
  return { created: day(raw['created']), lastUsed: day(raw['lastUsed']), ...named('keys', used(raw['keys'])),
    ...named('devices', used(raw['devices'])) }
}

function named (name: 'keys' | 'devices', days: Days): Pick<Meta, 'keys' | 'devices'> {
  return Object.keys(days).length === 0 ? {} : { [name]: days }
}

/** Sessions that have ended fall out of the list in time. */
function newest (days: Days): Days {
  return Object.fromEntries(
    Object.entries(days).sort(([, one], [, other]) => other < one ? -1 : 1).slice(0, maxDevices),
  )
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

function toDays (days: ReadonlyMap<string, number> | undefined): Days {
  return Object.fromEntries([...days ?? []].map(([id, day]) => [id, toDay(day * dayMs)]))
}
