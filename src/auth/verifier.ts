// Checks whether a password, a key or a session belongs to a user. All other modules ask this one. An unknown user
// costs the same work and gets the same answer as a wrong password.
import { LateCache } from '../late-cache.ts'
import { equalBytes, utf8 } from '../bytes.ts'
import type { Clock, Log } from '../contract.ts'
import { limiterAddress } from '../limiter.ts'
import { createSingleFlight } from '../single-flight.ts'
import { createAttempts, type SharedFailures } from './attempts.ts'
import { readEntryCredential, type EntryCredential } from './entry-credential.ts'
import { createKdfGate, type KdfGate, type Turn } from './kdf-gate.ts'
import { openWithEntry, openWithPassword } from './open-record.ts'
import type { Peppers } from './peppers.ts'
import { isSeed, readRecord, type SeedCredential } from './record.ts'
import { stretchPassword } from './seal.ts'
import { sealRecord } from './sealed-record.ts'
import type { UserStore } from './user-store.ts'
import { toVerified, type Verified } from './verified.ts'
import { keysOfPassword } from './wrap.ts'

/** A keyed digest of a user name and a password. Only this process knows the key. */
export type Fingerprint = (username: string, password: string) => string | Promise<string>
export type Defer = (work: Promise<unknown>) => void

export interface Verifier {
  /**
   * Null for an unknown user and for a wrong password, key or session. All must be well-formed: see `isUsername`,
   * `isPassword`, `readEntryCredential`.
   * @throws {GatewayError} `rate_limited` after too many failures of this address, `overloaded`, `store_unavailable`,
   *   `record_unreadable`, `pepper_missing`
   */
  readonly verify: (username: string, password: string, address: string, defer: Defer) => Promise<Verified | null>
  /**
   * As `verify`. A user name without a record gives `free` if `claim` returns true; otherwise it costs the work of a
   * wrong password and gets the same answer.
   */
  readonly verifyOrClaim: (
    username: string,
    password: string,
    address: string,
    defer: Defer,
    claim: () => boolean | Promise<boolean>,
  ) => Promise<Verified | 'free' | null>
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
  readonly failures?:
    | SharedFailures
    | undefined
  /** Deletes a key of the original project's layout after its record is sealed. */
  readonly deleteSeedKey: (key: string) => Promise<void>
}

interface Stretch {
  readonly tag: string
  readonly username: string
  readonly password: string
  readonly value:
    | string
    | null
  /** When the read of the value began. A write after this time counts as newer. */
  readonly readAt: number
  readonly turn: Turn
  readonly defer: Defer
}

/** A password that was wrong for one record. It may be right for the user's next record. */
interface Wrong {
  readonly value: string | null
  readonly until: number
  readAt: number
}

const wrongForMs = 60_000
const isFailure = (outcome: unknown): boolean => outcome === null

