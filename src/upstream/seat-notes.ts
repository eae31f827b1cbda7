// What the processes of one deployment tell each other about the Copilot token of a seat: GitHub's last refusal, recent
// renewals, and whether Copilot takes the newest token. So a refusal counts in all of them, and nobody asks again.
import type { Clock } from '../contract.ts'
import { isErrorCode } from '../errors.ts'
import { isObject } from '../json.ts'
import type { Renewals } from './renewals.ts'
import type { SharedFailure, TokenFailures } from './token-failures.ts'

/**
 * `renewed`: made because Copilot refused its predecessor, and not used yet. `rejected`: refused after a pause too.
 */
export type Trust = 'usual' | 'renewed' | 'worked' | 'rejected'

export interface Verdict {
  /** Names the session: the moment at which it was obtained. */
  readonly storedAt: number
  readonly trust: Trust
}

/** By the wall clock, in milliseconds: monotonic clocks differ. */
export interface SeatNotes {
  /** When they were written. */
  readonly at: number
  readonly failure: SharedFailure | null
  readonly renewals: readonly number[]
  readonly verdict: Verdict | null
}

export interface NoteBook {
  /** Null if others need to know nothing. */
  readonly write: (seat: string, failure: SharedFailure | null, verdict: Verdict | null) => SeatNotes | null
  readonly adopt: (seat: string, notes: SeatNotes) => void
}

/** Notes about renewals and verdicts count that long. */
const keptMs = 30_000
/** Each is surer than those before it. */
const trusts: readonly Trust[] = ['usual', 'renewed', 'rejected', 'worked']

export function createNoteBook (failures: TokenFailures, renewals: Renewals, { now }: Pick<Clock, 'now'>): NoteBook {
  return {
    write (seat, failure, verdict) {
      const made = renewals.stamps(seat)
      return failure === null && made.length === 0 ? null : { at: now(), failure, renewals: made, verdict }
    },
    adopt (seat, { at, failure, renewals: made }) {
      const ageMs = Math.max(0, now() - at)
      if (failure !== null) failures.adopt(seat, { ...failure, leftMs: failure.leftMs - ageMs })
      renewals.adopt(seat, made)
    },
  }
}

export function surest (one: Trust, other: Trust): Trust {
  return trusts.indexOf(one) < trusts.indexOf(other) ? other : one
}

/** The verdict on the newer session; of the same session, the surest. */
export function newest (one: Verdict | null, other: Verdict): Verdict {
  if (one === null || one.storedAt < other.storedAt) return other
  return one.storedAt > other.storedAt ? one : { ...one, trust: surest(one.trust, other.trust) }
}

/** How long notes are worth keeping, in milliseconds. */
export function lifeOf ({ failure }: SeatNotes): number {
  return Math.max(keptMs, failure?.leftMs ?? 0)
}

/** Null for anything that is no notes. */
export function readNotes (value: unknown): SeatNotes | null {
  if (!isObject(value)) return null
  const { at, failure, renewals, verdict } = value
  if (typeof at !== 'number' || !Array.isArray(renewals)) return null
  return { at, failure: readFailure(failure), verdict: readVerdict(verdict),
    renewals: renewals.filter(stamp => typeof stamp === 'number') }
}

function readFailure (value: unknown): SharedFailure | null {
  if (!isObject(value)) return null
  const { code, message, headers, waitMs, leftMs } = value
  if (!isErrorCode(code) || typeof message !== 'string' || typeof waitMs !== 'number' || typeof leftMs !== 'number') {
    return null
  }
  const own = Object.entries(isObject(headers) ? headers : {}).filter((pair): pair is [string, string] =>
    typeof pair[1] === 'string'
  )
  return { code, message, waitMs, leftMs, headers: Object.fromEntries(own) }
}

function readVerdict (value: unknown): Verdict | null {
  return isObject(value) && typeof value['storedAt'] === 'number' && trusts.includes(value['trust'] as Trust)
    ? { storedAt: value['storedAt'], trust: value['trust'] as Trust }
    : null
}
