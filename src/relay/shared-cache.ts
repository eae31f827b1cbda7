// One bounded cache for all users, in which each has a share. If a user keeps more than the share, only that user's
// oldest entries go.
import { LRUCache } from 'lru-cache'

export interface SharedCache<V> {
  readonly get: (username: string, id: string) =>
    | V
    | undefined
  /** @param bytes what the value takes in memory */
  readonly set: (username: string, id: string, value: V, bytes: number) => void
  readonly delete: (username: string, id: string) => boolean
}

export function createSharedCache<V extends object> (
  { maxBytes, shareBytes, ttlMs }: { readonly maxBytes: number, readonly shareBytes: number, readonly ttlMs: number },
): SharedCache<V> {
  /** The keys of each user's entries. */
  const shares = new Map<string, LRUCache<string, string>>()
  const entries = new LRUCache<string, { readonly username: string, readonly value: V }>({
    maxSize: maxBytes,
    maxEntrySize: shareBytes,
    ttl: ttlMs,
    disposeAfter ({ username }, key, reason) {
      if (reason === 'set') return
      const share = shares.get(username)
      share?.delete(key)
      if (share?.size === 0) shares.delete(username)
    },
  })
  const keyOf = (username: string, id: string) => `${username}:${id}`

  function shareOf (username: string): LRUCache<string, string> {
    const known = shares.get(username)
    if (known !== undefined) return known
    const share = new LRUCache<string, string>({
      maxSize: shareBytes,
      disposeAfter (key, _key, reason) {
        if (reason === 'evict') entries.delete(key)
      },
    })
    shares.set(username, share)
    return share
  }

  return {
    get (username, id) {
      const key = keyOf(username, id)
      shares.get(username)?.get(key)
      return entries.get(key)?.value
    },
    set (username, id, value, bytes) {
      const key = keyOf(username, id)
      entries.set(key, { username, value }, { size: bytes })
      if (entries.has(key)) shareOf(username).set(key, key, { size: bytes })
    },
    delete: (username, id) => entries.delete(keyOf(username, id)),
  }
}
