// Copilot tokens by account: exchanged once however many ask, renewed before they age, kept in memory and, sealed, in
// the store, so that a restart costs no exchange.
import { LRUCache } from 'lru-cache'
import type { Account } from '../auth/account.ts'
import type { Config } from '../config.ts'
import type { Clock, Log } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { createSingleFlight } from '../single-flight.ts'
import { keys } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import type { Exchange, Session } from './exchange.ts'
import { readTokenBase } from './hosts.ts'
import { openSession, sealSession } from './token-cache.ts'
import type { CopilotToken } from './secrets.ts'

export type Defer = (work: Promise<unknown>) => void
export interface Access { readonly token: CopilotToken, readonly base: string | null }

export interface Tokens {
  /** What is held and fresh, at once; null where `get` has something to do. */
  readonly warm: (account: Account) => Access | null
  /** @throws {GatewayError} as `Exchange`; a failure is remembered for a while and told again without asking GitHub */
  readonly get: (account: Account, defer: Defer) => Promise<Access>
  /**
   * A token other than `refused`, which Copilot did not take.
   * @throws {GatewayError} `github_token_rejected` when a new one was made within the last 30 s already
   */
  readonly renew: (account: Account, refused: CopilotToken, defer: Defer) => Promise<Access>
  /** Takes over a session that was obtained otherwise. */
  readonly keep: (account: Account, session: Session, defer: Defer) => void
  /** Of a user who was deleted, or who has another password or GitHub token: nothing of before is held any longer. */
  readonly forget: (username: string) => void
  /** Drops what has expired: a token of no use may still be read by whoever reads this memory. */
  readonly sweep: () => void
}

interface Held {
  readonly access: Access
  /** Monotonic milliseconds: from here on renewed behind the request … */
  readonly softAt: number
  /** … from here on before it … */
  readonly hardAt: number
  /** … and from here on of no use at all. */
  readonly endsAt: number
}

const forcedEveryMs = 30_000
const failedForMs = { first: 5_000, longest: 60_000, refused: 60_000, limited: 600_000 }

interface Options {
  readonly config: Config
  readonly exchange: Exchange
  /** Null where none is configured: tokens then live in memory only. */
  readonly store: Store | null
  readonly clock: Clock
  readonly log: Log
  /** Hears of users that cost a call to GitHub, or that came with a token of an earlier day: they are here today. */
  readonly onUse?: (username: string, defer: Defer) => void
  /** From 0 to 1: spreads renewals, so that users who came together do not come together again. */
  readonly random?: () => number
}

