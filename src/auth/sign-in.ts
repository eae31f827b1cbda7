// Every API request: from a user name and a key to an Account. Warm, this is one digest and one look-up; once in
// AUTH_REVALIDATE_SECONDS it is one read of the store; only a stranger costs a stretch of the password.
import { LRUCache } from 'lru-cache'
import { createAudit } from '../audit.ts'
import { toBase64Url } from '../bytes.ts'
import type { Clock, Log, ReceivedHeaders } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { noMeter, type Meter } from '../meter.ts'
import { createSingleFlight } from '../single-flight.ts'
import { isUsername, seatOf, type Account } from './account.ts'
import { readPassword, tokenInvalid } from './credentials.ts'
import { openToken } from './record.ts'
import { openCached, sealCached } from './seal.ts'
import type { UserStore } from './user-store.ts'
import type { Defer, Fingerprint, Verified, Verifier } from './verifier.ts'

export interface SignInRequest {
  readonly username: string
  readonly headers: ReceivedHeaders
  readonly address: string
  readonly defer: Defer
  /** For the audit line of a failure. */
  readonly id?: string
}

export interface SignIn {
  /** @throws {GatewayError} `invalid_api_key` in all cases of a bad key or user; `rate_limited`; `store_unavailable` … */
  readonly authenticate: (request: SignInRequest) => Promise<Account>
  /** Trusts a pair that was verified a moment ago, in whatever way. */
  readonly admit: (password: string, verified: Verified) => Promise<Account>
  /** Nobody comes in by this record any more: its user was deleted, or has another password. */
  readonly revoke: (rid: string) => void
  /** The same for every record of this user that is trusted here. */
  readonly revokeUser: (username: string) => void
  /** Drops who was not here for so long that they are strangers again, and the keys to their seals with them. */
  readonly sweep: () => void
}

interface Warm {
  readonly account: Account
  readonly value: string
  readonly admittedAt: number
  /** Until when the store need not be asked. */
  freshUntil: number
  /** When the store last confirmed it. */
  confirmedAt: number
}

interface Options {
  readonly users: UserStore
  readonly verifier: Verifier
  readonly fingerprint: Fingerprint
  readonly clock: Clock
  readonly log: Log
  readonly meter?: Meter
  /** Hears of every request of a user who was known already; it must cost nothing. */
  readonly onSeen?: (username: string, defer: Defer) => void
  readonly revalidateSeconds: number
  /** Seals a record anew when its parameters are not the configured ones; runs after the answer. */
  readonly refreshSeal: (password: string, verified: Verified) => Promise<void>
}

const idleMs = 15 * 60_000
const longestMs = 24 * 3_600_000
/** So long a warm user is served while the store is out of reach. */
const withoutStoreMs = 600_000
/** Longer than any store may still show, or any check in flight may still hold, a record that was replaced. */
const revokedMs = 180_000

export function createSignIn ({ users, verifier, fingerprint, clock, log, meter = noMeter, onSeen = () => {}, revalidateSeconds, refreshSeal }: Options): SignIn {
  const audit = createAudit(log, meter)
  const { monotonic } = clock
  const revalidateMs = revalidateSeconds * 1_000
  // No `ttlResolution`: it keeps the time in a timer, and on Workers a timer dies with its request.
  const warm = new LRUCache<string, Warm>({ max: 10_000, ttl: idleMs, updateAgeOnGet: true, ttlResolution: 0, perf: { now: monotonic } })
  const confirmations = createSingleFlight<boolean>()
  const revoked = new LRUCache<string, true>({ max: 10_000, ttl: revokedMs, ttlResolution: 0, perf: { now: monotonic } })

  return {
    async authenticate ({ username, headers, address, defer, id }) {
      const password = readPassword(headers)
      if (!isUsername(username)) throw tokenInvalid()
      if (password === null) throw failed(tokenInvalid())
      const made = fingerprint(username, password)
      const tag = typeof made === 'string' ? made : await made
      const known = warm.get(tag)
      if (known !== undefined && !isRevoked(known.account.rid) && monotonic() - known.admittedAt < longestMs) {
        if (monotonic() < known.freshUntil || await confirmations.run(tag, defer, () => confirm(username, known))) {
          onSeen(username, defer)
          return known.account
        }
        if (warm.get(tag) === known) warm.delete(tag)   // and not what was admitted meanwhile
      }
      const verified = await verifier.verify(username, password, address, defer).catch((thrown: unknown) => { throw failed(thrown) })
      if (verified === null || isRevoked(toBase64Url(verified.record.rid))) throw failed(tokenInvalid())
      defer(refreshSeal(password, verified))
      return remember(tag, verified)

      function failed (thrown: unknown): unknown {
        const code = thrown instanceof GatewayError ? thrown.code : ''
        if (code === 'invalid_api_key' || code === 'rate_limited') audit({ action: 'sign-in', outcome: code === 'rate_limited' ? 'limited' : 'auth-failed', user: username, address, reqId: id })
        return thrown
      }
    },
    async admit (password, verified) {
      await verifier.forget(verified.record.username, password)
      return remember(await fingerprint(verified.record.username, password), verified)
    },
    revoke (rid) { revoked.set(rid, true) },
    revokeUser (username) {
      for (const [tag, { account }] of warm.entries()) {
        if (account.username !== username) continue
        revoked.set(account.rid, true)
        warm.delete(tag)
      }
    },
    sweep () {
      warm.purgeStale()
      revoked.purgeStale()
    },
  }

  /** Nearly always nobody is. */
  function isRevoked (rid: string): boolean {
    return revoked.size > 0 && revoked.has(rid)
  }

  function remember (tag: string, verified: Verified): Account {
    const now = monotonic()
    const account = toAccount(verified)
    warm.set(tag, { account, value: verified.value, admittedAt: now, confirmedAt: now, freshUntil: now + freshFor(account.username) })
    return account
  }

  /** One read of the store; no stretch: an unchanged record has an unchanged password. */
  async function confirm (username: string, known: Warm): Promise<boolean> {
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

  /** A record that only our own last write vouches for is looked at again as soon as the store's word counts. */
  function freshFor (username: string): number {
    const ownWordMs = users.ownWordMs(username)
    return ownWordMs > 0 ? Math.min(revalidateMs, ownWordMs) : revalidateMs
  }
}

function toAccount ({ record, keys }: Verified): Account {
  const { username, gen } = record
  const rid = toBase64Url(record.rid)
  return {
    username, rid, gen,
    seat: seatOf({ username, rid, gen }),
    openGitHubToken: () => openToken(record, keys),
    seal: text => sealCached(keys.tokenCache, username, record.rid, text),
    open: sealed => openCached(keys.tokenCache, username, record.rid, sealed),
  }
}
