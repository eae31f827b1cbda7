// Sessions of Auto, kept as GitHub's own client keeps them: one for each conversation, renewed five minutes before it
// ends, after a compaction, and for an image that the model cannot see. They live in memory only.
// docs/spec/copilot.md#auto
import { LRUCache } from 'lru-cache'
import type { Clock } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { supports, type Model } from '../model-entry.ts'
import { createSingleFlight } from '../single-flight.ts'
import type { OpenedSession, OpenSession } from './auto-request.ts'
import type { ModelRequest } from './models.ts'

export interface AutoSession {
  readonly token: string
  readonly model: Model
}

export interface AutoAsk {
  /** The conversation's id. */
  readonly conversation: string
  readonly prompt: string
  readonly hasImage: boolean
  /** Whether the request asks for the summary that replaces the conversation. */
  readonly isCompaction: boolean
}

export interface Auto {
  /**
   * The session of the conversation, at once if it has one. Null if the seat has no Auto.
   * @throws {GatewayError} if Copilot opens none, or there is no text to choose a model by
   */
  readonly session: (request: ModelRequest, ask: AutoAsk) =>
    | AutoSession
    | null
    | Promise<AutoSession | null>
  /** Copilot ended this session: the next request of the conversation opens another. */
  readonly end: (request: ModelRequest, session: AutoSession) => void
  /** Whether Copilot lately answered that this seat has no Auto. */
  readonly isAbsent: (request: ModelRequest) => boolean
  /** For a user who was deleted, or who has a new password or GitHub token. */
  readonly forget: (username: string) => void
}

interface Held extends AutoSession {
  /** Monotonic milliseconds. */
  readonly renewAt: number
  readonly endsAt: number
  isSummarised: boolean
}

const renewBeforeMs = 300_000
const absentForMs = 3_600_000
/** GitHub's own client keeps as many for a user. */
const maxConversations = 50
const maxSeats = 1_000

export function createAuto (open: OpenSession, { monotonic }: Pick<Clock, 'monotonic'>): Auto {
  const seats = new LRUCache<string, LRUCache<string, Held>>({ max: maxSeats })
  const absent = new LRUCache<string, number>({ max: 10_000 })
  const flights = createSingleFlight<Held | null>()

  return {
    session (request, ask) {
      const seat = seatOf(request)
      const known = seats.get(seat)?.get(ask.conversation)
      if (known !== undefined && fits(known, ask) && monotonic() < known.renewAt) {
        known.isSummarised ||= ask.isCompaction
        return known
      }
      return renew(request, ask, known)
    },
    end (request, { token }) {
      const held = seats.get(seatOf(request))
      for (const [conversation, session] of held?.entries() ?? []) {
        if (session.token === token) held?.delete(conversation)
      }
    },
    isAbsent: request => monotonic() < (absent.get(seatOf(request)) ?? 0),
    forget (username) {
      for (const held of [seats, absent]) {
        for (const key of held.keys()) if (key.startsWith(`${username}:`)) held.delete(key)
      }
    },
  }

  async function renew (request: ModelRequest, ask: AutoAsk, known: Held | undefined): Promise<AutoSession | null> {
    const seat = seatOf(request)
    // A session that is still valid serves if no other can be had.
    const last = known !== undefined && monotonic() < known.endsAt && sees(known, ask) ? known : null
    if (ask.prompt.trim() === '') {
      if (last !== null) return last
      throw new GatewayError('invalid_request',
        'The model `auto` is chosen by the text of a user message, and this request has none.', { param: 'model' })
    }
    if (monotonic() < (absent.get(seat) ?? 0)) return null
    try {
      return await flights.run(`${seat} ${ask.conversation} ${ask.hasImage}`, request.defer, () => begin(request, ask))
    } catch (thrown) {
      if (last !== null && thrown instanceof GatewayError) return last
      throw thrown
    }
  }

  async function begin (request: ModelRequest, ask: AutoAsk): Promise<Held | null> {
    const seat = seatOf(request)
    const opened = await open(request, ask)
    if (opened === null) {
      absent.set(seat, monotonic() + absentForMs)
      return null
    }
    absent.delete(seat)
    const held = toHeld(opened, ask)
    const own = seats.get(seat) ?? new LRUCache<string, Held>({ max: maxConversations })
    own.set(ask.conversation, held)
    seats.set(seat, own)
    return held
  }

  function toHeld ({ token, model, livesMs }: OpenedSession, { isCompaction }: AutoAsk): Held {
    const endsAt = monotonic() + livesMs
    return { token, model, endsAt, renewAt: endsAt - Math.min(renewBeforeMs, livesMs / 2), isSummarised: isCompaction }
  }
}

/** Another account, host or GitHub token has its own sessions. */
function seatOf ({ account, accountType }: ModelRequest): string {
  return accountType === null ? account.seat : `${account.seat}:${accountType}`
}

/** The request that asks for the summary, and its repetition, still belong to the old conversation. */
function fits (held: Held, ask: AutoAsk): boolean {
  return sees(held, ask) && (!held.isSummarised || ask.isCompaction)
}

function sees ({ model }: AutoSession, { hasImage }: AutoAsk): boolean {
  return !hasImage || supports(model, 'vision')
}
