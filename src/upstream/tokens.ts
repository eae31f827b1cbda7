// Copilot tokens by account. Parallel requests share one exchange, and tokens are renewed before they expire. Tokens
// live in memory and, sealed, in the store, so that a restart needs no exchange.
import { LRUCache } from 'lru-cache'
import type { Account } from '../auth/account.ts'
import type { Config } from '../config.ts'
import type { Clock, Log } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { createSingleFlight } from '../single-flight.ts'
import { isOfSeat, type OnOutdated } from '../seat-names.ts'
import { keys } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import type { Exchange, Session } from './exchange.ts'
import { readTokenBase } from './hosts.ts'
import { isRejection, nameSeat } from './name-seat.ts'
import { alone, type OneExchange } from './one-exchange.ts'
import { createRenewals, seatRefused } from './renewals.ts'
import type { CopilotToken } from './secrets.ts'
import { createNoteBook, newest, surest, type Trust, type Verdict } from './seat-notes.ts'
import { clockSkewMs, isFresh, openSession, sealSession, type AgedSession } from './token-cache.ts'
import { createTokenFailures } from './token-failures.ts'

export type Defer = (work: Promise<unknown>) => void
export interface Access {
  readonly token: CopilotToken
  readonly base: string | null
}
/**
 * `isSame`: a new token that Copilot refused once. The refusal may be temporary, so the call waits a little before it
 * repeats.
 */
export interface Renewal extends Access {
  readonly isSame: boolean
}

export interface Tokens {
  /** The fresh token in memory, at once. Null if `get` has to read the store or exchange. */
  readonly warm: (account: Account) =>
    | Access
    | null
  /**
   * @throws {GatewayError} as `Exchange`; a failure is remembered for a while and thrown again without asking GitHub
   */
  readonly get: (account: Account, defer: Defer) => Promise<Access>
  /** Copilot accepted this token: if Copilot refuses it later, it may be renewed at once. */
  readonly accepted: (account: Account, token: CopilotToken, defer: Defer) => void
  /**
   * Gives the token to send after Copilot refused `refused` with 401: a new token, or the same one again after a pause.
   * @throws {GatewayError} `github_token_rejected` for a renewed token that Copilot never accepted,
   * `copilot_token_unstable` for one that it did accept, after three renewals within 30 s
   */
  readonly renew: (account: Account, refused: CopilotToken, defer: Defer) => Promise<Renewal>
  /**
   * The error of a call that must not be repeated again.
   * @param hasPaused whether the call sent this token twice, with a pause between
   */
  readonly giveUp: (account: Account, refused: CopilotToken, hasPaused: boolean) => Promise<GatewayError>
  /** Stores a session that another route obtained. */
  readonly keep: (account: Account, session: Session, defer: Defer) => void
  /** Drops the tokens of a seat with another GitHub token, or of a user who was deleted or has a new password. */
  readonly forget: OnOutdated
  /** Evicts expired tokens: no token stays in memory longer than it is useful. */
  readonly sweep: () => void
}

interface Held {
  readonly access: Access
  /** Names the session in notes, in wall-clock milliseconds. */
  readonly storedAt: number
  /** Monotonic milliseconds. From `softAt` on, the token is renewed in the background. */
  readonly softAt: number
  /** From `hardAt` on, requests wait for the renewal. */
  readonly hardAt: number
  /** From `endsAt` on, the token is useless. */
  readonly endsAt: number
  trust: Trust
}

interface Options {
  readonly config: Config
  readonly exchange: Exchange
  /** Null if no store is configured: tokens then live in memory only. */
  readonly store: Store | null
  readonly clock: Clock
  readonly log: Log
  /** Absent: no other process exchanges. */
  readonly oneExchange?: OneExchange
  /** `oneExchange` writes what the store reads. */
  readonly isKeptByExchange?: boolean
  /** Called for users whose request calls GitHub, or who use a token of an earlier day: they are active today. */
  readonly onUse?: (username: string, defer: Defer) => void
  /** From 0 to 1. Spreads renewals, so that users who signed in together do not renew together. */
  readonly random?: () => number
}

