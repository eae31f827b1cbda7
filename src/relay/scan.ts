// The one scanner that every event stream passes, on both runtimes. It finds the events in whatever pieces the bytes
// come in, and gives each to the fast path or else to the dialect's repair. A piece in which nothing has to change goes
// on as the same buffer. Linear in the bytes: a piece is searched once, however small the pieces are. WHATWG HTML,
// 9.2.6.
import type { Decode } from '../body.ts'
import { concatBytes } from '../bytes.ts'
import type { StreamRepair } from '../dialects/contract/dialect.ts'
import { GatewayError } from '../errors.ts'
import { readEvent, writeLines } from './event-lines.ts'
import { createFastText, type FirstToken } from './fast-text/fast-text.ts'
import { createTarget, takeWritten } from './fast-text/target.ts'
import { toWords, type Words } from './fast-text/words.ts'
import { carriageReturn, createLineEnds, lineFeed } from './line-ends.ts'
import { createPieces, type Pieces } from './pieces.ts'

export interface Scanner {
  /** Null when there is nothing to send yet. The events before a failure still come out: ask `isSound`. */
  readonly push: (chunk: Uint8Array) =>
    | Uint8Array
    | string
    | null
  /** @throws {GatewayError} what the repair threw in the last `push`, or for an event over the limit */
  readonly assertSound: () => void
  readonly isSound: () => boolean
  /** What is missing at upstream's end. An event without its blank line is discarded, as the standard requires. */
  readonly end: () => string
}

/** In characters. */
const maxEventLength = 1_048_576

const utf8Decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * @param decode of pieces that begin and end with whole characters; it keeps a byte order mark
 * @param first is given the moment of the first token
 */
