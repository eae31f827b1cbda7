// Reads and writes users' records through any store. KV may not show a write for a minute, and caches a missing key for
// as long. So for a while this process trusts its own last write more than the store.
import { LateCache } from '../late-cache.ts'
import type { Clock } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { keys } from '../store/keys.ts'
import { StoreError, type Store } from '../store/store.ts'

export interface UserStore {
  /** The record as stored, or null. @throws {GatewayError} `store_unavailable` */
  readonly read: (username: string) => Promise<string | null>
  /**
   * As `read`, but always asks the store, even if this process knows the answer. Otherwise an attacker could measure
   * which names exist.
   */
  readonly readForStranger: (username: string) => Promise<string | null>
  /** False when another request created the user first. @throws {GatewayError} */
  readonly create: (username: string, value: string) => Promise<boolean>
  readonly replace: (username: string, value: string) => Promise<void>
  /**
   * For a record whose content did not change, such as a new seal. It gives way to any other write, and then returns
   * false. No store compares and writes in one step, so a write of another process between the two steps is lost.
   */
  readonly replaceUnchanged: (username: string, was: string, value: string) => Promise<boolean>
  /** @param was the deleted record */
  readonly remove: (username: string, was: string) => Promise<void>
  /** Differs from the last answer after another process may have changed a record. */
  readonly version: () => number
  /**
   * Milliseconds for which reads return this process's own write instead of the store's answer; 0 if reads ask the
   * store.
   */
  readonly ownWordMs: (username: string) => number
  /** Whether this process deleted the user moments ago. The store may still show the record. */
  readonly isGone: (username: string) => boolean
  /**
   * Whether another read would return the same as the one at that moment. True only on a store whose answers may be
   * stale anyway.
   */
  readonly isRecent: (username: string, readAt: number) => boolean
}

/**
 * Longer than KV's 60 s, and shorter than the 150 s after which a deletion by another process must take effect here.
 */
const trustOwnWriteMs = 90_000
/** Workers may end a request in the middle. After this time, the name that it was creating is free again. */
const longestCreateMs = 15_000
/** KV's answers are up to a minute old, and each read counts against the day's limit. */
const repeatMs = 5_000

export function createUserStore (store: Store, { monotonic }: Clock): UserStore {
  const eventual = store.kind === 'cloudflare-kv'
  /** `was`: for a deletion, the deleted record. */
  const written = new LateCache<string, { value: string | null, was: string | null, until: number }>({ max: 10_000 })
  const remember = (username: string, value: string | null, was: string | null = null) => {
    if (eventual) written.set(username, { value, was, until: monotonic() + trustOwnWriteMs })
  }
  /** Names that are being created, and since when. KV does not show that another request is about to write. */
  const creating = new LateCache<string, number>({ max: 10_000 })
  const ownWordMs = (username: string) => Math.max(0, (written.get(username)?.until ?? 0) - monotonic())
  /**
   * The last write of a name that this process began, as an object with its own identity, and the value that it writes.
   */
  const begun = new LateCache<string, { readonly value: string | null }>({ max: 1_000 })
  const write = async (username: string, value: string | null): Promise<void> => {
    const own = { value }
    begun.set(username, own)
    try {
      await guard(value === null ? store.delete(keys.user(username)) : store.set(keys.user(username), value))
    } catch (thrown) {
      if (begun.get(username) === own) begun.delete(username) // The writer gets an error that says nothing changed.
      throw thrown
    }
  }
  const read = async (username: string): Promise<string | null> => {
    if (ownWordMs(username) > 0) return written.get(username)?.value ?? null
    return guard(store.get(keys.user(username)))
  }

  return {
    ownWordMs,
    version: () => store.recordsVersion?.() ?? 0,
    read,
    async readForStranger (username) {
      if (ownWordMs(username) > 0) await guard(store.get(keys.user(username))).catch(() => {})
      return read(username)
    },
    isGone: username => ownWordMs(username) > 0 && written.get(username)?.value === null,
    isRecent: (username, readAt) =>
      eventual && monotonic() - readAt < repeatMs && (written.get(username)?.until ?? 0) - trustOwnWriteMs < readAt,
    async create (username, value) {
      // KV may still show a record that this process deleted moments ago: trust our own deletion.
      const own = ownWordMs(username) > 0 ? written.get(username)?.value : undefined
      if (typeof own === 'string') return false // A stale "not found" does not undo what this process wrote.
      if (monotonic() - (creating.get(username) ?? -Infinity) < longestCreateMs) return false
      creating.set(username, monotonic())
      try {
        const created = own === null
          ? await createAfterDeletion(username, value)
          : await guard(store.create(keys.user(username), value))
        if (created) {
          begun.set(username, { value })
          remember(username, value)
        }
        return created
      } finally {
        creating.delete(username)
      }
    },
    async replace (username, value) {
      await write(username, value)
      remember(username, value)
    },
    async replaceUnchanged (username, was, value) {
      const before = begun.get(username)
      if (await read(username) !== was || begun.get(username) !== before) return false
      const own = { value }
      begun.set(username, own)
      try {
        await guard(store.set(keys.user(username), value))
      } finally {
        // Another write ran in parallel, and KV may have applied the two in either order. The other write must win.
        const last = begun.get(username)
        if (last !== undefined && last !== own) await write(username, last.value)
      }
      if (begun.get(username) !== own) return false
      remember(username, value)
      return true
    },
    async remove (username, was) {
      await write(username, null)
      remember(username, null, was)
    },
  }

  /**
   * The store may still show the record that this process deleted: ignore it. But the store may also show a newer user
   * with the same name.
   */
  async function createAfterDeletion (username: string, value: string): Promise<boolean> {
    const seen = await guard(store.get(keys.user(username)))
    if (seen !== null && seen !== written.get(username)?.was) return false
    await guard(store.set(keys.user(username), value))
    return true
  }
}

/** @throws {GatewayError} `store_unavailable` for a StoreError; anything else is a bug and is rethrown unchanged */
export async function guard<T> (work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (thrown) {
    if (!(thrown instanceof StoreError)) throw thrown
    throw new GatewayError('store_unavailable', 'The store of this proxy does not answer. Try again in a moment.', {
      cause: thrown,
      retryAfterSeconds: thrown.retryAfterSeconds ?? 5,
    })
  }
}
