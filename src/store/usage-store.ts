// What a driver keeps of usage: counts by day, user and place, in tables or values of its own. It knows no content of
// any request. A driver without tables is served by `usage-values.ts`. `docs/usage.md`

/** Where a count belongs. Each part is short, and the recorder limits how many places one user has in a day. */
export interface UsagePlace {
  /** In UTC, as `YYYY-MM-DD`. */
  readonly day: string
  /** The id of a key, or `password` or `session`. */
  readonly key: string
  readonly seat: string
  readonly client: string
  readonly model: string
  /** Copilot's path, such as `/responses`. */
  readonly endpoint: string
}

/** Whole numbers, never negative. */
export interface UsageCounts {
  requests: number
  /** Requests that ended in an error; they count in `requests` too. */
  errors: number
  inputTokens: number
  /** Part of `inputTokens`. */
  cachedTokens: number
  outputTokens: number
  /** Part of `outputTokens`. */
  reasoningTokens: number
  /** AI credits in units of 10⁻⁹. */
  nanoCredits: number
  searches: number
}

export interface UsageRow extends UsagePlace, UsageCounts {}

export interface UserUsage {
  readonly username: string
  readonly rows: readonly UsageRow[]
}

export interface UsageWrite {
  /** A day may be deleted so many days after it ends. */
  readonly keepDays: number
  /** The process is about to end: write now, whatever the pace. */
  readonly isLast: boolean
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** Days are `YYYY-MM-DD`, so their order is that of the text. Both ends of a range count. */
export interface UsageStore {
  /**
   * How often the recorder writes one user's counts (first `firstMs` after the first count), and for how many users in
   * one call. If more users than `usersAtFullPace` are active, each is written less often.
   */
  readonly pace: { readonly everyMs: number, readonly firstMs: number, readonly usersAtOnce: number,
    readonly usersAtFullPace: number }
  /**
   * Adds the counts to those of the same places, all or none.
   * @returns null, or the milliseconds to wait before the next try, if another process wrote a moment ago
   * @throws {StoreError} and nothing is added
   */
  add(batch: readonly UserUsage[], options: UsageWrite): Promise<number | null>
  /** @throws {StoreError} */
  read(username: string, from: string, to: string): Promise<readonly UsageRow[]>
  /** Each user once, in any order. @throws {StoreError} */
  all(from: string, to: string): AsyncIterable<UserUsage>
  /** Deletes all of one user. @throws {StoreError} */
  delete(username: string): Promise<void>
  /**
   * Deletes days before this one, where the driver does not expire them by itself. @returns whether some are left: then
   * call it again later @throws {StoreError}
   */
  expire(before: string): Promise<boolean>
}

/** The number of places that one user can have in one day. What is beyond goes to a place named `other`. */
export const maxPlacesPerDay = 120

export const countNames = ['requests', 'errors', 'inputTokens', 'cachedTokens', 'outputTokens', 'reasoningTokens',
  'nanoCredits', 'searches'] as const satisfies ReadonlyArray<keyof UsageCounts>

export function noCounts (): UsageCounts {
  return { requests: 0, errors: 0, inputTokens: 0, cachedTokens: 0, outputTokens: 0, reasoningTokens: 0, nanoCredits: 0,
    searches: 0 }
}

export function addCounts (to: UsageCounts, from: UsageCounts): void {
  for (const name of countNames) to[name] += from[name]
}

export function placeKey ({ day, key, seat, client, model, endpoint }: UsagePlace): string {
  return `${day}\n${key}\n${seat}\n${client}\n${model}\n${endpoint}`
}

export function foldedPlace (place: UsagePlace): UsagePlace {
  return { day: place.day, key: 'other', seat: 'other', client: 'other', model: 'other', endpoint: 'other' }
}

/** The rows of both, each place once. */
export function mergeRows (...lists: ReadonlyArray<readonly UsageRow[]>): UsageRow[] {
  const merged = new Map<string, UsageRow>()
  for (const rows of lists) {
    for (const row of rows) {
      const key = placeKey(row)
      const known = merged.get(key)
      if (known === undefined) merged.set(key, { ...row })
      else addCounts(known, row)
    }
  }
  return [...merged.values()]
}