export function createScanner (
  repair: StreamRepair,
  decode: Decode = (piece, from = 0, to = piece.length) => utf8Decoder.decode(piece.subarray(from, to)),
  first: FirstToken | null = null,
): Scanner {
  const fast = createFastText(repair, decode, first)
  const lineEnds = createLineEnds()
  /** Empty between two events. */
  const target = createTarget(0)
  /** Pieces of the event that is not complete, and their length in bytes and in characters. */
  let held: Uint8Array[] = []
  let heldLength = 0
  let heldCharacters = 0
  let failure: { readonly thrown: unknown } | null = null

  return {
    push,
    assertSound,
    isSound: () => failure === null,
    end () {
      assertSound()
      return repair.end()
    },
  }

  function assertSound (): void {
    if (failure !== null) throw failure.thrown
  }

  function push (chunk: Uint8Array): Uint8Array | string | null {
    if (repair.isDone() || failure !== null) return null
    const bytes = lineEnds.withoutMark(chunk)
    if (bytes.length === 0) return null
    if (heldLength === 0 && !lineEnds.isAfterCr()) return read(bytes, true)
    const lines = lineEnds.normalise(bytes)
    return lines.length === 0 ? null : read(lines, false)
  }

  /** @param mayHaveCr whether its lines may end in other ways than with LF */
  function read (bytes: Uint8Array, mayHaveCr: boolean): Uint8Array | string | null {
    const chunk = toWords(bytes)
    const matched = heldLength === 0 ? fast.match(chunk, 0) : -1
    return matched === bytes.length ? sendAlone(chunk) : readAll(chunk, mayHaveCr)
  }

  /** Most chunks are one event of a known shape. */
  function sendAlone (chunk: Words): Uint8Array | null {
    fast.send(chunk, 0, chunk.bytes.length, target)
    return fast.isKept() ? chunk.bytes : takeWritten(target)
  }

  function readAll (chunk: Words, mayHaveCr: boolean): Uint8Array | string | null {
    const { bytes } = chunk
    const out = createPieces(bytes)
    /** All before it is answered. */
    let at = 0
    try {
      if (heldLength > 0) at = readHeld(bytes, out)
      while (heldLength === 0 && at < bytes.length && !repair.isDone()) {
        at = answerNext(chunk, at, mayHaveCr, out)
      }
    } catch (thrown) {
      failure = { thrown }
    }
    return out.end(at)
  }

  /** @returns where the next event begins; `from` if this one is not complete */
  function answerNext (chunk: Words, from: number, mayHaveCr: boolean, out: Pieces): number {
    const { bytes } = chunk
    const matched = fast.match(chunk, from)
    if (matched !== -1) return sendOne(chunk, from, matched, out)
    const end = endOfEvent(bytes, from, true)
    // An event on the fast path contains no CR, so nothing searches all bytes for one.
    if (end === -1) {
      if (mayHaveCr && bytes.includes(carriageReturn, from)) return readLines(bytes, from, out)
      hold(bytes.subarray(from))
      return from
    }
    const event = decode(bytes, from, end)
    if (mayHaveCr && event.includes('\r')) return readLines(bytes, from, out)
    answer(event, from, end, out)
    return end
  }

  function readLines (bytes: Uint8Array, from: number, out: Pieces): number {
    const lines = lineEnds.normalise(bytes.subarray(from))
    out.replace(from, bytes.length, read(lines, false) ?? '')
    return bytes.length
  }

  function sendOne (chunk: Words, from: number, end: number, out: Pieces): number {
    if (!fast.isKept()) out.skip(from, end)
    fast.send(chunk, from, end, out.target)
    return end
  }

  /** Completes the event that is held, if its end is in these bytes. @returns the index behind it, or 0 */
  function readHeld (bytes: Uint8Array, out: Pieces): number {
    const end = endOfEvent(bytes, 0, held.at(-1)?.at(-1) === lineFeed)
    if (end === -1) {
      hold(bytes)
      return 0
    }
    const event = takeHeld(bytes.subarray(0, end))
    const whole = createPieces(event)
    const words = toWords(event)
    if (fast.match(words, 0) === event.length) sendOne(words, 0, event.length, whole)
    else answer(decode(event), 0, event.length, whole)
    out.replace(0, end, whole.end(event.length) ?? '')
    return end
  }

  function answer (event: string, from: number, end: number, out: Pieces): void {
    if (event.length > maxEventLength) throw tooLong()
    const answered = inspect(event)
    if (answered !== null) out.replace(from, end, answered)
  }

  function hold (rest: Uint8Array): void {
    held.push(rest.slice()) // a view would keep the whole chunk in memory
    heldLength += rest.length
    heldCharacters += charactersOf(rest)
    if (heldCharacters > maxEventLength || heldLength > 3 * maxEventLength) throw tooLong()
  }

  function takeHeld (rest: Uint8Array): Uint8Array {
    const event = concatBytes([...held, rest])
    held = []
    heldLength = heldCharacters = 0
    return event
  }

  /** Null for an event that goes on as it came, and '' for one that does not go on. */
  function inspect (event: string): string | null {
    // Upstream sends one line of data, perhaps with a name. Everything else is read line by line.
    if (event.startsWith('data: ') && event.indexOf('\n') === event.length - 2) {
      return fast.learn({ event, data: event.slice(6, -2) }, '')
    }
    if (event.startsWith('event: ')) {
      const at = event.indexOf('\n')
      if (at > 7 && event.startsWith('data: ', at + 1) && event.indexOf('\n', at + 1) === event.length - 2) {
        return fast.learn({ event, data: event.slice(at + 7, -2) }, event.slice(7, at))
      }
    }
    const { data, name, hasData } = readEvent(event)
    // A comment passes. An event without data would never be dispatched.
    if (!hasData) return name === '' && event.startsWith(':') ? null : ''
    return fast.skip(data, name) ?? (event.startsWith('data: ') || name !== '' ? null : writeLines(name, data))
  }
}

/**
 * The index behind the blank line that ends the event which begins at `from`, or -1. A blank line too many is an event
 * of its own: otherwise the result would depend on how the bytes are cut.
 * @param isLineStart whether a line begins at `from`
 */
function endOfEvent (bytes: Uint8Array, from: number, isLineStart: boolean): number {
  if (isLineStart && bytes[from] === lineFeed) return from + 1
  for (let at = bytes.indexOf(lineFeed, from); at !== -1; at = bytes.indexOf(lineFeed, at + 1)) {
    if (bytes[at + 1] === lineFeed) return at + 2
  }
  return -1
}

/** The length that the bytes have as a string, as far as they are UTF-8. */
function charactersOf (bytes: Uint8Array): number {
  let count = 0
  for (const byte of bytes) {
    if ((byte & 0xc0) !== 0x80) count += byte < 0xf0 ? 1 : 2
  }
  return count
}

function tooLong (): GatewayError {
  return new GatewayError('upstream_error', `Copilot sent an event of more than ${maxEventLength} characters.`)
}
