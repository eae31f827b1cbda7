// The one scanner that every event stream passes, on both runtimes. It finds the events in whatever pieces the bytes
// come in, shows each to the dialect's repair, and hands a piece on as the same buffer when nothing in it had to
// change. Linear in the bytes: a piece is searched once, however small the pieces are. WHATWG HTML, 9.2.6.
import type { Decode } from '../body.ts'
import type { StreamRepair } from '../dialects/contract/dialect.ts'
import { GatewayError } from '../errors.ts'

export interface Scanner {
  /** Null when there is nothing to send yet. What the events before a failure gave comes out first: ask `isSound`. */
  readonly push: (chunk: Uint8Array) =>
    | Uint8Array
    | string
    | null
  /** @throws {GatewayError} what the repair threw in the last `push`, or for an event over the cap */
  readonly assertSound: () => void
  readonly isSound: () => boolean
  /** What is still owed at upstream's end. An event without its blank line is discarded, as the standard says. */
  readonly end: () => string
}

const maxEventLength = 1_048_576

const wholeUtf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** @param decode of pieces that begin and end with whole characters; it keeps a byte order mark */
export function createScanner (
  repair: StreamRepair,
  decode: Decode = (piece, from = 0, to = piece.length) => wholeUtf8.decode(piece.subarray(from, to)),
): Scanner {
  /** For the pieces around a character that was cut: a decoder that has to keep something is several times slower. */
  const cutUtf8 = new TextDecoder('utf-8', { ignoreBOM: true })
  /** Pieces of the event that is not complete, and their length. */
  let held: string[] = []
  let heldLength = 0
  /** Whether what is held ends at the end of a line, so that one more line end completes the event. */
  let atLineEnd = true
  /** The last piece ended in CR: a LF that comes next belongs to it. */
  let afterCr = false
  /** A byte order mark may stand before the first event: it is no part of what is sent. */
  let isFirst = true
  /** The last piece ended inside a character, of which `cutUtf8` holds the beginning. */
  let isCut = false
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
    if (heldLength === 0 && !isCut && !afterCr && chunk.length <= maxEventLength && repair.repairPiece !== undefined) {
      try {
        const repaired = repair.repairPiece(chunk, decode)
        if (repaired !== null) {
          isFirst = false
          return repaired.length === 0 ? null : repaired
        }
      } catch (thrown) {
        failure = { thrown }
        return null
      }
    }
    const wasCut = isCut
    isCut = endsInside(chunk, isCut)
    const decoded = wasCut || isCut ? cutUtf8.decode(chunk, { stream: true }) : decode(chunk)
    if (decoded === '') return null
    const hasBom = isFirst && decoded.startsWith('\ufeff')
    isFirst = false
    const text = toLf(hasBom ? decoded.slice(1) : decoded)
    if (text === '') return null
    let out = ''
    /** Start of the run of events that can go on as they are. */
    let keptFrom = 0
    let changed = heldLength > 0 || wasCut || isCut || text !== decoded
    let start = 0

    try {
      for (;;) {
        const plainEnd = heldLength > 0 || repair.plainEnd === undefined ? -1 : repair.plainEnd(text, start)
        const isPlain = plainEnd !== -1 && plainEnd - start <= maxEventLength
        const end = isPlain ? plainEnd : eventEnd(text, start)
        if (end === -1) break
        const isHeldEvent = heldLength > 0
        const event = isPlain ? '' : takeEvent(text.slice(start, end))
        const repaired = isPlain ? repair.repairPlain?.(text, start, end) ?? null : inspect(event)
        if (repaired !== null || isHeldEvent) {
          out += text.slice(keptFrom, start) + (repaired ?? event)
          keptFrom = end
          changed = true
        }
        start = end
        if (repair.isDone()) break
      }
      if (repair.isDone()) {
        return changed || start < text.length ? emptyToNull(out + text.slice(keptFrom, start)) : chunk
      }
      hold(text.slice(start))
    } catch (thrown) {
      failure = { thrown }
      return emptyToNull(out + text.slice(keptFrom, start))
    }
    if (!changed && start === text.length) return chunk
    return emptyToNull(out + text.slice(keptFrom, start))
  }

  /** The index behind the blank line that ends the event which begins at `from`, or -1. */
  function eventEnd (text: string, from: number): number {
    // A blank line too many is an event of its own, or what follows would depend on how the bytes are cut.
    if (text.startsWith('\n', from) && (from > 0 || atLineEnd)) return from + 1
    const at = text.indexOf('\n\n', from)
    return at === -1 ? -1 : at + 2
  }

  function takeEvent (rest: string): string {
    const event = heldLength === 0 ? rest : held.join('') + rest
    held = []
    heldLength = 0
    atLineEnd = true
    if (event.length > maxEventLength) throw tooLong()
    return event
  }

  function hold (rest: string): void {
    if (rest === '') return
    held.push(rest)
    heldLength += rest.length
    atLineEnd = rest.endsWith('\n')
    if (heldLength > maxEventLength) throw tooLong()
  }

  /** LF, CR and CRLF all end a line. Streams without a CR, which is nearly all, are not touched. */
  function toLf (text: string): string {
    if (text === '') return text
    if (afterCr && text.startsWith('\n')) text = text.slice(1)
    afterCr = text.endsWith('\r')
    return text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text
  }

  function inspect (event: string): string | null {
    // One line of data, perhaps named, is what upstream sends; everything else takes the long way.
    if (event.startsWith('data: ') && event.indexOf('\n') === event.length - 2) {
      return repair.event(event.slice(6, -2), '')
    }
    if (event.startsWith('event: ')) {
      const at = event.indexOf('\n')
      if (at > 7 && event.startsWith('data: ', at + 1) && event.indexOf('\n', at + 1) === event.length - 2) {
        return repair.event(event.slice(at + 7, -2), event.slice(7, at))
      }
    }
    const { data, name, hasData } = readEvent(event)
    // a comment, or nothing that would be dispatched
    if (!hasData) return name === '' && event.startsWith(':') ? null : ''
    return repair.event(data, name) ?? (event.startsWith('data: ') || name !== '' ? null : write(name, data))
  }
}

/** The fields of an event's text: several `data` lines are one, and a leading space of a value is not part of it. */
function readEvent (event: string): { data: string, name: string, hasData: boolean } {
  const data: string[] = []
  let name = ''
  for (const line of event.split('\n')) {
    const colon = line.indexOf(':')
    const field = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (field === 'data') data.push(value)
    else if (field === 'event') name = value
  }
  return { name, data: data.join('\n'), hasData: data.length > 0 }
}

function write (name: string, data: string): string {
  return `${name === '' ? '' : `event: ${name}\n`}${data.split('\n').map(line => `data: ${line}\n`).join('')}\n`
}

function tooLong (): GatewayError {
  return new GatewayError('upstream_error', `Copilot sent an event of more than ${maxEventLength} characters.`)
}

/** Whether the bytes end in the middle of a character of UTF-8: RFC 3629 section 3. */
function endsInside (chunk: Uint8Array, wasInside: boolean): boolean {
  for (let back = 1; back <= Math.min(3, chunk.length); back++) {
    const byte = chunk[chunk.length - back] ?? 0
    if (byte < 0x80) return false
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2)
  }
  return chunk.length < 3 && wasInside // nothing but the middle of a character
}

function emptyToNull (text: string): string | null {
  return text === '' ? null : text
}
