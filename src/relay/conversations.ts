// One id for each conversation of an account, for Copilot's prompt cache. It is a digest under a key that only the
// user's password yields: it reveals nothing, no two users share one, and all instances compute the same.
import { LRUCache } from 'lru-cache'
import type { Account } from '../auth/account.ts'

export interface Conversations {
  /** At once for a recent conversation. */
  readonly idOf: (account: Account, key: string) => string | Promise<string>
}

interface Known {
  readonly key: string
  readonly id: string
}

/** Of all keys that are kept, in characters: the beginnings of about 2,000 conversations of agents. */
const maxKept = 16_777_216
/** A key may be the beginning of a prompt: it does not stay for the life of the process. */
const keptMs = 3_600_000

export function createConversations (): Conversations {
  const ids = new LRUCache<string, Known>({ max: 10_000, maxSize: maxKept, sizeCalculation: ({ key }) => key.length,
    ttl: keptMs, ttlResolution: 60_000 })
  return {
    idOf (account, key) {
      const place = placeOf(account, key)
      const known = ids.get(place)
      // Comparing two texts is fifty times as fast as hashing one.
      if (known?.key === key) return known.id
      return account.digest(key).then(digest => {
        const id = toUuid(digest)
        ids.set(place, { key, id })
        return id
      })
    },
  }
}

/** Two conversations of a user that share a place only replace each other. */
function placeOf ({ seatId }: Account, key: string): string {
  return `${seatId} ${key.length} ${key.slice(-32)}`
}

/** UUID version 8: made by our own rules. */
function toUuid (digest: Uint8Array): string {
  const bytes = digest.slice(0, 16)
  bytes[6] = (bytes[6] ?? 0) & 0x0f | 0x80
  bytes[8] = (bytes[8] ?? 0) & 0x3f | 0x80
  const hex = Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
