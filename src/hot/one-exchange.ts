// One exchange for each user and renewal, whichever processes need the token: one of them asks GitHub, the others wait
// for the sealed token. What GitHub and Copilot refuse, one process notes for the others.
import type { Account } from '../auth/account.ts'
import type { Clock } from '../contract.ts'
import { keys } from '../store/keys.ts'
import type { HoldStep, HotStep } from '../store/hot-state.ts'
import type { Session } from '../upstream/exchange.ts'
import { askAlone, type ExchangeTurn, type Left, type OneExchange } from '../upstream/one-exchange.ts'
import { lifeOf, readNotes, type SeatNotes } from '../upstream/seat-notes.ts'
import { isFresh, type AgedSession } from '../upstream/token-cache.ts'
import type { Engine } from './engine.ts'
import { pack, unpack } from './packed.ts'
import { later } from './waiting.ts'

interface Options {
  readonly engine: Engine
  readonly holder: string
  readonly clock: Clock
  readonly seal: (account: Account, session: Session) => Promise<string>
  /** Null for what does not open, belongs to another GitHub token or has expired. */
  readonly open: (account: Account, sealed: string) => Promise<AgedSession | null>
}

/** Longer than an exchange takes with its repetition. A process that dies meanwhile blocks the others until then. */
const leaseMs = 15_000
/** How long a process waits for another one that asks GitHub. */
const followMs = 5_000
const pollMs = { least: 100, most: 250 }

export function createOneExchange ({ engine, holder, clock, seal, open }: Options): OneExchange {
  return {
    async run (account, turn) {
      if (!engine.isOn()) return askAlone(turn)
      const { username } = account
      const place = placeOf(account)
      for (const deadline = clock.monotonic() + followMs;;) {
        const results = await engine.run(username, [...readSteps(account), { ...place, amount: 1 }])
        if (results === null) return askAlone(turn)
        const { found, notes } = await opened(account, results[0].value, results[1].value)
        if (notes !== null) turn.adopt(notes)
        const isLeader = results[2].granted > 0
        if (found !== null && turn.isNew(found.session)) {
          if (isLeader) await engine.run(username, [{ ...place, amount: 0 }])
          return found
        }
        if (isLeader) return { session: await lead(account, turn, place, notes !== null), ageMs: 0 }
        if (clock.monotonic() >= deadline) return askAlone(turn)
        turn.check()
        await later(clock, pollMs)
      }
    },

    async read (account) {
      const results = engine.isOn() ? await engine.run(account.username, readSteps(account)) : null
      return results === null ? { found: null, notes: null } : opened(account, results[0].value, results[1].value)
    },

    async write (account, notes) {
      if (engine.isOn()) await engine.run(account.username, [await noteStep(account, notes)])
    },
  }

  function placeOf ({ username, rid, seat }: Account): Omit<HoldStep, 'amount'> {
    return { do: 'hold', key: keys.token(username, rid, seat), holder, limit: 1, ttlMs: leaseMs }
  }

  async function opened (account: Account, sealed: string | null, packed: string | null): Promise<Left> {
    // A host that the settings no longer name: the token is as good as missing.
    const [session, value] = await Promise.all([sealed === null ? null : open(account, sealed).catch(() => null),
      packed === null ? null : unpack(account, packed)])
    return { found: session !== null && isFresh(session) ? session : null, notes: readNotes(value) }
  }

  /** The token and the notes are there for the others before the place is free. */
  async function lead (account: Account, turn: ExchangeTurn, place: Omit<HoldStep, 'amount'>, hadNotes: boolean) {
    let session: Session | null = null
    try {
      turn.check()
      session = await turn.exchange()
      return session
    } finally {
      const notes = turn.notes()
      const steps: HotStep[] = [{ ...place, amount: 0 }]
      if (notes !== null) steps.unshift(await noteStep(account, notes))
      else if (hadNotes) steps.unshift({ do: 'delete', key: noteKey(account) })
      if (session !== null) {
        steps.unshift({ do: 'set', key: place.key, value: await seal(account, session), ttlMs: session.livesMs })
      }
      await engine.run(account.username, steps)
    }
  }
}

function readSteps (account: Account) {
  const { username, rid, seat } = account
  return [{ do: 'get', key: keys.token(username, rid, seat) }, { do: 'get', key: noteKey(account) }] as const
}

async function noteStep (account: Account, notes: SeatNotes): Promise<HotStep> {
  return { do: 'set', key: noteKey(account), value: await pack(account, notes), ttlMs: lifeOf(notes) }
}

/** The token's number is in it: with another GitHub token, a seat begins again. */
function noteKey ({ seatId }: Account): string {
  return `notes-${seatId}`
}
