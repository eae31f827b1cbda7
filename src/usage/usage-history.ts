// Counts what each user does, by day, key, seat, client, model and endpoint, and keeps it in the store. A request only
// adds to numbers in memory. `flush` writes them: every few seconds in a process, and at its end. `docs/usage.md`
import type { Account } from '../auth/account.ts'
import type { Call, Clock, Log } from '../contract.ts'
import type { Usage } from '../dialects/contract/dialect.ts'
import { dayMs, toDay } from '../days.ts'
import { mapAtOnce } from '../map-at-once.ts'
import { toGatewayError } from '../errors.ts'
import { keys } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import { usageOf } from '../store/usage-of-store.ts'
import { mergeRows, type UsageRow, type UserUsage } from '../store/usage-store.ts'
import { clientOf } from './client-of.ts'
import type { QuotaWatch } from './quota-watch.ts'
import { createPendingUsage, giveBackRows, takeRows, type PendingUser } from './usage-pending.ts'

/** One call that the gateway sent to Copilot. */
export interface UsageEvent {
  /** As Copilot names it. */
  readonly model: string
  readonly endpoint: string
  /** Null if the answer named none. */
  readonly usage: Usage | null
  readonly isError?: boolean
  readonly isSearch?: boolean
  /** Premium requests that the call costs on a seat that pays by request. */
  readonly premium: number | null
}

export interface UsageHistory {
  /** The days that are kept; 0 if nothing is recorded. */
  readonly keptDays: number
  /** Runs for every model call. Asks no store. */
  readonly add: (account: Account, call: Pick<Call, 'headers' | 'defer'>, event: UsageEvent) => void
  /**
   * One user's rows, with what this process has not written yet. Days are `YYYY-MM-DD` in UTC, and both count.
   * @throws {StoreError}
   */
  readonly of: (username: string, from: string, to: string) => Promise<readonly UsageRow[]>
  /** The rows of all users, each user once: for the operator. @throws {StoreError} */
  readonly ofAll: (from: string, to: string) => AsyncIterable<UserUsage>
  /** Takes a user's counts, to write them in another way. Null if there are none, or if they are being written. */
  readonly take: (username: string) =>
    | TakenUsage
    | null
  /** Writes the counts that are due, or all of them. Never throws: what fails stays in memory for the next time. */
  readonly flush: (isLast?: boolean) => Promise<void>
  readonly forget: (username: string) => void
}

export interface TakenUsage {
  readonly rows: readonly UsageRow[]
  readonly keepDays: number
  /** Called once. What was not written is written later. */
  readonly done: (isWritten: boolean) => void
}

interface Options {
  readonly store: Store | null
  readonly keptDays: number
  readonly clock: Clock
  readonly log: Log
  readonly watch: QuotaWatch
  /** False on a runtime without timers between requests: a call then writes what is due, after its answer. */
  readonly isFlushed: boolean
}

/** The longest and oddest name of a model that is kept as it is. */
const nameForm = /^[A-Za-z0-9][\w.:/@+-]{0,63}$/
/** Writes at the same time when the process ends: a store over the network is slow. */
const atOnceAtEnd = 8
/** A flush that takes longer has ended without a word: a Worker's request can end before its work. */
const longestMs = 60_000
/** No call has more tokens or credits than that, whatever upstream says. */
const mostOfOne = 1e13

