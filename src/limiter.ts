// Token buckets by key: they limit how often an address or a user may do something. In memory and bounded. They never
// lock out: tokens come back at a steady pace.
import { LateCache } from './late-cache.ts'

export interface Limiter {
  /** Takes a token. Returns 0 if there was one, otherwise the seconds until there will be one. */
  readonly take: (key: string) => number
  /** As `take`, without taking. */
  readonly peek: (key: string) => number
  /** Gives a token back, for an attempt that does not count. */
  readonly giveBack: (key: string) => void
  /**
   * Seconds in which one token comes back. It is the same for every key, so a refusal reveals nothing about a key. 0 if
   * the limit is off.
   */
  readonly paceSeconds: number
}

interface Bucket {
  left: number
  at: number
}

/** @param perWindow also the size of the burst; 0 switches the limit off */
export function createLimiter (
  { perWindow, windowMs, monotonic, keys = 10_000 }: { perWindow: number, windowMs: number, monotonic: () => number,
    keys?: number },
): Limiter {
  if (perWindow === 0) return { take: () => 0, peek: () => 0, giveBack: () => {}, paceSeconds: 0 }
  const buckets = new LateCache<string, Bucket>({ max: keys })

  const refill = (key: string): Bucket => {
    const now = monotonic()
    const bucket = buckets.get(key) ?? { left: perWindow, at: now }
    bucket.left = Math.min(perWindow, bucket.left + (now - bucket.at) * perWindow / windowMs)
    bucket.at = now
    buckets.set(key, bucket)
    return bucket
  }
  const missing = ({ left }: Bucket) => left < 1 ? (1 - left) * windowMs / perWindow / 1_000 : 0
  return {
    paceSeconds: windowMs / perWindow / 1_000,
    take (key) {
      const bucket = refill(key)
      const seconds = missing(bucket)
      if (seconds === 0) bucket.left--
      return seconds
    },
    peek: key => missing(refill(key)),
    giveBack (key) {
      const bucket = buckets.get(key)
      if (bucket !== undefined) bucket.left = Math.min(perWindow, bucket.left + 1)
    },
  }
}

/**
 * One subscriber owns a whole /64 of IPv6, so a /64 counts as one address, in any notation. Some reverse proxies append
 * the client's port, which differs for each connection, so it is removed.
 */
export function limiterAddress (address: string): string {
  const bare = /^\[(.*)\](?::\d+)?$/.exec(address)?.[1] ?? address
  if (!bare.includes(':')) return bare
  const v4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)(?::\d+)?$/i.exec(bare)?.[1]
  if (v4 !== undefined) return v4
  const [head = [], tail = []] = bare.split('::').map(half => half.split(':').filter(group => group !== ''))
  const left = Math.max(0, 8 - head.length - tail.length)
  return [...head, ...Array<string>(left).fill('0'), ...tail].slice(0, 4).map(group =>
    group.replace(/^0+(?=.)/, '').toLowerCase()
  ).join(':')
}
