// Is this the password of this user? The one place that asks, whoever wants to know. An unknown user costs the same
// work and gets the same answer as a wrong password.
import { LRUCache } from 'lru-cache'
import { equalBytes, utf8 } from '../bytes.ts'
import type { Clock, Log } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { createLimiter, limiterAddress } from '../limiter.ts'
import { createSingleFlight } from '../single-flight.ts'
import { createKdfGate, type KdfGate } from './kdf-gate.ts'
import type { Peppers } from './peppers.ts'
import { isSeed, readRecord, sealRecord, writeRecord, type SeedCredential, type UserRecord } from './record.ts'
import { deriveKeys, type Keys } from './seal.ts'
import type { UserStore } from './user-store.ts'

export interface Verified {
  readonly record: UserRecord
  readonly keys: Keys
  /** The record as it stands in the store. */
  readonly value: string
}
/** A keyed digest of a user name and a password, under a key that this process alone knows. */
export type Fingerprint = (username: string, password: string) => string | Promise<string>
export type Defer = (work: Promise<unknown>) => void

export interface Verifier {
  /**
   * Null for an unknown user and for a wrong password. Both names must be well-formed: see `isUsername`, `isPassword`.
   * @throws {GatewayError} `rate_limited` after too many failures of this address or on this user, `overloaded`,
   *   `store_unavailable`, `record_unreadable`, `pepper_missing`
   */
  readonly verify: (username: string, password: string, address: string, defer: Defer) => Promise<Verified | null>
  /** This pair is right from now on, whatever was remembered of it. */
  readonly forget: (username: string, password: string) => Promise<void>
}

interface Options {
  readonly users: UserStore
  readonly peppers: Peppers
  readonly gate: KdfGate
  readonly fingerprint: Fingerprint
  readonly clock: Clock
  readonly log: Log
  readonly iterations: number
  readonly failuresPerMinute: number
  /** Deletes a key of the original project's layout, once its record is sealed. */
  readonly deleteSeedKey: (key: string) => Promise<void>
}

const wrongForMs = 60_000
const failuresPerUserMinute = 60

export function createVerifier ({ users, peppers, gate, fingerprint, clock, log, iterations, failuresPerMinute, deleteSeedKey }: Options): Verifier {
  const { monotonic } = clock
  const byAddress = createLimiter({ perWindow: failuresPerMinute, windowMs: 60_000, monotonic })
  const byUser = createLimiter({ perWindow: failuresPerMinute === 0 ? 0 : failuresPerUserMinute, windowMs: 60_000, monotonic })
  const knownWrong = new LRUCache<string, number>({ max: 10_000 })
  const flights = createSingleFlight<Verified | null>()
  const reads = createSingleFlight<string | null>()
  /** Strangers may not read the store without bound, however many they are. */
  const reading = createKdfGate({ atOnce: 32, monotonic })
  /** Moves when something becomes right: a check that began before says nothing of it. */
  let forgotten = 0

  return {
    async verify (username, password, address, defer) {
      const tag = await fingerprint(username, password)
      const from = limiterAddress(address)
      if ((knownWrong.get(tag) ?? 0) > monotonic()) {
        count(username, from)
        return null
      }
      return flights.run(tag, defer, () => verifyOnce(tag, username, password, from, defer))
    },
    async forget (username, password) {
      forgotten++
      knownWrong.delete(await fingerprint(username, password))
    },
  }

  /** The store is read before the place at the stretching is taken: a slow store must not hold the places. */
  async function verifyOnce (tag: string, username: string, password: string, from: string, defer: Defer): Promise<Verified | null> {
    refuseIf(byAddress.peek(from) || byUser.peek(username))
    const begun = forgotten
    const value = await reading(() => reads.run(username, defer, () => users.read(username)))
    return gate(async () => {
      // Counted before the work, given back if it was right: guesses sent side by side cannot slip under the limit.
      count(username, from)
      let isWrong = false
      try {
        const verified = await check(username, password, value, defer)
        isWrong = verified === null
        if (isWrong && begun === forgotten) knownWrong.set(tag, monotonic() + wrongForMs)
        return verified
      } finally {
        // A store that does not answer says nothing of the password, and costs nobody an attempt.
        if (!isWrong) giveBack(username, from)
      }
    })
  }

  function count (username: string, from: string): void {
    refuseIf(byAddress.take(from) || byUser.take(username))
  }

  function refuseIf (seconds: number): void {
    if (seconds > 0) throw new GatewayError('rate_limited', 'Too many failed sign-ins. Check the password, then try again later.', { retryAfterSeconds: seconds })
  }

  function giveBack (username: string, from: string): void {
    byAddress.giveBack(from)
    byUser.giveBack(username)
  }

  async function check (username: string, password: string, value: string | null, defer: Defer): Promise<Verified | null> {
    const found = value === null ? null : readRecord(value, username)
    if (value === null || found === null) return nobody(username, password)
    if (isSeed(found)) return equalBytes(utf8(password), utf8(found.password)) ? adoptSeed(username, found, defer) : nobody(username, password)

    const pepper = await peppers.of(found.pepperId)
    const keys = await deriveKeys(password, { username, rid: found.rid, salt: found.salt, iterations: found.iterations, pepper })
    return equalBytes(keys.verifier, found.verifier) ? { record: found, keys, value } : null
  }

  /** The work of a wrong password, for nobody. */
  async function nobody (username: string, password: string): Promise<null> {
    const nothing = new Uint8Array(16)
    const pepper = (await peppers.current())?.secret ?? null
    await deriveKeys(password, { username, rid: nothing, salt: nothing, iterations, pepper })
    return null
  }

  async function adoptSeed (username: string, seed: SeedCredential, defer: Defer): Promise<Verified> {
    const { record, keys } = await sealRecord(username, seed.password, seed.token, { iterations, pepper: await peppers.current() })
    const value = writeRecord(record)
    await users.replace(username, value)
    defer(deleteSeedKey(seed.key))
    log.info({ event: 'seed-adopted', user: username }, 'a record of the original layout was sealed')
    return { record, keys, value }
  }
}
