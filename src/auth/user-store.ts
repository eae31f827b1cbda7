// Records of users, read and written through whatever store there is. On KV a write may stay unseen for a minute and a
// "not there" is remembered as long, so for a while this process believes its own last write.
import { LRUCache } from 'lru-cache'
import type { Clock } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { keys } from '../store/keys.ts'
import { StoreError, type Store } from '../store/store.ts'

export interface UserStore {
  /** The record as stored, or null. @throws {GatewayError} `store_unavailable` */
  readonly read: (username: string) => Promise<string | null>
  /** False when another was there first. @throws {GatewayError} */
  readonly create: (username: string, value: string) => Promise<boolean>
  readonly replace: (username: string, value: string) => Promise<void>
  /**
   * For a record that says nothing new: gives way to whatever else is written. False when it did. No store of ours
   * compares and writes in one step, so a write of another process in the instant between the two is lost.
   */
  readonly replaceUnchanged: (username: string, was: string, value: string) => Promise<boolean>
  /** @param was the record that goes */
  readonly remove: (username: string, was: string) => Promise<void>
  /** Milliseconds for which a read is certain to be this process's own write, and not the store's word; 0 where it is the store's. */
  readonly ownWordMs: (username: string) => number
  /** Whether this process deleted the user a moment ago, whatever the store still shows. */
  readonly isGone: (username: string) => boolean
}

/** Shorter than the 150 s within which a deletion elsewhere is promised to count here, longer than KV's 60 s. */
const trustOwnWriteMs = 90_000
/** On Workers a request may be ended in the middle; what it was making is then free again. */
const longestCreateMs = 15_000

export function createUserStore (store: Store, { monotonic }: Clock): UserStore {
  const eventual = store.kind === 'cloudflare-kv'
  /** `was`: of a deletion, the record that is gone. */
  const written = new LRUCache<string, { value: string | null, was: string | null, until: number }>({ max: 10_000 })
  const remember = (username: string, value: string | null, was: string | null = null) => {
    if (eventual) written.set(username, { value, was, until: monotonic() + trustOwnWriteMs })
  }
  /** Names that are being made right now, since when: KV itself tells nobody that another is about to write. */
  const creating = new LRUCache<string, number>({ max: 10_000 })
  const ownWordMs = (username: string) => Math.max(0, (written.get(username)?.until ?? 0) - monotonic())
  /** The last write of a name that this process began, as an object of its own, and what is to stand there after it. */
  const begun = new LRUCache<string, { readonly value: string | null }>({ max: 1_000 })
  const write = async (username: string, value: string | null): Promise<void> => {
    const own = { value }
    begun.set(username, own)
    try {
      await guard(value === null ? store.delete(keys.user(username)) : store.set(keys.user(username), value))
    } catch (thrown) {
      if (begun.get(username) === own) begun.delete(username)   // who wrote it is told that nothing was changed
      throw thrown
    }
  }
  const read = async (username: string): Promise<string | null> => {
    if (ownWordMs(username) > 0) return written.get(username)?.value ?? null
    return guard(store.get(keys.user(username)))
  }

  return {
    ownWordMs, read,
    isGone: username => ownWordMs(username) > 0 && written.get(username)?.value === null,
    async create (username, value) {
      // A record deleted a moment ago may still be seen on KV; our own word that it is gone is the better one.
      const own = ownWordMs(username) > 0 ? written.get(username)?.value : undefined
      if (typeof own === 'string') return false   // nor does a stale "not there" undo what was written here
      if (monotonic() - (creating.get(username) ?? -Infinity) < longestCreateMs) return false
      creating.set(username, monotonic())
      try {
        const created = own === null ? await createAfterDeletion(username, value) : await guard(store.create(keys.user(username), value))
        if (created) {
          begun.set(username, { value })
          remember(username, value)
        }
        return created
      } finally { creating.delete(username) }
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
      try { await guard(store.set(keys.user(username), value)) } finally {
        // Another write went out beside this one, and KV may have taken them in either order: theirs has to stay.
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

  /** The store may still show what was deleted here, and that is nobody; but it may show another who came since. */
  async function createAfterDeletion (username: string, value: string): Promise<boolean> {
    const seen = await guard(store.get(keys.user(username)))
    if (seen !== null && seen !== written.get(username)?.was) return false
    await guard(store.set(keys.user(username), value))
    return true
  }
}

/** @throws {GatewayError} `store_unavailable` for a StoreError; anything else is a bug and stays one */
export async function guard<T> (work: Promise<T>): Promise<T> {
  try { return await work } catch (thrown) {
    if (!(thrown instanceof StoreError)) throw thrown
    throw new GatewayError('store_unavailable', 'The store of this proxy does not answer. Try again in a moment.', { cause: thrown, retryAfterSeconds: thrown.retryAfterSeconds ?? 5 })
  }
}
