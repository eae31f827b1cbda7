// Authenticates every API request: a user name and a key give an Account. A known pair costs one digest and one
// look-up. Once every AUTH_REVALIDATE_SECONDS it also costs a read of the store. Only an unknown pair costs a key
// derivation.
import { LRUCache } from 'lru-cache'
import { LateCache } from '../late-cache.ts'
import { createAudit } from '../audit.ts'
import { toBase64Url } from '../bytes.ts'
import type { Clock, Log, ReceivedHeaders } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { noMeter, type Meter } from '../meter.ts'
import { createSingleFlight } from '../single-flight.ts'
import { defaultSeat, ownerOf, seatHeader, seatIdOf } from '../seat-names.ts'
import { isUsername, type Account, type AccountEntry } from './account.ts'
import { isExpired, type Entry } from './contents.ts'
import { readCredential, tokenInvalid } from './credentials.ts'
import { keyedDigest, openCached, sealCached } from './seal.ts'
import { chooseSeat } from './seats.ts'
import type { PageSession } from './session-cookie.ts'
import type { UserStore } from './user-store.ts'
import type { Verified } from './verified.ts'
import type { Defer, Fingerprint, Verifier } from './verifier.ts'

export interface SignInRequest {
  readonly username: string
  readonly headers: ReceivedHeaders
  /** `?key=` of the address, where the operator allows it and the route takes it. */
  readonly keyInUrl?:
    | string
    | null
  /** The cookie of a page of this host. It counts for its own user, where no header has a credential. */
  readonly session?: PageSession | null
  readonly address: string
  readonly defer: Defer
  /** The request id for the audit line of a failure. */
  readonly id?: string
}

export interface SignIn {
  /**
   * @throws {GatewayError} `invalid_api_key` for every wrong key and unknown user; `invalid_request` for an unknown
   * seat, `seat_not_allowed`; `rate_limited`; `store_unavailable` …
   */
  readonly authenticate: (request: SignInRequest) => Promise<Account>
  /** Trusts a pair that another route has just verified. */
  readonly admit: (password: string, verified: Verified) => Promise<Account>
  /** Rejects this record from now on: its user was deleted or has a new password. */
  readonly revoke: (rid: string) => void
  /** Revokes every record of this user that this process trusts. */
  readonly revokeUser: (username: string) => void
  /** Checks each credential of this user again at its next request: their limits changed. */
  readonly forget: (username: string) => void
  /** Evicts users that were idle too long, and their keys. */
  readonly sweep: () => void
}

interface Warm {
  readonly account: Account
  readonly value: string
  readonly admittedAt: number
  /** Until this time, the store need not be read, if no other process changes a record. */
  freshUntil: number
  /** Of the store's records, before they confirmed this one. */
  version: number
  /** When the store last confirmed the record. */
  confirmedAt: number
}

interface Options {
  readonly users: UserStore
  readonly verifier: Verifier
  readonly fingerprint: Fingerprint
  readonly clock: Clock
  readonly log: Log
  readonly meter?: Meter
  /** Called on every request of a known user, so it must cost nothing. */
  readonly onSeen?: (account: Account, defer: Defer) => void
  readonly revalidateSeconds: number
  /** Seals a record again whose parameters are not the configured ones. Runs after the answer. */
  readonly refreshSeal: (password: string, verified: Verified, address: string) => Promise<void>
}

const idleMs = 15 * 60_000
const longestMs = 24 * 3_600_000
/** While the store is unreachable, known users are served for this long. */
const withoutStoreMs = 600_000
/** Longer than any store may still show a replaced record, and longer than any running check may still hold one. */
const revokedMs = 180_000

/** The credential that counts: that of a header or of the address, else the session of a page of the same user. */
export function credentialFor (
  { username, headers, keyInUrl = null, session = null }: Pick<SignInRequest,
    'username' | 'headers' | 'keyInUrl' | 'session'>,
): string | null {
  return readCredential(headers, keyInUrl) ?? (session?.username === username ? session.text : null)
}

