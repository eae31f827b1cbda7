// How a code of an invite or for a device is used once. The use is a second key in the store: SQLite, Valkey and memory
// create it for exactly one request; Cloudflare KV promises that within one process, and elsewhere only after the few
// seconds in which it spreads a new key.
import { LateCache } from '../late-cache.ts'
import type { Call, Clock, Log } from '../contract.ts'
import { toGatewayError } from '../errors.ts'
import type { Store } from '../store/store.ts'
import { guard } from './user-store.ts'

export interface OneTimeCodes {
  /** In this process: KV may not show the claim for a minute. */
  readonly isClaimed: (id: string) => boolean
  /** Of several requests of this process at once, one takes. Its claim stays if `take` returns true. */
  readonly claimIf: (id: string, take: () => Promise<boolean>) => Promise<boolean>
  /** True for one process. @throws {GatewayError} `store_unavailable` */
  readonly markUsed: (id: string) => Promise<boolean>
  /** Deletes the code. Failures are logged. @param expiresAt when its mark may go, too */
  readonly finish: (id: string, expiresAt: number, defer: Call['defer']) => void
  /** The code works again. @throws {GatewayError} `store_unavailable` */
  readonly release: (id: string) => Promise<void>
}

interface Options {
  readonly store: Store
  readonly keyOf: (id: string) => string
  readonly useKeyOf: (id: string) => string
  /** For the log, as in "a used invite". */
  readonly name: string
  readonly now: Clock['now']
  readonly log: Log
}

export function createOneTimeCodes ({ store, keyOf, useKeyOf, name, now, log }: Options): OneTimeCodes {
  const claimed = new LateCache<string, true>({ max: 1_000 })
  return {
    isClaimed: id => claimed.has(id),
    async claimIf (id, take) {
      if (claimed.has(id)) return false
      claimed.set(id, true)
      let isTaken = false
      try {
        isTaken = await take()
        return isTaken
      } finally {
        if (!isTaken) claimed.delete(id)
      }
    },
    markUsed: id => guard(store.create(useKeyOf(id), String(now()))),
    finish (id, expiresAt, defer) {
      const end = async () => {
        await store.delete(keyOf(id))
        await store.set(useKeyOf(id), String(now()), expiresAt)
      }
      defer(end().catch((thrown: unknown) => {
        log.warn({ event: 'tidy-failed', code: toGatewayError(thrown).code, err: thrown },
          `a used ${name} was not deleted`)
      }))
    },
    async release (id) {
      await guard(store.delete(useKeyOf(id)))
      claimed.delete(id)
    },
  }
}
