// What the core asks of storage. The weakest driver sets the promise: eventual, last write wins, no transactions.

/** Strings by key. Keys are at most 512 bytes, values at most 25 KiB. */
export interface Store {
  /** Names the driver in the start-up line and in `/readyz`. */
  readonly kind: 'cloudflare-kv' | 'sqlite' | 'memory'
  /** Null when absent or expired. @throws {StoreError} when the store cannot be asked */
  get (key: string): Promise<string | null>
  /**
   * @param expiresAt milliseconds since the epoch. It is kept beside the value and judged on reading, so that a driver
   *   with a coarser expiry of its own (KV: 60 s at least) never serves what has expired.
   * @throws {StoreError}
   */
  set (key: string, value: string, expiresAt?: number): Promise<void>
  /**
   * Writes only where nothing unexpired stands. True when it wrote. Atomic where the driver can (SQLite, memory); on KV
   * a look and then a write, so that two first writers within a minute may both be told true and the last one stays.
   * @throws {StoreError}
   */
  create (key: string, value: string): Promise<boolean>
  /** Deleting what is absent is no error. @throws {StoreError} */
  delete (key: string): Promise<void>
  /** Every unexpired key with the prefix, in no promised order. @throws {StoreError} */
  keys (prefix: string): AsyncIterable<string>
  close (): Promise<void>
}

/** The store did not answer, or not with sense. Never thrown for a key that is merely absent. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  /** Seconds after which the store itself asked to be tried again, if it said so. */
  readonly retryAfterSeconds: number | undefined
  constructor (message: string, { cause, retryAfterSeconds }: { cause?: unknown, retryAfterSeconds?: number | undefined } = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.retryAfterSeconds = retryAfterSeconds
  }
}