export function createUsageHistory ({ store, keptDays, clock, log, watch, isFlushed }: Options): UsageHistory {
  const { now, monotonic } = clock
  const driver = store === null ? null : usageOf(store)
  const pending = createPendingUsage(monotonic, driver?.pace.firstMs ?? 0)
  const today = { number: NaN, text: '' }
  let expiredOn = ''
  let flushing: { readonly work: Promise<void>, readonly since: number } | null = null

  return {
    keptDays,
    add (account, { headers, defer }, event) {
      watch.counted(account, { nanoCredits: event.usage?.nanoCredits ?? 0, premium: event.premium })
      if (driver === null || keptDays === 0) return
      count(
        pending.rowOf(account.username, { day: dayNow(), key: keyName(account), seat: account.seat,
          client: isPage(account) ? 'page' : clientOf(headers),
          model: nameForm.test(event.model) ? event.model : 'other', endpoint: event.endpoint }),
        event,
      )
      if (!isFlushed && monotonic() >= pending.nextDueAt()) defer(flush(false))
    },
    async of (username, from, to) {
      const [start, end] = [later(from, firstDay()), earlier(to, dayNow())]
      if (driver === null || keptDays === 0 || start > end) return []
      return mergeRows(await driver.read(username, start, end), pending.unwritten(username, start, end))
    },
    async *ofAll (from, to) {
      const [start, end] = [later(from, firstDay()), earlier(to, dayNow())]
      if (driver === null || keptDays === 0 || start > end) return
      const seen = new Set<string>()
      for await (const { username, rows } of driver.all(start, end)) {
        seen.add(username)
        yield { username, rows: mergeRows(rows, pending.unwritten(username, start, end)) }
      }
      for (const username of [...pending.users.keys()]) {
        const rows = seen.has(username) ? [] : pending.unwritten(username, start, end)
        if (rows.length > 0) yield { username, rows }
      }
    },
    take (username) {
      const user = pending.users.get(username)
      if (user === undefined || user.isTaken || user.writing.length > 0 || user.rows.size === 0) return null
      user.isTaken = true
      return { rows: takeRows(user), keepDays: keptDays, done (isWritten) {
        user.isTaken = false
        if (isWritten) user.writing = []
        else giveBackRows(user)
      } }
    },
    flush: (isLast = false) => flush(isLast),
    forget: pending.forget,
  }

  function dayNow (): string {
    const number = Math.floor(now() / dayMs)
    if (number !== today.number) Object.assign(today, { number, text: toDay(now()) })
    return today.text
  }

  function firstDay (): string {
    return toDay(now() - (keptDays - 1) * dayMs)
  }

  /** One at a time. The last one begins after the one that runs. */
  async function flush (isLast: boolean): Promise<void> {
    const isBusy = flushing !== null && monotonic() - flushing.since < longestMs
    if (!isLast && (isBusy || (monotonic() < pending.nextDueAt() && expiredOn === dayNow()))) return
    if (isBusy) await flushing?.work
    const own = { since: monotonic(), work: writeDue(isLast).finally(() => {
      if (flushing === own) flushing = null
      pending.reschedule()
    }) }
    flushing = own
    await own.work
  }

  async function writeDue (isLast: boolean): Promise<void> {
    if (driver === null) return
    await expire()
    const due = [...pending.users].filter(([, { dueAt, isTaken }]) => !isTaken && (isLast || monotonic() >= dueAt))
    const active = due.filter(([username, { rows, writing }]) => {
      const isIdle = rows.size === 0 && writing.length === 0
      if (isIdle) pending.users.delete(username)
      return !isIdle
    })
    const batches: Array<typeof active> = []
    for (let at = 0; at < active.length; at += driver.pace.usersAtOnce) {
      batches.push(active.slice(at, at + driver.pace.usersAtOnce))
    }
    // At its end a process has little time.
    await mapAtOnce(batches, isLast ? atOnceAtEnd : 1, batch => write(batch, isLast))
  }

  /** Counts that arrive while the store works are for the next time. */
  async function write (due: ReadonlyArray<readonly [string, PendingUser]>, isLast: boolean): Promise<void> {
    if (driver === null) return
    const pauseMs = driver.pace.everyMs * Math.max(1, pending.users.size / driver.pace.usersAtFullPace)
    try {
      const batch: UserUsage[] = []
      for (const [username, user] of due) {
        if (!await isUser(username)) {
          pending.users.delete(username)
          continue
        }
        batch.push({ username, rows: takeRows(user) })
      }
      const waitMs = await driver.add(batch, { keepDays: keptDays, isLast, now: now() })
      for (const [username, user] of due) await settle(username, user, waitMs, pauseMs)
    } catch (thrown) {
      for (const [username, user] of due) await settle(username, user, driver.pace.everyMs, pauseMs)
      note(thrown)
    }
  }

  /** @param waitMs null if the rows were written */
  async function settle (username: string, user: PendingUser, waitMs: number | null, pauseMs: number): Promise<void> {
    user.dueAt = monotonic() + (waitMs ?? pauseMs)
    if (waitMs !== null) return giveBackRows(user)
    user.writing = []
    if (pending.users.get(username) !== user) await driver?.delete(username).catch(note) // Deleted meanwhile.
  }

  /** An answer may end after its user was deleted. */
  async function isUser (username: string): Promise<boolean> {
    return store !== null && await store.get(keys.user(username)) !== null
  }

  /** Where nothing is recorded, nothing is deleted: in a command, or while an operator switches recording off. */
  async function expire (): Promise<void> {
    if (driver === null || expiredOn === dayNow()) return
    const isMoreLeft = keptDays > 0 && await driver.expire(firstDay()).catch(note)
    if (isMoreLeft !== true) expiredOn = dayNow()
  }

  function note (thrown: unknown): void {
    log.warn({ event: 'repair-failed', code: toGatewayError(thrown).code, err: thrown },
      'usage was not written; it is kept in memory until the next try')
  }
}

/** `password`, `session`, or the id of the key. */
function keyName (account: Account): string {
  return isPage(account) ? 'session' : account.entry?.id ?? 'password'
}

/** Keys alone are for other programs. */
function isPage ({ entry }: Account): boolean {
  return entry !== null && entry.kind !== 'key'
}

function count (row: UsageRow, { usage, isError = false, isSearch = false }: UsageEvent): void {
  row.requests++
  if (isError) row.errors++
  if (isSearch) row.searches++
  if (usage === null) return
  row.inputTokens += amount(usage.input)
  row.cachedTokens += amount(usage.cacheRead)
  row.outputTokens += amount(usage.output)
  row.reasoningTokens += amount(usage.reasoning)
  row.nanoCredits += amount(usage.nanoCredits)
}

/** Upstream's numbers, as a whole number that every store holds. */
function amount (value: number): number {
  return value > 0 ? Math.round(Math.min(value, mostOfOne)) : 0
}

function earlier (one: string, two: string): string {
  return one < two ? one : two
}

function later (one: string, two: string): string {
  return one > two ? one : two
}