export function createSignIn (
  { users, verifier, fingerprint, clock, log, meter = noMeter, onSeen = () => {}, revalidateSeconds, refreshSeal }:
    Options,
): SignIn {
  const audit = createAudit(log, meter)
  const { monotonic, now } = clock
  const revalidateMs = revalidateSeconds * 1_000
  // No `ttlResolution`: it caches the time with a timer, and on Workers a timer dies with its request.
  const warm = new LRUCache<string, Warm>({ max: 10_000, ttl: idleMs, updateAgeOnGet: true, ttlResolution: 0,
    perf: { now: monotonic } })
  const confirmations = createSingleFlight<boolean>()
  const revoked = new LateCache<string, true>({ max: 10_000, ttl: revokedMs, ttlResolution: 0,
    perf: { now: monotonic } })

  return {
    async authenticate (request) {
      const { username, headers, address, defer, id } = request
      const password = credentialFor(request)
      if (!isUsername(username)) throw tokenInvalid()
      if (password === null) throw failed(tokenInvalid())
      const made = fingerprint(username, password)
      const tag = typeof made === 'string' ? made : await made
      const known = warm.get(tag)
      if (known !== undefined && isAlive(known.account) && monotonic() - known.admittedAt < longestMs) {
        if (isFresh(known) || await confirmations.run(tag, defer, () => confirm(username, known))) {
          onSeen(known.account, defer)
          return chooseSeat(known.account, headers[seatHeader])
        }
        if (warm.get(tag) === known) warm.delete(tag) // But keep a record that was admitted in the meantime.
      }
      const version = users.version()
      const verified = await verifier.verify(username, password, address, defer).catch((thrown: unknown) => {
        throw failed(thrown)
      })
      if (verified === null || isRevoked(toBase64Url(verified.record.rid))) throw failed(tokenInvalid())
      defer(refreshSeal(password, verified, address))
      const account = remember(tag, verified, version)
      onSeen(account, defer)
      return chooseSeat(account, headers[seatHeader])

      function failed (thrown: unknown): unknown {
        const code = thrown instanceof GatewayError ? thrown.code : ''
        if (code === 'invalid_api_key' || code === 'rate_limited') {
          audit({ action: 'sign-in', outcome: code === 'rate_limited' ? 'limited' : 'auth-failed', user: username,
            address, reqId: id })
        }
        return thrown
      }
    },
    async admit (password, verified) {
      return remember(await fingerprint(verified.record.username, password), verified)
    },
    revoke (rid) {
      revoked.set(rid, true)
    },
    revokeUser (username) {
      for (const [tag, { account }] of warm.entries()) {
        if (account.username !== username) continue
        revoked.set(account.rid, true)
        warm.delete(tag)
      }
    },
    forget (username) {
      for (const [tag, { account }] of warm.entries()) if (account.username === username) warm.delete(tag)
    },
    sweep () {
      warm.purgeStale()
      revoked.purgeStale()
    },
  }

  /** Neither revoked nor, for a key or a session, past its end. */
  function isAlive ({ rid, entry }: Account): boolean {
    return !isRevoked(rid) && (entry === null || !isExpired(entry, now()))
  }

  function isFresh ({ freshUntil, version }: Warm): boolean {
    return monotonic() < freshUntil && users.version() === version
  }

  /** This list is almost always empty. */
  function isRevoked (rid: string): boolean {
    return revoked.size > 0 && revoked.has(rid)
  }

  function remember (tag: string, verified: Verified, version = users.version()): Account {
    const now = monotonic()
    const account = toAccount(verified)
    warm.set(tag, { account, value: verified.value, admittedAt: now, confirmedAt: now, version,
      freshUntil: now + freshFor(account.username) })
    return account
  }

  /** Reads the store once and derives no key: an unchanged record has an unchanged password. */
  async function confirm (username: string, known: Warm): Promise<boolean> {
    known.version = users.version()
    try {
      const value = await users.read(username)
      if (value !== known.value) return false
      known.confirmedAt = monotonic()
      known.freshUntil = known.confirmedAt + freshFor(username)
      return true
    } catch (thrown) {
      const inTime = monotonic() - known.confirmedAt < withoutStoreMs
      if (!(inTime && thrown instanceof GatewayError && thrown.code === 'store_unavailable')) throw thrown
      log.warn({ event: 'store-outage', user: username }, 'the store does not answer; a known user goes on')
      known.freshUntil = monotonic() + Math.min(revalidateMs, 5_000)
      return true
    }
  }

  /** If only our own last write confirms a record, read the store again as soon as its answer is reliable. */
  function freshFor (username: string): number {
    const ownWordMs = users.ownWordMs(username)
    return ownWordMs > 0 ? Math.min(revalidateMs, ownWordMs) : revalidateMs
  }
}

/** The account of the default seat. It keeps neither the data key nor what else the record holds. */
function toAccount (verified: Verified): Account {
  const { record: { gen }, opened } = verified
  const seats = new Map<string, Account>()
  const add = (name: string, gen: number) => {
    const account = ofSeat(verified, name, gen, seats)
    seats.set(name, account)
    return account
  }
  const account = add(defaultSeat, gen)
  for (const link of opened?.contents.seats ?? []) add(link.name, link.gen)
  return account
}

function ofSeat (
  { record: { username, rid: ridBytes }, keys, openToken, entry }: Verified,
  seat: string,
  gen: number,
  seats: Account['seats'],
): Account {
  const place = { username, rid: toBase64Url(ridBytes), gen, seat }
  const isDefault = seat === defaultSeat
  const sealedFor = isDefault ? username : `${username}/${seat}`
  return {
    ...place,
    seatId: seatIdOf(place),
    owner: ownerOf(place),
    seats,
    entry: entry === null ? null : toAccountEntry(entry),
    openGitHubToken: () => openToken(seat),
    seal: text => sealCached(keys.tokenCache, sealedFor, ridBytes, text),
    open: sealed => openCached(keys.tokenCache, sealedFor, ridBytes, sealed),
    digest: text => keyedDigest(keys.digest, isDefault ? text : `${seat}\0${text}`),
  }
}

function toAccountEntry ({ kind, id, expiresAt, models, monthlyCredits, seat }: Entry): AccountEntry {
  return { kind, id, expiresAt, models, monthlyCredits, seat }
}
