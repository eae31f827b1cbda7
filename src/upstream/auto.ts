// Sessions of Auto, kept as GitHub's own client keeps them: one for each conversation, renewed five minutes before it
// ends, after a compaction, and for an image that the model cannot see. They live in memory, and in the engine of hot
// state where several processes serve. docs/spec/copilot.md#auto
import { LRUCache } from 'lru-cache'
import { LateCache } from '../late-cache.ts'
import type { Clock } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { supports } from '../model-entry.ts'
import { createSingleFlight } from '../single-flight.ts'
import { isOfSeat, type OnOutdated } from '../seat-names.ts'
import type { OpenSession } from './auto-request.ts'
import { isLater, type AutoSession, type SharedSessions } from './auto-session.ts'
import type { ModelRequest } from './models.ts'

export interface AutoAsk {
  /** The conversation's id. */
  readonly conversation: string
  readonly prompt: string
  readonly hasImage: boolean
  /** Whether the request asks for the summary that replaces the conversation. */
  readonly isCompaction: boolean
  /** Runs before Copilot is asked for a session. If it throws, Copilot is not asked. */
  readonly beforeOpening?: () => void | Promise<void>
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
  /** For a seat with another GitHub token, and for a user who was deleted or has a new password. */
  readonly forget: OnOutdated
}

interface Held extends AutoSession {
  /** By the wall clock: it orders the sessions of all processes. */
  readonly openedAt: number
  /** Monotonic milliseconds. */
  readonly renewAt: number
  readonly endsAt: number
  /** Copilot chose its model for a conversation with an image. It gives no better one if it is asked again. */
  readonly hasImage: boolean
  isSummarised: boolean
  /** After a renewal that failed, the session serves at least until then. */
  retryAt: number
  /** From then on, the next request looks what other processes know. */
  checkAt: number
}

const renewBeforeMs = 300_000
/** A renewal that fails may take five seconds, so not every request tries it. */
const retryMs = 30_000
const absentForMs = 3_600_000
/** So late does a process learn that another one ended a session, or had its conversation summarised. */
const checkMs = 5_000
/** GitHub's own client keeps as many for a user. */
const maxConversations = 50
const maxSeats = 1_000

