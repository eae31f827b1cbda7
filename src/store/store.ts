// The storage interface of the core. The weakest driver sets the guarantees: eventual consistency, last write wins, no
// transactions.
import type { HotState } from './hot-state.ts'
import type { UsageStore } from './usage-store.ts'

/** Strings by key. Keys have at most 512 bytes, values at most 25 KiB. */
export interface Store {
  /** Names the driver in the start-up line and in `/readyz`. */
  readonly kind:
    | 'cloudflare-kv'
    | 'sqlite'
    | 'valkey'
    | 'memory'
  /** Null when absent or expired. @throws {StoreError} when the store cannot be read */
  get(key: string): Promise<string | null>
  /**
   * @param expiresAt milliseconds since the epoch. The driver stores it with the value and checks it on reading, so
   *   that a driver with a coarser expiry of its own (KV: 60 s at least) never serves an expired value.
   * @throws {StoreError}
   */
  set(key: string, value: string, expiresAt?: number): Promise<void>
  /**
   * Writes only if the key holds no unexpired value. True if it wrote. SQLite and memory do this atomically. KV reads
   * and then writes, so two writers within a minute may both get true, and the last value stays.
   * @throws {StoreError}
   */
  create(key: string, value: string): Promise<boolean>
  /** Deleting a missing key is no error. @throws {StoreError} */
  delete(key: string): Promise<void>
  /** Every unexpired key with the prefix, in any order. @throws {StoreError} */
  keys(prefix: string): AsyncIterable<string>
  close(): Promise<void>
  /** Of drivers with tables for usage. On all others `usage-values.ts` keeps usage as values. */
  readonly usage?: UsageStore
  /** What several processes agree on. Absent or null where there is only one process. */
  readonly hot?:
    | HotState
    | null
  /**
   * Differs from the last answer after another process may have changed a user's record. Absent if a change cannot be
   * seen without reading. It costs a few microseconds, and never throws.
   */
  recordsVersion?(): number
  /** A consistent copy of all that is stored. Only a store that is a file has it. @throws {StoreError} */
  copy?(): Promise<StoreCopy>
}

export interface StoreCopy {
  readonly bytes: number
  /** Called once. */
  read(): AsyncIterable<Uint8Array>
  /** Removes the copy. */
  close(): Promise<void>
}

/** The store did not answer, or its answer made no sense. A missing key never causes this error. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  /** Seconds after which the store itself asked for another try, if it did. */
  readonly retryAfterSeconds: number | undefined
  constructor (
    message: string,
    { cause, retryAfterSeconds }: { cause?: unknown, retryAfterSeconds?: number | undefined } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.retryAfterSeconds = retryAfterSeconds
  }
}
