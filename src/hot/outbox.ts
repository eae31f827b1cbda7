// What this process has for the others: new values wait here, by user, until the answer that made them ends. Then they
// leave in one round trip, with the user's other news. During an outage they wait, within bounds.
import { LRUCache } from 'lru-cache'
import type { Account } from '../auth/account.ts'
import type { SharedKind, Sharing } from '../relay/sharing.ts'
import { userOf } from '../seat-names.ts'
import type { HotResult, HotStep } from '../store/hot-state.ts'
import type { Engine } from './engine.ts'
import { hotKey, pack } from './packed.ts'

/** Steps of another part, for the same round trip. */
export interface News {
  readonly steps: readonly HotStep[]
  /** @param results those of `steps`; null if the engine did not answer */
  readonly apply: (results: readonly HotResult[] | null) => void
  /** More follows, once these results are there. */
  readonly hasMore?: boolean
}
/** Null if there is nothing. */
export type NewsSource = (username: string) => News | null

export interface Outbox extends Sharing {
  /** Values of an owner are sealed with the key of the account that was met last. */
  readonly meet: (account: Account) => void
  /** Adds a source for every later `settle`. */
  readonly join: (source: NewsSource) => void
  /** Sends what there is. Null if there is nothing. Never rejects, and takes no longer than the engine may. */
  readonly settle: (username: string) =>
    | Promise<void>
    | null
  /** Sends what an outage left behind. */
  readonly tick: () => Promise<void>
  /** Sends everything, before the process ends. */
  readonly end: () => Promise<void>
  readonly forget: (username: string) => void
}

interface Value {
  readonly account: Account
  readonly kind: SharedKind
  readonly id: string
  readonly value: unknown
  readonly bytes: number
  readonly until: number
}
interface Waiting {
  values: Value[]
  /** The last round trip, which the next one follows. */
  work:
    | Promise<void>
    | null
  /** Follows that one, and takes all that came meanwhile. */
  next:
    | Promise<void>
    | null
  /** The engine did not answer the last one. */
  isBehind: boolean
}

/** As long as this process remembers them. */
const ttlMs = 3_600_000
/** Of all users. The oldest values of a user go first. */
const maxBytes = 33_554_432

export function createOutbox (engine: Engine, monotonic: () => number): Outbox {
  const accounts = new LRUCache<string, Account>({ max: 10_000 })
  const users = new Map<string, Waiting>()
  const sources: NewsSource[] = []
  let waitingBytes = 0

  return {
    meet (account) {
      if (!engine.isAlone()) accounts.set(account.owner, account)
    },
    join (source) {
      sources.push(source)
    },
    keep (owner, kind, id, value, bytes) {
      const account = accounts.get(owner)
      if (account === undefined || engine.isAlone()) return
      const username = userOf(owner)
      const user = users.get(username) ?? newWaiting()
      users.set(username, user)
      user.values.push({ account, kind, id, value, bytes, until: monotonic() + ttlMs })
      waitingBytes += bytes
      while (waitingBytes > maxBytes && user.values.length > 0) waitingBytes -= user.values.shift()?.bytes ?? 0
    },
    settle (username) {
      if (!engine.isOn()) return null
      const user = users.get(username)
      const isBusy = user !== undefined && (user.work !== null || user.values.length > 0)
      // While a round trip is under way, sources may hold back what belongs to this call.
      const news = isBusy ? null : newsOf(username)
      return news?.length === 0 ? null : send(username, news)
    },
    async tick () {
      for (const [username, { values, work, isBehind }] of [...users]) {
        if (!engine.isOn()) return
        if ((values.length > 0 || isBehind) && work === null) await send(username)
      }
    },
    async end () {
      await Promise.all([...users].map(async ([username, { work }]) => {
        if (engine.isOn()) await send(username)
        else await work
      }))
    },
    forget (username) {
      for (const { bytes } of users.get(username)?.values ?? []) waitingBytes -= bytes
      users.delete(username)
      for (const owner of accounts.keys()) if (userOf(owner) === username) accounts.delete(owner)
    },
  }

  function newsOf (username: string): News[] {
    return sources.map(source => source(username)).filter(news => news !== null)
  }

  /**
   * One round trip of a user at a time, so that an older value never replaces a newer one.
   * @param news what the sources gave for a round trip that begins now
   */
  function send (username: string, news: readonly News[] | null = null): Promise<void> {
    const user = users.get(username) ?? newWaiting()
    users.set(username, user)
    if (user.next !== null) return user.next
    const begin = () => {
      user.next = null
      return write(username, user, news ?? newsOf(username))
    }
    const work = (user.work === null ? begin() : user.next = user.work.then(begin)).finally(() => {
      if (user.work !== work) return
      user.work = null
      if (user.values.length === 0 && !user.isBehind) users.delete(username)
    })
    user.work = work
    return work
  }

  async function write (username: string, user: Waiting, news: readonly News[]): Promise<void> {
    const values = user.values
    user.values = []
    const sets = await Promise.all(values.map(toStep))
    const own = sets.filter(step => step !== null)
    const steps = [...own, ...news.flatMap(({ steps }) => steps)]
    const results = steps.length === 0 ? [] : await engine.run(username, steps)
    let at = own.length
    for (const { steps, apply } of news) {
      apply(results === null ? null : results.slice(at, at + steps.length))
      at += steps.length
    }
    user.isBehind = results === null || news.some(({ hasMore }) => hasMore === true)
    if (results === null) user.values = [...values, ...user.values]
    else for (const { bytes } of values) waitingBytes -= bytes
  }

  async function toStep ({ account, kind, id, value, until }: Value): Promise<HotStep | null> {
    const leftMs = until - monotonic()
    const packed = leftMs > 0 ? await pack(account, value) : null
    if (packed === null || packed.length > engine.maxValueLength) return null
    return { do: 'set', key: await hotKey(account.owner, kind, id), value: packed, ttlMs: leftMs }
  }
}

function newWaiting (): Waiting {
  return { values: [], work: null, next: null, isBehind: false }
}