/** @param shared null if no other process serves */
export function createAuto (
  open: OpenSession,
  { monotonic, now }: Pick<Clock, 'monotonic' | 'now'>,
  shared: SharedSessions | null = null,
): Auto {
  const seats = new LRUCache<string, LRUCache<string, Held>>({ max: maxSeats })
  const absent = new LRUCache<string, number>({ max: 10_000 })
  const flights = createSingleFlight<Held | null>()
  /** Tokens of sessions that Copilot ended: the engine may still give them. */
  const ended = new LateCache<string, true>({ max: 1_000 })

  return {
    session (request, ask) {
      const current = currentOf(request, ask)
      const isKnown = shared === null || (current === null ? isKnownAbsent(request) : monotonic() < current.checkAt)
      return isKnown ? choose(request, ask) : look(request, ask).then(() => choose(request, ask))
    },
    end (request, { token }) {
      ended.set(token, true)
      const held = seats.get(seatOf(request))
      for (const [conversation, session] of held?.entries() ?? []) {
        if (session.token !== token) continue
        held?.delete(conversation)
        tell(request, conversation, session, true)
      }
    },
    isAbsent: isKnownAbsent,
    forget (username, seat) {
      for (const held of [seats, absent]) {
        for (const key of held.keys()) if (isOfSeat(key, username, seat)) held.delete(key)
      }
    },
  }

  function choose (request: ModelRequest, ask: AutoAsk) {
    const current = currentOf(request, ask)
    return current === null ? renew(request, ask) : serve(current, request, ask)
  }

  /** The session that serves without a question to Copilot. */
  function currentOf (request: ModelRequest, ask: AutoAsk): Held | null {
    const valid = validOf(request, ask)
    if (valid === null) return null
    const isFresh = monotonic() < valid.renewAt && (!valid.isSummarised || ask.isCompaction)
    return isFresh || monotonic() < valid.retryAt ? valid : null
  }

  /** The session that serves if no other can be had. */
  function validOf (request: ModelRequest, ask: AutoAsk): Held | null {
    const held = seats.get(seatOf(request))?.get(ask.conversation)
    return held !== undefined && monotonic() < held.endsAt && sees(held, ask) ? held : null
  }

  async function renew (request: ModelRequest, ask: AutoAsk): Promise<AutoSession | null> {
    if (ask.prompt.trim() === '') {
      const last = validOf(request, ask)
      if (last !== null) return serve(last, request, ask)
      throw new GatewayError('invalid_request',
        'The model `auto` is chosen by the text of a user message, and this request has none.', { param: 'model' })
    }
    if (isKnownAbsent(request)) return null
    await ask.beforeOpening?.()
    // While this request waited, another may have opened one, or found that the seat has no Auto.
    await look(request, ask)
    const current = currentOf(request, ask)
    if (current !== null) return serve(current, request, ask)
    return isKnownAbsent(request) ? null : share(request, ask)
  }

  async function share (request: ModelRequest, ask: AutoAsk): Promise<AutoSession | null> {
    const key = `${seatOf(request)} ${ask.conversation} ${ask.hasImage}`
    try {
      const held = await flights.run(key, request.defer, () => begin(request, ask))
      return held === null ? null : serve(held, request, ask)
    } catch (thrown) {
      const last = validOf(request, ask)
      if (last === null || !(thrown instanceof GatewayError)) throw thrown
      last.retryAt = monotonic() + retryMs
      return serve(last, request, ask)
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
    const endsAt = monotonic() + opened.livesMs
    const held = hold(request, ask.conversation, { ...opened, openedAt: now(), endsAt, hasImage: ask.hasImage,
      renewAt: endsAt - Math.min(renewBeforeMs, opened.livesMs / 2) })
    // The next request of the conversation may come to another process.
    await publish(request, ask.conversation, held)
    return held
  }

  function hold (
    request: ModelRequest,
    conversation: string,
    opened: Pick<Held, 'token' | 'model' | 'openedAt' | 'renewAt' | 'endsAt' | 'hasImage'>,
  ): Held {
    const seat = seatOf(request)
    const { token, model, openedAt, renewAt, endsAt, hasImage } = opened
    const held = { token, model, openedAt, endsAt, renewAt, hasImage, isSummarised: false, retryAt: 0,
      checkAt: monotonic() + checkMs }
    const own = seats.get(seat) ?? new LRUCache<string, Held>({ max: maxConversations })
    own.set(conversation, held)
    seats.set(seat, own)
    return held
  }

  /** Takes over what other processes know of the conversation. The later session counts. */
  async function look (request: ModelRequest, { conversation }: AutoAsk): Promise<void> {
    if (shared === null) return
    const seat = seatOf(request)
    const news = await shared.read(request.account, seat, conversation)
    const known = seats.get(seat)?.get(conversation)
    if (known !== undefined) known.checkAt = monotonic() + checkMs
    if (news === null || (known !== undefined && isLater(known, news))) {
      // It was opened while no other process served, or while the engine was away.
      if (known !== undefined) tell(request, conversation, known)
      return
    }
    if (ended.has(news.token)) return
    if (news.isEnded) {
      if (known?.token === news.token) seats.get(seat)?.delete(conversation)
      return
    }
    const toOwn = monotonic() - now()
    const held = known?.token === news.token
      ? known
      : hold(request, conversation, { ...news, renewAt: news.renewAt + toOwn, endsAt: news.endsAt + toOwn })
    held.isSummarised ||= news.isSummarised
  }

  function tell (request: ModelRequest, conversation: string, held: Held, isEnded = false): void {
    if (shared !== null) request.defer(publish(request, conversation, held, isEnded))
  }

  async function publish (request: ModelRequest, conversation: string, held: Held, isEnded = false): Promise<void> {
    const { token, model, openedAt, renewAt, endsAt, hasImage, isSummarised } = held
    const toWall = now() - monotonic()
    await shared?.write(request.account, seatOf(request), conversation, { token, model, openedAt,
      renewAt: renewAt + toWall, endsAt: endsAt + toWall, hasImage, isSummarised, isEnded })
  }

  /**
   * The request that asks for the summary, and its repetition, still belong to the old conversation. It may also join
   * another request's question for the session.
   */
  function serve (held: Held, request: ModelRequest, { conversation, isCompaction }: AutoAsk): AutoSession {
    if (isCompaction && !held.isSummarised) {
      held.isSummarised = true
      tell(request, conversation, held)
    }
    return held
  }

  function isKnownAbsent (request: ModelRequest): boolean {
    return monotonic() < (absent.get(seatOf(request)) ?? 0)
  }
}

/** Another account, host or GitHub token has its own sessions. */
function seatOf ({ account, accountType }: ModelRequest): string {
  return accountType === null ? account.seatId : `${account.seatId}:${accountType}`
}

function sees (held: Held, { hasImage }: AutoAsk): boolean {
  return !hasImage || held.hasImage || supports(held.model, 'vision')
}
