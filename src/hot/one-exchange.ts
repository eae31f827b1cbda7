// One exchange for each user and renewal, whichever processes need the token: one of them asks GitHub, the others wait
// for the sealed token.
import type { Account } from '../auth/account.ts'
import type { Clock } from '../contract.ts'
import { keys } from '../store/keys.ts'
import type { HoldStep } from '../store/hot-state.ts'
import type { AgedSession, OneExchange } from '../upstream/tokens.ts'
import type { Session } from '../upstream/exchange.ts'
import type { Engine } from './engine.ts'
import { later } from './waiting.ts'

interface Options {
  readonly engine: Engine
  readonly holder: string
  readonly clock: Clock
  readonly seal: (account: Account, session: Session) => Promise<string>
  /** Null for what does not open, belongs to another GitHub token or is too old. */
  readonly open: (account: Account, sealed: string) => Promise<AgedSession | null>
}

/** Longer than an exchange takes with its repetition. A process that dies meanwhile blocks the others until then. */
const leaseMs = 15_000
const pollMs = { least: 100, most: 250 }

export function createOneExchange ({ engine, holder, clock, seal, open }: Options): OneExchange {
  return async (account, isNew, exchange) => {
    if (!engine.isOn()) return fresh(await exchange())
    const { username } = account
    const key = keys.token(username, account.rid, account.seat)
    const hold = { do: 'hold', key, holder, limit: 1, ttlMs: leaseMs } as const
    for (const deadline = clock.monotonic() + leaseMs;;) {
      const results = await engine.run(username, [{ do: 'get', key }, { ...hold, amount: 1 }])
      if (results === null) return fresh(await exchange())
      const [{ value }, { granted }] = results
      const found = value === null ? null : await open(account, value)
      if (found !== null && isNew(found.session)) {
        if (granted > 0) await engine.run(username, [{ ...hold, amount: 0 }])
        return found
      }
      if (granted > 0) return fresh(await lead(account, hold, exchange))
      if (clock.monotonic() >= deadline) return fresh(await exchange())
      await later(clock, pollMs)
    }
  }

  /** The token is there for the others before the place is free. */
  async function lead (account: Account, hold: Omit<HoldStep, 'amount'>, exchange: () => Promise<Session>) {
    const free = { ...hold, amount: 0 } as const
    try {
      const session = await exchange()
      await engine.run(account.username, [{ do: 'set', key: hold.key, value: await seal(account, session),
        ttlMs: session.livesMs }, free])
      return session
    } catch (thrown) {
      void engine.run(account.username, [free])
      throw thrown
    }
  }
}

function fresh (session: Session): AgedSession {
  return { session, ageMs: 0 }
}
