// Token buckets by key: how often an address or a user may do a thing. In memory, bounded, and never a lock-out: what
// was used up comes back at its steady pace.
import { LRUCache } from 'lru-cache'

export interface Limiter {
  /** Takes one. 0 when there was one to take, else the seconds until there will be. */
  readonly take: (key: string) => number
  /** As `take`, without taking. */
  readonly peek: (key: string) => number
  /** Gives one back: it turned out not to count. */
  readonly giveBack: (key: string) => void
}

interface Bucket { left: number, at: number }

/** @param perWindow also the burst; 0 switches the limit off */
export function createLimiter ({ perWindow, windowMs, monotonic, keys = 10_000 }: { perWindow: number, windowMs: number, monotonic: () => number, keys?: number }): Limiter {
  if (perWindow === 0) return { take: () => 0, peek: () => 0, giveBack: () => {} }
  const buckets = new LRUCache<string, Bucket>({ max: keys })

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

/** One subscriber holds a whole /64 of IPv6, so that is what counts as an address. */
export function limiterAddress (address: string): string {
  if (!address.includes(':')) return address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  const [head = [], tail = []] = address.split('::').map(half => half.split(':').filter(group => group !== ''))
  const left = Math.max(0, 8 - head.length - tail.length)
  return [...head, ...Array<string>(left).fill('0'), ...tail].slice(0, 4).join(':')
}