export function createVerifier (
  { users, peppers, gate, fingerprint, clock, log, iterations, failuresPerMinute, failures, deleteSeedKey }: Options,
): Verifier {
  const { monotonic, now } = clock
  const attempts = createAttempts({ failuresPerMinute, monotonic, shared: failures })
  const knownWrong = new LateCache<string, Wrong>({ max: 10_000 })
  /** Checks in flight: those of one address, and those of all addresses. */
  const flights = createSingleFlight<Verified | null>()
  const checks = createSingleFlight<Verified | null>()
  const reads = createSingleFlight<string | null>()
  /** Bounds the store reads of unknown callers, however many there are. */
  const reading = createKdfGate({ atOnce: 32, monotonic })
  /** The highest iteration count of all records read so far. A wrong password then costs the same for every name. */
  let costliest = iterations

  return {
    async verify (username, password, address, defer) {
      const tag = await fingerprint(username, password)
      return flights.run(`${limiterAddress(address)} ${tag}`, defer,
        () =>
          attempts.run({ address, username }, async () => {
            const turn = turnOf(address)
            const wrong = knownWrong.get(tag)
            if (wrong !== undefined && wrong.until > monotonic() && users.isRecent(username, wrong.readAt)) return null
            const readAt = monotonic()
            const value = await read(username, turn, defer)
            if (isKnownWrong(tag, value, readAt)) return null
            return checks.run(`${tag} ${value ?? ''}`, defer,
              () => stretch({ tag, username, password, value, readAt, turn, defer }))
          }, isFailure))
    },
    async verifyOrClaim (username, password, address, defer, claim) {
      const tag = await fingerprint(username, password)
      return attempts.run<Verified | 'free' | null>({ address, username }, async () => {
        const turn = turnOf(address)
        const readAt = monotonic()
        const value = await read(username, turn, defer)
        if (value === null && await claim()) return 'free'
        return isKnownWrong(tag, value, readAt)
          ? null
          : stretch({ tag, username, password, value, readAt, turn, defer })
      }, isFailure)
    },
  }

  function isKnownWrong (tag: string, value: string | null, readAt: number): boolean {
    const wrong = knownWrong.get(tag)
    if (wrong === undefined || wrong.value !== value || wrong.until <= monotonic()) return false
    wrong.readAt = readAt
    return true
  }

  function turnOf (address: string): Turn {
    return { address: limiterAddress(address), yields: attempts.hasFailed(address) }
  }

  /** Reads before it takes a place in the KDF gate: a slow store must not occupy the places. */
  function read (username: string, turn: Turn, defer: Defer): Promise<string | null> {
    return reading(() => reads.run(username, defer, () => users.readForStranger(username)), turn)
  }

  function stretch ({ tag, username, password, value, readAt, turn, defer }: Stretch): Promise<Verified | null> {
    const credential = readEntryCredential(password)
    if (credential !== null) return checkEntry(username, credential, value)
    return gate(async () => {
      const verified = await check(username, password, value, defer)
      if (verified === null) knownWrong.set(tag, { value, until: monotonic() + wrongForMs, readAt })
      return verified
    }, turn)
  }

  /** Stretches nothing, so it needs no place in the gate. */
  function checkEntry (username: string, credential: EntryCredential, value: string | null): Promise<Verified | null> {
    const found = value === null ? null : readRecord(value, username)
    const record = found === null || isSeed(found) ? null : found
    return openWithEntry(username, record, credential, { value: value ?? '', peppers, now: now() })
  }

  async function check (
    username: string,
    password: string,
    value: string | null,
    defer: Defer,
  ): Promise<Verified | null> {
    const found = value === null ? null : readRecord(value, username)
    if (value === null || found === null) return nobody(username, password)
    if (isSeed(found)) {
      return equalBytes(utf8(password), utf8(found.password))
        ? adoptSeed(username, found, defer)
        : nobody(username, password)
    }

    const { verified, iterations } = await openWithPassword(found, password, value, peppers)
    costliest = Math.max(costliest, iterations)
    return verified ?? atFullCost(password, iterations)
  }

  /** Does the same work as for a wrong password, without a record. */
  async function nobody (username: string, password: string): Promise<null> {
    await keysOfPassword(password, { username, salt: new Uint8Array(16), iterations: costliest })
    return null
  }

  /**
   * After a change of KDF_ITERATIONS, a record with fewer iterations would answer faster and so reveal that its name
   * exists.
   */
  async function atFullCost (password: string, done: number): Promise<null> {
    if (done < costliest) await stretchPassword(password, new Uint8Array(16), costliest - done)
    return null
  }

  async function adoptSeed (username: string, seed: SeedCredential, defer: Defer): Promise<Verified> {
    const sealed = await sealRecord(username, seed.password, seed.token, { iterations,
      pepper: await peppers.current() })
    await users.replace(username, sealed.value)
    defer(deleteSeedKey(seed.key))
    log.info({ event: 'seed-adopted', user: username }, 'a record of the original layout was sealed')
    return toVerified(sealed)
  }
}
