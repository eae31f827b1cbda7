// Counts the credits that each key spends in a month (UTC), for keys with a cap. The counts are in memory, and added to
// the store's now and then: `spend:<user>` holds `{month, keys: {id: nanoCredits}}`. A process that ends without
// warning forgets what it had not written yet: at most a twentieth of a key's cap.
import { LateCache } from '../late-cache.ts'
import type { Account } from '../auth/account.ts'
import { guard } from '../auth/user-store.ts'
import type { Call, Clock, Log } from '../contract.ts'
import { mapAtOnce } from '../map-at-once.ts'
import { GatewayError, toGatewayError } from '../errors.ts'
import { isObject } from '../json.ts'
import { keys } from '../store/keys.ts'
import type { Store } from '../store/store.ts'

type Defer = Call['defer']

export interface Spending {
  /**
   * For a key with a cap: reads the count once in a process.
   * @throws {GatewayError} `key_budget_exceeded`, `store_unavailable`
   */
  readonly assertWithin: (account: Account) =>
    | void
    | Promise<void>
  /** @param nanoCredits AI credits in units of 10⁻⁹ */
  readonly add: (account: Account, nanoCredits: number, defer: Defer) => void
  /** By the id of the key, in nano-credits, for this month. */
  readonly of: (username: string) => Promise<ReadonlyMap<string, number>>
  /** Writes the counts that are late, or all before the process ends. Never throws. */
  readonly flush: (isLast?: boolean) => Promise<void>
  readonly forget: (username: string) => void
}

/** The caps of keys over all processes. */
export interface SharedSpending {
  /** False in a process that is alone, and while the engine is away: then nobody knows more than this process. */
  readonly isOn: () => boolean
  /**
   * States what this process spent of a key's cap this month, in nano-credits.
   * @returns whether all processes together have reached the cap; null if nobody knows
   */
  readonly isReached: (username: string, id: string, spent: SpentOfCap) => Promise<boolean | null>
  /** The same is stated at the end of the call, without a question. */
  readonly note: (username: string, id: string, spent: SpentOfCap) => void
}

/** In nano-credits. */
export interface SpentOfCap {
  readonly month: string
  /** What this process spent. */
  readonly own: number
  readonly cap: number
}

interface Spent {
  readonly month: string
  /** What this process spent since it began, written or not. */
  readonly own: Map<string, number>
  /** As the store held it when it was last read or written. */
  stored: ReadonlyMap<string, number>
  /** What this process has not written yet. */
  readonly added: Map<string, number>
  writtenAt: number
  isWriting: boolean
}

const nano = 1e9
/** KV has 1,000 writes a day on its free plan. */
const writeEveryMs = { 'cloudflare-kv': 3_600_000, sqlite: 10_000, valkey: 10_000, memory: 10_000 } as const

