// Presents parts that the gateway put together as a response of upstream's, already in the client's dialect: whole, or
// as a stream that grows. The relay then adds what every answer has: heartbeats, limits, counts, and back-pressure.
import type { UpstreamBody } from '../body.ts'
import { utf8 } from '../bytes.ts'
import type { Call, ReceivedHeaders } from '../contract.ts'
import type { StreamRepair, Usage } from '../dialects/contract/dialect.ts'
import type { Part } from '../dialects/contract/part.ts'
import { ClientGone, GatewayError } from '../errors.ts'
import { collectAnswer } from '../relay/collect.ts'
import type { Translation } from '../relay/translate.ts'
import type { Answered } from './ask-copilot.ts'
import type { Plan } from './generate-plan.ts'

/** Connects the making of the parts with the client that reads them. */
export interface Feed {
  /** The body that the parts come from now: it pauses while the client is slow. */
  readonly attach: (body: UpstreamBody) => void
  /** Fires when nobody reads on. */
  readonly signal: AbortSignal
}
/** @returns the usage to count: null if the answer named none */
type Make = (call: Call, give: (part: Part) => void, feed: Feed) => Promise<Usage | null>
type Source = { readonly plan: Plan, readonly response?: Answered['response'] }

export function answerFrom (
  { plan, response }: Source,
  { client, encode }: Translation,
  parts: readonly Part[],
  usage: Usage | null,
): Answered {
  const body = bodyOfText(JSON.stringify(client.encodeAnswer(collectAnswer(parts), encode)))
  return { plan: asOwn(plan, { repairAnswer: answer => ({ answer, usage }) }),
    response: { status: 200, headers: headersOf(response, 'application/json'), body } }
}

/** @param make makes the parts once the client reads */
export function streamFrom ({ plan, response }: Source, translation: Translation, call: Call, make: Make): Answered {
  const { body, repair } = createBody(translation, call, make)
  return { plan: asOwn(plan, { createRepair: () => repair }),
    response: { status: 200, headers: headersOf(response, 'text/event-stream'), body } }
}

/** Nothing is left to translate, to restore or to repair. */
function asOwn (plan: Plan, own: Partial<Pick<Plan['upstream'], 'repairAnswer' | 'createRepair'>>): Plan {
  return { ...plan, isTranslated: false, restore: null, upstream: { ...plan.upstream, ...own } }
}

function headersOf (response: Answered['response'] | undefined, type: string): ReceivedHeaders {
  return { ...response?.headers, 'content-type': type }
}

function bodyOfText (text: string): UpstreamBody {
  return { pause () {}, resume () {}, cancel () {}, start (reader) {
    reader.bytes(utf8(text), false)
    reader.end()
  } }
}

/** In characters: an event of the relay may be twice as long. */
const maxPiece = 500_000

/**
 * Each event holds a piece of the client's stream as JSON: not every dialect streams in events. The repair takes the
 * pieces out again.
 */
function createBody (
  { client, encode }: Translation,
  call: Call,
  make: Make,
): { readonly body: UpstreamBody, readonly repair: StreamRepair } {
  const encoder = client.createEncoder(encode)
  const ending = new AbortController()
  let current: UpstreamBody | null = null
  let isPaused = false
  let isMade = false
  /** Pieces that the relay has not taken out again. */
  let pending = 0
  let usage: Usage | null = null

  const feed: Feed = { signal: ending.signal, attach (body) {
    current = body
    if (isPaused) body.pause()
  } }
  const body: UpstreamBody = {
    start (reader) {
      // Parts that come in one turn of the event loop go on together.
      let waiting = ''
      const flush = (): void => {
        const text = waiting
        waiting = ''
        const pieces = [...piecesOf(text)]
        pending += pieces.length
        for (const piece of pieces) reader.bytes(utf8(`data: ${JSON.stringify(piece)}\n\n`), false)
      }
      const give = (part: Part): void => {
        const text = encoder.push(part)
        if (text !== '' && waiting === '') queueMicrotask(flush)
        waiting += text
      }
      const signal = AbortSignal.any([call.signal, ending.signal])
      make({ ...call, signal }, give, feed).then(counted => {
        usage = counted
        waiting += encoder.end()
        isMade = true
        flush()
        reader.end()
      }).catch((thrown: unknown) => {
        if (ending.signal.aborted) return
        flush()
        reader.fail(thrown)
      })
    },
    pause () {
      isPaused = true
      current?.pause()
    },
    resume () {
      isPaused = false
      current?.resume()
    },
    cancel () {
      ending.abort(new ClientGone())
    },
  }
  const repair: StreamRepair = {
    event (data) {
      pending--
      return JSON.parse(data) as string
    },
    end () {
      if (isMade) return ''
      throw new GatewayError('upstream_error', 'The answer ended before it was complete.')
    },
    // The relay drops what follows the end.
    isDone: () => isMade && pending === 0,
    usage: () => usage,
    fail: error => encoder.fail(error),
  }
  return { body, repair }
}

/** Never cuts a character in two. */
function* piecesOf (text: string): Generator<string> {
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at + maxPiece - 1)
    const end = at + maxPiece - (code >= 0xd800 && code < 0xdc00 ? 1 : 0)
    yield text.slice(at, end)
    at = end
  }
}
