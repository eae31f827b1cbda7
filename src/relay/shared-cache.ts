// One bounded cache for all users, in which each has a share, for all seats together. If a user keeps more than the
// share, only that user's oldest entries go.
import { LRUCache } from 'lru-cache'
import { userOf } from '../seat-names.ts'

export interface SharedCache<V> {
  readonly get: (owner: string, id: string) =>
    | V
    | undefined
  /** @param bytes what the value takes in memory */
  readonly set: (owner: string, id: string, value: V, bytes: number) => void
  readonly delete: (owner: string, id: string) => boolean
}

export function createSharedCache<V extends object> (
  { maxBytes, shareBytes, ttlMs }: { readonly maxBytes: number, readonly shareBytes: number, readonly ttlMs: number },
): SharedCache<V> {
  /** The keys of each user's entries. */
  const shares = new Map<string, LRUCache<string, string>>()
  const entries = new LRUCache<string, { readonly owner: string, readonly value: V }>({
    maxSize: maxBytes,
    maxEntrySize: shareBytes,
    ttl: ttlMs,
    disposeAfter ({ owner }, key, reason) {
      if (reason === 'set') return
      const user = userOf(owner)
      const share = shares.get(user)
      share?.delete(key)
      if (share?.size === 0) shares.delete(user)
    },
  })
  const keyOf = (owner: string, id: string) => `${owner}:${id}`

  function shareOf (user: string): LRUCache<string, string> {
    const known = shares.get(user)
    if (known !== undefined) return known
    const share = new LRUCache<string, string>({
      maxSize: shareBytes,
      disposeAfter (key, _key, reason) {
        if (reason === 'evict') entries.delete(key)
      },
    })
    shares.set(user, share)
    return share
  }

  return {
    get (owner, id) {
      const key = keyOf(owner, id)
      shares.get(userOf(owner))?.get(key)
      return entries.get(key)?.value
    },
    set (owner, id, value, bytes) {
      const key = keyOf(owner, id)
      entries.set(key, { owner, value }, { size: bytes })
      if (entries.has(key)) shareOf(userOf(owner)).set(key, key, { size: bytes })
    },
    delete: (owner, id) => entries.delete(keyOf(owner, id)),
  }
}
