// The format of a value in Cloudflare KV, shared by both KV drivers, so each reads the other's values. It also reads
// the original project's values, which are bare strings. KV's own expiry is coarse (60 s at least) and uses KV's clock,
// so the exact time is stored twice: in front of the value, because a REST read returns nothing else, and in the
// metadata, because a listing returns no values.
import type { Store } from './store.ts'

/**
 * In front of a value that expires, with milliseconds since the epoch. Without digits in front of a value that begins
 * like a header.
 */
const header = /^expires:(\d*):/
/** KV refuses a shorter expiry, https://developers.cloudflare.com/kv/api/write-key-value-pairs/ */
const shortestTtlSeconds = 60

export interface KvRecord {
  readonly value: string
  /**
   * A relative expiry: a slow request, or a clock that differs from Cloudflare's by a second, cannot make it too short
   * for KV.
   */
  readonly ttlSeconds?: number
  readonly metadata?: { readonly expiresAt: number }
}

export function toKvRecord (value: string, expiresAt: number | undefined, now: number): KvRecord {
  if (expiresAt === undefined) return { value: header.test(value) ? `expires::${value}` : value }
  const at = Math.floor(expiresAt)
  const ttlSeconds = Math.max(shortestTtlSeconds, Math.ceil((at - now) / 1_000))
  return { value: `expires:${at}:${value}`, ttlSeconds, metadata: { expiresAt: at } }
}

/** Null for an expired value. */
export function fromKvValue (stored: string, now: number): string | null {
  const found = header.exec(stored)
  if (found === null) return stored
  return found[1] !== '' && Number(found[1]) <= now ? null : stored.slice(found[0].length)
}

/** Whether a listed key has not expired. Metadata that other software wrote is ignored. */
export function isUnexpired (metadata: unknown, now: number): boolean {
  if (typeof metadata !== 'object' || metadata === null || !('expiresAt' in metadata)) return true
  return typeof metadata.expiresAt !== 'number' || metadata.expiresAt > now
}

/** KV has no conditional write: if two writers create a key within a minute, both get true and the last value stays. */
export function createByLooking (get: Store['get'], set: Store['set']): Store['create'] {
  return async (key, value) => {
    if (await get(key) !== null) return false
    await set(key, value)
    return true
  }
}
