// How a value stands in Cloudflare KV, for both KV drivers: each reads what the other wrote, and reads what the original
// project wrote, a bare string, as itself. KV's own expiry is coarse (60 s at least) and counts from its own clock, so
// the exact moment is kept twice: before the value, since a REST read returns nothing else, and in the metadata, since
// a listing returns no values.
import type { Store } from './store.ts'

/** Before a value that expires, with milliseconds since the epoch; without them before one that would look like it. */
const header = /^expires:(\d*):/
/** KV refuses less, https://developers.cloudflare.com/kv/api/write-key-value-pairs/ */
const shortestTtlSeconds = 60

export interface KvRecord {
  readonly value: string
  /** Relative, so that a clock a second apart from Cloudflare's, or a slow request, cannot make it too short for KV. */
  readonly ttlSeconds?: number
  readonly metadata?: { readonly expiresAt: number }
}

export function toKvRecord (value: string, expiresAt: number | undefined, now: number): KvRecord {
  if (expiresAt === undefined) return { value: header.test(value) ? `expires::${value}` : value }
  const at = Math.floor(expiresAt)
  const ttlSeconds = Math.max(shortestTtlSeconds, Math.ceil((at - now) / 1_000))
  return { value: `expires:${at}:${value}`, ttlSeconds, metadata: { expiresAt: at } }
}

/** Null for what has expired. */
export function fromKvValue (stored: string, now: number): string | null {
  const found = header.exec(stored)
  if (found === null) return stored
  return found[1] !== '' && Number(found[1]) <= now ? null : stored.slice(found[0].length)
}

/** Whether a listed key is still to be shown; metadata of others' making says nothing against it. */
export function isUnexpired (metadata: unknown, now: number): boolean {
  if (typeof metadata !== 'object' || metadata === null || !('expiresAt' in metadata)) return true
  return typeof metadata.expiresAt !== 'number' || metadata.expiresAt > now
}

/** KV has no conditional write: of two first writers within a minute, both are told true and the last one stays. */
export function createByLooking (get: Store['get'], set: Store['set']): Store['create'] {
  return async (key, value) => {
    if (await get(key) !== null) return false
    await set(key, value)
    return true
  }
}