export function createTokens (
  { config, exchange, store, clock, log, oneExchange = alone, isKeptByExchange = false, onUse = () => {},
    random = Math.random }: Options,
): Tokens {
  const { monotonic } = clock
  const held = new LRUCache<string, Held>({ max: 10_000 })
  const failures = createTokenFailures(clock)
  const renewals = createRenewals(clock)
  const flights = createSingleFlight<Held>()
  const book = createNoteBook(failures, renewals, clock)

  return {
    warm (account) {
      const known = held.get(account.seatId)
      return known !== undefined && monotonic() < known.softAt ? known.access : null
    },

    async get (account, defer) {
      const key = account.seatId
      const now = monotonic()
      const known = held.get(key)
      if (known !== undefined && now < known.softAt) return known.access
      if (known !== undefined && now < known.hardAt) {
        if (failures.of(key) === undefined) {
          defer(flights.run(key, defer, () => fetchNew(account, defer)).catch(() => {}))
        }
        return known.access
      }
      try {
        failures.rethrow(key)
        return (await flights.run(key, defer, () =>
          known === undefined ? fromStoreOrNew(account, defer) : fetchNew(account, defer))).access
      } catch (thrown) {
        // A failure of GitHub does not affect a token that is still valid.
        if (known !== undefined && monotonic() < known.endsAt && !isRejection(thrown)) return known.access
        throw thrown
      }
    },

    accepted (account, token, defer) {
      const known = held.get(account.seatId)
      if (known === undefined || known.trust === 'worked' || known.access.token !== token) return
      known.trust = 'worked'
      if (renewals.recent(account.seatId) > 0) defer(tell(account, known))
    },

    async renew (account, refused, defer) {
      const key = account.seatId
      await learn(account)
      const known = held.get(key)
      const isRecent = renewals.recent(key) > 0
      if (isRecent && known?.trust === 'rejected') throw nameSeat(seatRefused(), account)
      // Another request already renewed it.
      if (known !== undefined && known.access.token !== refused) return { ...known.access, isSame: false }
      failures.rethrow(key)
      if (isRecent && known?.trust === 'renewed') return { ...known.access, isSame: true }
      const { access } = await flights.run(key, defer, () => fetchNew(account, defer, true))
      return { ...access, isSame: false }
    },

    async giveUp (account, refused, hasPaused) {
      await learn(account)
      const known = held.get(account.seatId)
      if (!hasPaused || known === undefined || known.access.token !== refused || known.trust === 'worked') {
        return unstable(account)
      }
      known.trust = 'rejected'
      await tell(account, known)
      return nameSeat(seatRefused(), account)
    },

    keep (account, session, defer) {
      failures.forget(account.seatId)
      hold(account.seatId, { session, ageMs: 0 })
      defer(write(account, session))
    },

    forget (username, seat) {
      for (const key of held.keys()) if (isOfSeat(key, username, seat)) held.delete(key)
    },

    sweep () {
      const now = monotonic()
      for (const [key, { endsAt }] of held.entries()) if (now >= endsAt) held.delete(key)
    },
  }

  async function fromStoreOrNew (account: Account, defer: Defer): Promise<Held> {
    const sealed = await store?.get(keys.token(account.username, account.rid, account.seat)).catch(() => null) ?? null
    const found = sealed === null
      ? null
      : await openSession(account, sealed, clock.now(), base => readTokenBase(base, config)).catch(() => null)
    if (found === null) return fetchNew(account, defer)
    if (isFresh(found)) {
      if (isEarlierDay(found.session.storedAt, clock.now())) onUse(account.username, defer)
      return hold(account.seatId, found)
    }
    return fetchNew(account, defer).catch((thrown: unknown) => {
      if (isRejection(thrown)) throw thrown
      return hold(account.seatId, found)
    })
  }

  /** @param isRenewal Copilot refused the last token */
  async function fetchNew (account: Account, defer: Defer, isRenewal = false): Promise<Held> {
    onUse(account.username, defer)
    const key = account.seatId
    const known = held.get(key)
    let verdict: Verdict | null = null
    const aged = await oneExchange.run(account, {
      // After an outage the engine may have an older one.
      isNew: ({ token, storedAt }) =>
        known === undefined || (token !== known.access.token && storedAt >= known.storedAt - clockSkewMs),
      adopt (notes) {
        book.adopt(key, notes)
        verdict = notes.verdict
      },
      check () {
        failures.rethrow(key)
        if (isRenewal && renewals.isAtCap(key)) throw unstable(account)
      },
      async exchange () {
        const session = await askGitHub(account, defer)
        // Counted only now: GitHub's own failure keeps its own error.
        if (isRenewal) renewals.note(key)
        verdict = { storedAt: session.storedAt, trust: isRenewal ? 'renewed' : 'usual' }
        return session
      },
      notes: () => book.write(key, failures.toShare(key), verdict),
    })
    failures.forget(key)
    return trusted(hold(key, aged), verdict)
  }

  async function askGitHub (account: Account, defer: Defer): Promise<Session> {
    const { seatId, username } = account
    try {
      // Not the caller's signal, because other callers wait for the same answer. The exchange has its own timeout.
      const session = await exchange(await account.openGitHubToken(), new AbortController().signal)
      failures.forget(seatId)
      log.info({ event: 'exchange', user: username, outcome: 'ok' }, 'Copilot token renewed')
      if (!isKeptByExchange) defer(write(account, session))
      return session
    } catch (reason) {
      const thrown = nameSeat(reason, account)
      if (thrown instanceof GatewayError) failures.remember(seatId, thrown)
      log.warn({ event: 'exchange', user: username, outcome: thrown instanceof GatewayError ? thrown.code : 'internal',
        err: thrown }, 'no Copilot token')
      throw thrown
    }
  }

  /** Takes over what other processes know of a token that Copilot refused. */
  async function learn (account: Account): Promise<void> {
    const key = account.seatId
    const { found, notes } = await oneExchange.read(account)
    if (notes !== null) book.adopt(key, notes)
    const known = held.get(key)
    const isNewer = found !== null && found.session.storedAt > (known?.storedAt ?? 0)
    const latest = isNewer ? hold(key, found) : known
    if (latest !== undefined) trusted(latest, notes?.verdict ?? null)
  }

  /** Adds to what others have noted. Only an exchange notes a failure. */
  async function tell (account: Account, { storedAt, trust }: Held): Promise<void> {
    const key = account.seatId
    const { notes } = await oneExchange.read(account)
    if (notes !== null) book.adopt(key, notes)
    const latest = newest(notes?.verdict ?? null, { storedAt, trust })
    const hasFailure = notes !== null && notes.failure !== null
    const next = book.write(key, hasFailure ? failures.toShare(key) : null, latest)
    if (next !== null) await oneExchange.write(account, next)
  }

  function hold (key: string, { session: { token, base, storedAt, refreshInMs, livesMs }, ageMs }: AgedSession): Held {
    const bornAt = monotonic() - ageMs
    // Upstream begins to refuse a token about a minute after `refresh_in`, well before it expires.
    const hardAt = bornAt + Math.min(refreshInMs + 60_000, Math.max(livesMs - 60_000, 1_000))
    const softAt = Math.min(bornAt + refreshInMs * (0.9 + 0.1 * random()), hardAt)
    const entry: Held = { access: { token, base }, storedAt, softAt, hardAt, endsAt: bornAt + livesMs, trust: 'usual' }
    held.set(key, entry)
    return entry
  }

  async function write (account: Account, session: Session): Promise<void> {
    try {
      await store?.set(keys.token(account.username, account.rid, account.seat), await sealSession(account, session),
        session.storedAt + session.livesMs)
    } catch (thrown) {
      log.warn({ event: 'token-cache', user: account.username, err: thrown },
        'a Copilot token was not kept in the store')
    }
  }

  /**
   * Another token would not help: Copilot accepted and then refused the last one, or it is still unknown whether it
   * works.
   */
  function unstable ({ seatId, username }: Account): GatewayError {
    log.warn({ event: 'token-unstable', user: username }, 'Copilot refuses tokens soon after it took them')
    return renewals.unstable(seatId)
  }
}

/** Another process may know more of the same token. */
function trusted (held: Held, verdict: Verdict | null): Held {
  if (verdict !== null && verdict.storedAt === held.storedAt) held.trust = surest(held.trust, verdict.trust)
  return held
}

function isEarlierDay (at: number, now: number): boolean {
  return Math.floor(at / 86_400_000) < Math.floor(now / 86_400_000)
}