export function createTokens ({ config, exchange, store, clock, log, onUse = () => {}, random = Math.random }: Options): Tokens {
  const { monotonic } = clock
  const held = new LRUCache<string, Held>({ max: 10_000 })
  const failures = new LRUCache<string, { error: GatewayError, until: number, waitMs: number }>({ max: 10_000 })
  const forcedAt = new LRUCache<string, number>({ max: 10_000 })
  const flights = createSingleFlight<Held>()

  return {
    warm (account) {
      const known = held.get(account.seat)
      return known !== undefined && monotonic() < known.softAt ? known.access : null
    },

    async get (account, defer) {
      const key = account.seat
      const now = monotonic()
      const known = held.get(key)
      if (known !== undefined && now < known.softAt) return known.access
      if (known !== undefined && now < known.hardAt) {
        if (failureOf(key) === undefined) defer(flights.run(key, defer, () => fetchNew(account, key, defer)).catch(() => {}))
        return known.access
      }
      try {
        throwFailure(key)
        return (await flights.run(key, defer, () => known === undefined ? fromStoreOrNew(account, key, defer) : fetchNew(account, key, defer))).access
      } catch (thrown) {
        // GitHub in trouble takes nothing from a token that still lives.
        if (known !== undefined && monotonic() < known.endsAt && !(thrown instanceof GatewayError && thrown.code === 'github_token_rejected')) return known.access
        throw thrown
      }
    },

    async renew (account, refused, defer) {
      const key = account.seat
      const known = held.get(key)
      if (known !== undefined && known.access.token !== refused) return known.access   // another request was faster
      throwFailure(key)
      return (await flights.run(key, defer, async () => {
        if (monotonic() - (forcedAt.get(key) ?? -Infinity) < forcedEveryMs) {
          throw new GatewayError('github_token_rejected', 'Copilot refuses the tokens that GitHub gives this account. Check the seat at github.com/settings/copilot; then link GitHub again at /.')
        }
        const fresh = await fetchNew(account, key, defer)
        forcedAt.set(key, monotonic())   // only now: GitHub's own failure is remembered as what it is
        return fresh
      })).access
    },

    keep (account, session, defer) {
      failures.delete(account.seat)
      hold(account.seat, session, 0)
      defer(write(account, session))
    },

    forget (username) {
      for (const key of held.keys()) if (key.startsWith(`${username}:`)) held.delete(key)
    },

    sweep () {
      const now = monotonic()
      for (const [key, { endsAt }] of held.entries()) if (now >= endsAt) held.delete(key)
    },
  }

  async function fromStoreOrNew (account: Account, key: string, defer: Defer): Promise<Held> {
    const sealed = await store?.get(keys.token(account.username, account.rid)).catch(() => null) ?? null
    const found = sealed === null ? null : await openSession(account, sealed, clock.now(), base => readTokenBase(base, config)).catch(() => null)
    if (found === null) return fetchNew(account, key, defer)
    if (isEarlierDay(found.session.storedAt, clock.now())) onUse(account.username, defer)
    return hold(key, found.session, found.ageMs)
  }

  async function fetchNew (account: Account, key: string, defer: Defer): Promise<Held> {
    onUse(account.username, defer)
    try {
      // Not the caller's signal: others wait for the same answer. The exchange has a timeout of its own.
      const session = await exchange(await account.openGitHubToken(), new AbortController().signal)
      failures.delete(key)
      log.info({ event: 'exchange', user: account.username, outcome: 'ok' }, 'Copilot token renewed')
      defer(write(account, session))
      return hold(key, session, 0)
    } catch (thrown) {
      if (thrown instanceof GatewayError) remember(key, thrown)
      log.warn({ event: 'exchange', user: account.username, outcome: thrown instanceof GatewayError ? thrown.code : 'internal', err: thrown }, 'no Copilot token')
      throw thrown
    }
  }

  /** @param ageMs how old the session is already */
  function hold (key: string, { token, base, refreshInMs, livesMs }: Session, ageMs: number): Held {
    const bornAt = monotonic() - ageMs
    // Upstream begins to refuse a token about a minute after `refresh_in`, well before it expires.
    const hardAt = bornAt + Math.min(refreshInMs + 60_000, Math.max(livesMs - 60_000, 1_000))
    const softAt = Math.min(bornAt + refreshInMs * (0.9 + 0.1 * random()), hardAt)
    const entry: Held = { access: { token, base }, softAt, hardAt, endsAt: bornAt + livesMs }
    held.set(key, entry)
    return entry
  }

  async function write (account: Account, session: Session): Promise<void> {
    try {
      await store?.set(keys.token(account.username, account.rid), await sealSession(account, session), session.storedAt + session.livesMs)
    } catch (thrown) { log.warn({ event: 'token-cache', user: account.username, err: thrown }, 'a Copilot token was not kept in the store') }
  }

  function failureOf (key: string): GatewayError | undefined {
    const failure = failures.get(key)
    return failure !== undefined && monotonic() < failure.until ? failure.error : undefined
  }

  function throwFailure (key: string): void {
    const error = failureOf(key)
    if (error !== undefined) throw error
  }

  function remember (key: string, error: GatewayError): void {
    const before = failures.get(key)?.waitMs ?? failedForMs.first / 2
    const limitedMs = Number(error.headers['retry-after'] ?? 0) * 1_000
    const waitMs = error.code === 'github_token_rejected' ? failedForMs.refused
      : error.code === 'rate_limited' ? Math.min(limitedMs, failedForMs.limited)
        : Math.min(before * 2, failedForMs.longest)
    failures.set(key, { error, waitMs, until: monotonic() + waitMs })
  }
}

function isEarlierDay (at: number, now: number): boolean {
  return Math.floor(at / 86_400_000) < Math.floor(now / 86_400_000)
}
