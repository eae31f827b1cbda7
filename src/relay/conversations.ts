// One id for each conversation of an account, for Copilot's prompt cache. It is a digest under a key that only the
// user's password yields: it reveals nothing, no two users share one, and all instances compute the same.
import { LRUCache } from 'lru-cache'
import type { Account } from '../auth/account.ts'

export interface Conversations {
  /** At once for a recent conversation. */
  readonly idOf: (account: Account, key: string) => string | Promise<string>
}

export function createConversations (): Conversations {
  const ids = new LRUCache<string, string>({ max: 10_000 })
  return {
    idOf (account, key) {
      const short = `${account.seatId}:${quickHash(key)}`
      return ids.get(short) ?? account.digest(key).then(digest => {
        const id = toUuid(digest)
        ids.set(short, id)
        return id
      })
    },
  }
}

/** UUID version 8: made by our own rules. */
function toUuid (digest: Uint8Array): string {
  const bytes = digest.slice(0, 16)
  bytes[6] = (bytes[6] ?? 0) & 0x0f | 0x80
  bytes[8] = (bytes[8] ?? 0) & 0x3f | 0x80
  const hex = Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** Only used to find an id that was already made. If two texts collide, they share one cache entry of the same user. */
function quickHash (text: string): string {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    a = Math.imul(a ^ code, 2654435761)
    b = Math.imul(b ^ code, 1597334677)
  }
  return `${(a >>> 0).toString(36)}${(b >>> 0).toString(36)}${text.length}`
}
