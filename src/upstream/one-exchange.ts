// How a process gets a new Copilot token, alone or together with other processes (`hot/one-exchange.ts`).
import type { Account } from '../auth/account.ts'
import type { Session } from './exchange.ts'
import type { SeatNotes } from './seat-notes.ts'
import type { AgedSession } from './token-cache.ts'

/** One call of `OneExchange`, by the process that needs a token. */
export interface ExchangeTurn {
  /** Whether this process lacks the session that another one obtained. */
  readonly isNew: (session: Session) => boolean
  readonly adopt: (notes: SeatNotes) => void
  /** @throws {GatewayError} if GitHub must not be asked now */
  readonly check: () => void
  readonly exchange: () => Promise<Session>
  /** What the other processes need to know after the exchange, also if it failed. */
  readonly notes: () => SeatNotes | null
}

/** What other processes left. */
export interface Left {
  readonly found: AgedSession | null
  readonly notes: SeatNotes | null
}

/** What several processes do together about the token of a seat. */
export interface OneExchange {
  /** Exchanges, or waits for another process that does so at the same moment. @throws as the turn's functions */
  readonly run: (account: Account, turn: ExchangeTurn) => Promise<AgedSession>
  readonly read: (account: Account) => Promise<Left>
  readonly write: (account: Account, notes: SeatNotes) => Promise<void>
}

/** No other process exchanges. */
export const alone: OneExchange = {
  run: (_account, turn) => askAlone(turn),
  read: async () => ({ found: null, notes: null }),
  write: async () => {},
}

/** @throws {GatewayError} as `check` and `exchange` of the turn */
export async function askAlone ({ check, exchange }: ExchangeTurn): Promise<AgedSession> {
  check()
  return { session: await exchange(), ageMs: 0 }
}
