// What this process has for the others: new values wait here, by user, until the answer that made them ends. Then they
// leave in one round trip, with the user's other news. During an outage they wait, within bounds.
import { LRUCache } from 'lru-cache'
import type { Account } from '../auth/account.ts'
import type { Sharing } from '../relay/sharing.ts'
import { userOf } from '../seat-names.ts'
import type { HotResult, HotStep } from '../store/hot-state.ts'
import type { Engine } from './engine.ts'
import { bundleSteps, toBundles, type SharedValue } from './bundle.ts'
import type { HotKey } from './packed.ts'

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

interface Value extends SharedValue {
  readonly until: number
}
interface Waiting {
  values: Value[]
  /** The round trip that is under way. */
  work:
    | Promise<void>
    | null
  /** The one after it, for everything that comes meanwhile. */
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

export function createOutbox (engine: Engine, monotonic: () => number, keyOf: HotKey): Outbox {
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
    keep (owner, kind, id, value, bytes, items = []) {
      const account = accounts.get(owner)
      if (account === undefined || engine.isAlone()) return
      const username = userOf(owner)
      const user = waitingOf(username)
      users.set(username, user)
      user.values.push({ account, kind, id, value, bytes, items, until: monotonic() + ttlMs })
      waitingBytes += bytes
      while (waitingBytes > maxBytes && user.values.length > 0) waitingBytes -= user.values.shift()?.bytes ?? 0
    },
    settle (username) {
      return engine.isOn() ? send(username) : null
    },
    async tick () {
      for (const [username, { values, work, isBehind }] of [...users]) {
        if (!engine.isOn()) return
        if ((values.length > 0 || isBehind) && work === null) await send(username)
      }
    },
    async end () {
      await Promise.all([...users].map(async ([username, { work }]) => {
        await (engine.isOn() ? send(username) : work)
      }))
    },
    forget (username) {
      const user = users.get(username)
      for (const { bytes } of user?.values ?? []) waitingBytes -= bytes
      if (user !== undefined) user.values = []
      users.delete(username)
      for (const owner of accounts.keys()) if (userOf(owner) === username) accounts.delete(owner)
    },
  }

  function waitingOf (username: string): Waiting {
    return users.get(username) ?? { values: [], work: null, next: null, isBehind: false }
  }

  function newsOf (username: string): News[] {
    return sources.map(source => source(username)).filter(news => news !== null)
  }

  /**
   * One round trip of a user at a time, so that an older value never replaces a newer one. What comes meanwhile leaves
   * together with the next one.
   */
  function send (username: string): Promise<void> | null {
    const user = waitingOf(username)
    if (user.work !== null) {
      const go = () => begin(username, user, newsOf(username))
      return user.next ??= user.work.then(go, go)
    }
    const news = newsOf(username)
    if (news.length === 0 && user.values.length === 0) return null
    users.set(username, user)
    return begin(username, user, news)
  }

  function begin (username: string, user: Waiting, news: readonly News[]): Promise<void> {
    user.next = null
    return user.work = write(username, user, news).finally(() => {
      if (user.next !== null) return
      user.work = null
      if (user.values.length === 0 && !user.isBehind && users.get(username) === user) users.delete(username)
    })
  }

  async function write (username: string, user: Waiting, news: readonly News[]): Promise<void> {
    const values = user.values
    user.values = []
    const own = await toSteps(values)
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

  async function toSteps (values: readonly Value[]): Promise<HotStep[]> {
    const now = monotonic()
    const bundles = toBundles(values.filter(({ until }) => until > now))
    return (await Promise.all(
      bundles.map(bundle =>
        bundleSteps(bundle, keyOf, engine.maxValueLength, Math.max(...bundle.map(({ until }) => until)) - now)
      ),
    )).flat()
  }
}