/** @param shared null if no other process spends */
export function createSpending (
  store: Store | null,
  { now, monotonic }: Clock,
  log: Log,
  shared: SharedSpending | null = null,
): Spending {
  const users = new LateCache<string, Spent>({ max: 10_000 })
  /** Users with counts that the store does not have yet. */
  const unsaved = new Set<string>()
  const month = () => new Date(now()).toISOString().slice(0, 7)

  return {
    assertWithin (account) {
      const cap = account.entry?.monthlyCredits ?? null
      if (cap === null) return
      const known = knownOf(account.username)
      return known === null
        ? load(account.username).then(spent => assertBoth(spent, account, cap))
        : assertBoth(known, account, cap)
    },
    add (account, nanoCredits, defer) {
      const { username, entry } = account
      if (entry?.kind !== 'key' || nanoCredits <= 0) return
      const spent = knownOf(username)
      if (spent === null) {
        return defer(load(username).then(loaded => count(loaded, account, nanoCredits, defer)).catch(note))
      }
      count(spent, account, nanoCredits, defer)
    },
    async of (username) {
      const spent = knownOf(username) ?? await load(username)
      if (shared !== null && !spent.isWriting) {
        const { writtenAt } = spent
        const stored = await read(username) // With what other processes spent.
        if (!spent.isWriting && spent.writtenAt === writtenAt) spent.stored = stored
      }
      return merged(spent.stored, spent.added)
    },
    async flush (isLast = false) {
      // At its end a process has little time.
      await mapAtOnce([...unsaved], isLast ? 8 : 1, async username => {
        const spent = knownOf(username)
        if (spent === null) unsaved.delete(username)
        else if ((isLast || isLate(spent)) && !spent.isWriting) await write(username, spent)
      })
    },
    forget (username) {
      users.delete(username)
      unsaved.delete(username)
    },
  }

  function assertBoth (spent: Spent, account: Account, cap: number): void | Promise<void> {
    assertBelow(spent, account, cap)
    if (shared === null || !shared.isOn()) return
    const id = account.entry?.id ?? ''
    return shared.isReached(account.username, id, ofCap(spent, id, cap)).then(isReached => {
      if (isReached === true) throw overCap(cap)
    })
  }

  function ofCap ({ month, own }: Spent, id: string, cap: number): SpentOfCap {
    return { month, own: own.get(id) ?? 0, cap: cap * nano }
  }

  function knownOf (username: string): Spent | null {
    const known = users.get(username)
    return known?.month === month() ? known : null
  }

  async function load (username: string): Promise<Spent> {
    const stored = await read(username)
    const known = knownOf(username) // Another request may have read it meanwhile.
    if (known !== null) return known
    const spent: Spent = { month: month(), stored, added: new Map(), own: new Map(), writtenAt: monotonic(),
      isWriting: false }
    users.set(username, spent)
    return spent
  }

  async function read (username: string): Promise<ReadonlyMap<string, number>> {
    if (store === null) return new Map()
    return readSpending(await guard(store.get(keys.spending(username))), month())
  }

  function count (spent: Spent, { username, entry }: Account, nanoCredits: number, defer: Defer): void {
    const id = entry?.id ?? ''
    const added = (spent.added.get(id) ?? 0) + nanoCredits
    spent.added.set(id, added)
    spent.own.set(id, (spent.own.get(id) ?? 0) + nanoCredits)
    unsaved.add(username)
    const cap = entry?.monthlyCredits ?? null
    if (cap !== null) shared?.note(username, id, ofCap(spent, id, cap))
    const isMuch = cap !== null && added >= cap * nano / 20
    if ((isLate(spent) || isMuch) && !spent.isWriting) defer(write(username, spent))
  }

  function isLate ({ writtenAt }: Spent): boolean {
    return store !== null && monotonic() - writtenAt >= writeEveryMs[store.kind]
  }

  /** Other processes add to the same value, so it is read first. Two that do so at once lose one of their additions. */
  async function write (username: string, spent: Spent): Promise<void> {
    if (store === null) return
    spent.isWriting = true
    const added = new Map(spent.added)
    try {
      const total = merged(await read(username), added)
      await guard(
        store.set(keys.spending(username), JSON.stringify({ month: spent.month, keys: Object.fromEntries(total) })),
      )
      spent.stored = total
      for (const [id, amount] of added) spent.added.set(id, (spent.added.get(id) ?? 0) - amount)
      if ([...spent.added.values()].every(amount => amount === 0)) unsaved.delete(username)
    } catch (thrown) {
      note(thrown) // The next call tries again.
    } finally {
      spent.writtenAt = monotonic()
      spent.isWriting = false
    }
  }

  function note (thrown: unknown): void {
    log.warn({ event: 'repair-failed', code: toGatewayError(thrown).code, err: thrown },
      'the credits of a key were not kept')
  }
}

function assertBelow ({ stored, added }: Spent, { entry }: Account, cap: number): void {
  const id = entry?.id ?? ''
  if ((stored.get(id) ?? 0) + (added.get(id) ?? 0) < cap * nano) return
  throw overCap(cap)
}

function overCap (cap: number): GatewayError {
  return new GatewayError('key_budget_exceeded',
    `This key has used up its ${cap} credits of this month. Its owner can raise the cap, or use another key.`)
}

function merged (one: ReadonlyMap<string, number>, two: ReadonlyMap<string, number>): Map<string, number> {
  const total = new Map(one)
  for (const [id, amount] of two) total.set(id, (total.get(id) ?? 0) + amount)
  return total
}

/** Empty for another month. Accepts any value, because other software may have written it. */
function readSpending (value: string | null, month: string): ReadonlyMap<string, number> {
  try {
    const raw: unknown = JSON.parse(value ?? '{}')
    if (!isObject(raw) || raw['month'] !== month || !isObject(raw['keys'])) return new Map()
    const amounts = Object.entries(raw['keys']).filter((entry): entry is [string, number] =>
      typeof entry[1] === 'number' && Number.isFinite(entry[1]) && entry[1] >= 0
    )
    return new Map(amounts)
  } catch {
    return new Map()
  }
}
