// The counts of users that the store does not have yet, and the limit of places that one user can have in a day.
import { LateCache } from '../late-cache.ts'
import { foldedPlace, maxPlacesPerDay, mergeRows, noCounts, placeKey, type UsagePlace,
  type UsageRow } from '../store/usage-store.ts'

export interface PendingUser {
  rows: Map<string, UsageRow>
  /** What the store is writing now. */
  writing: readonly UsageRow[]
  /** By the monotonic clock. */
  dueAt: number
  /** What is in `writing` is written in another way. */
  isTaken: boolean
}

export interface PendingUsage {
  readonly users: Map<string, PendingUser>
  /** The row to count in. Past the limit of places it is the row `other`. */
  readonly rowOf: (username: string, place: UsagePlace) => UsageRow
  /** Days are `YYYY-MM-DD`, both included. */
  readonly unwritten: (username: string, from: string, to: string) => UsageRow[]
  /** When the first user is due; Infinity if nothing waits. */
  readonly nextDueAt: () => number
  /** Finds that moment again, after users were written. */
  readonly reschedule: () => void
  readonly forget: (username: string) => void
}

/** @param firstMs how long the first count of a user waits */
export function createPendingUsage (monotonic: () => number, firstMs: number): PendingUsage {
  const users = new Map<string, PendingUser>()
  /** The places of today, also those that were written: the limit holds for the day. */
  const placesOf = new LateCache<string, { day: string, places: Set<string> }>({ max: 10_000 })
  let nextDueAt = Infinity

  return {
    users,
    rowOf (username, place) {
      const key = placeKey(place)
      const user = users.get(username) ?? begin(username)
      return user.rows.get(key) ?? addRow(username, user, place, key)
    },
    unwritten (username, from, to) {
      const user = users.get(username)
      return [...user?.writing ?? [], ...user?.rows.values() ?? []].filter(({ day }) => day >= from && day <= to)
    },
    nextDueAt: () => nextDueAt,
    reschedule () {
      nextDueAt = Infinity
      for (const { dueAt } of users.values()) nextDueAt = Math.min(nextDueAt, dueAt)
    },
    forget (username) {
      users.delete(username)
      placesOf.delete(username)
    },
  }

  function begin (username: string): PendingUser {
    const user: PendingUser = { rows: new Map(), writing: [], dueAt: monotonic() + firstMs, isTaken: false }
    users.set(username, user)
    nextDueAt = Math.min(nextDueAt, user.dueAt)
    return user
  }

  function addRow (username: string, { rows }: PendingUser, place: UsagePlace, key: string): UsageRow {
    const known = placesOf.get(username)
    const places = known?.day === place.day ? known.places : new Set<string>()
    if (places !== known?.places) placesOf.set(username, { day: place.day, places })
    const isFull = !places.has(key) && places.size >= maxPlacesPerDay - 1
    if (!isFull) places.add(key)
    const at = isFull ? foldedPlace(place) : place
    const atKey = isFull ? placeKey(at) : key
    const row = rows.get(atKey) ?? { ...at, ...noCounts() }
    rows.set(atKey, row)
    return row
  }
}

/**
 * Takes what is to be written. What an earlier try left behind is in it: a Worker's request can end in the middle of a
 * write.
 */
export function takeRows (user: PendingUser): readonly UsageRow[] {
  user.writing = mergeRows(user.writing, [...user.rows.values()])
  user.rows = new Map()
  return user.writing
}

/** Puts back what was not written. */
export function giveBackRows (user: PendingUser): void {
  user.rows = new Map(mergeRows(user.writing, [...user.rows.values()]).map(row => [placeKey(row), row]))
  user.writing = []
}
