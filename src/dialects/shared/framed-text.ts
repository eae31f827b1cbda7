// Most events of a stream are like the one before but for a piece of text. Who has read one in full knows what stands
// around its text, and reads the next ones by comparing that: no parsing, and no copy of what is thrown away. An event
// that comes alone, as most do, is compared as the bytes that it is (`framed-bytes.ts`); several at once are text by
// then.
import type { Decode } from '../../body.ts'
import { GatewayError } from '../../errors.ts'
import { backslash, closingQuote } from '../../json.ts'
import type { StreamDecoder } from '../contract/dialect.ts'
import { literalOf, textEndIn, type FramedBytes } from './framed-bytes.ts'

/**
 * What stands before and behind the piece of text of an event, from the beginning of its first line to its blank line.
 */
export interface Frame {
  readonly before: string
  readonly behind: string
  readonly bytes: FramedBytes
}

/** @param marker what the text comes behind, with its opening quote. Null where there is no such text. */
export function frameOf (data: string, name: string, marker: string): Frame | null {
  const at = data.indexOf(marker)
  if (at === -1 || data.includes('\n')) return null // several lines of data would be read by their names again
  const from = at + marker.length
  const to = closingQuote(data, from)
  if (to === -1) return null
  const before = `${name === '' ? '' : `event: ${name}\n`}data: ${data.slice(0, from)}`
  const behind = `${data.slice(to)}\n\n`
  return { before, behind, bytes: { before: literalOf(before), behind: literalOf(behind) } }
}

/** The index behind the event that begins at `from`, where it has this frame; else -1. */
function endOfFramed (text: string, from: number, { before, behind }: Frame): number {
  // Slices are compared by the word, `startsWith` by the character.
  const start = from + before.length
  if (text.slice(from, start) !== before) return -1
  const to = closingQuote(text, start)
  const end = to + behind.length
  // A line that ends within the text is no string of JSON, and two events.
  return to !== -1 && text.slice(to, end) === behind && text.indexOf('\n', start) === end - 2 ? end : -1
}

/**
 * The frame of the last event that had one, and of the last that had another: some chunks of Chat bring the results of
 * filters, most do not.
 */
export interface Frames<Known extends Frame> {
  known: Known | null
  former: Known | null
}

/**
 * The index behind the event that begins at `from`, where it has one of the two frames, which is `known` then; else -1.
 */
export function endOfKnown<Known extends Frame> (text: string, from: number, frames: Frames<Known>): number {
  return inKnown(frames, frame => endOfFramed(text, from, frame))
}

/** Where the text ends of a piece that is one such event and no more, which `known` has the frame of then; else -1. */
export function textEndOfKnown<Known extends Frame> (piece: Uint8Array, frames: Frames<Known>): number {
  return inKnown(frames, ({ bytes }) => textEndIn(piece, bytes))
}

/**
 * What `find` finds with the frame that was known last, or else with the one before, which is `known` then; -1 for
 * nothing.
 */
function inKnown<Known extends Frame> (frames: Frames<Known>, find: (frame: Known) => number): number {
  const { known, former } = frames
  const found = known === null ? -1 : find(known)
  if (found !== -1 || former === null) return found
  const other = find(former)
  if (other !== -1) Object.assign(frames, { known: former, former: known })
  return other
}

/** The piece of text. @throws {GatewayError} `upstream_error` where it is no string of JSON */
export function textOfFramed (text: string, from: number, end: number, { before, behind }: Frame): string {
  return textOfJson(text.slice(from + before.length, end - behind.length))
}

/**
 * What a string of JSON stands for, given without its quotes.
 * @throws {GatewayError} `upstream_error` where it is none
 */
export function textOfJson (raw: string): string {
  if (!isSpecial(raw)) return raw
  try {
    return JSON.parse(`"${raw}"`) as string
  } catch (cause) {
    throw new GatewayError('upstream_error', 'Copilot sent an event that is not JSON.', { cause })
  }
}

/** Whether there is in it what stands in JSON for something else, or may not stand there. */
function isSpecial (raw: string): boolean {
  for (let at = 0; at < raw.length; at++) {
    const code = raw.charCodeAt(at)
    if (code === backslash || code < 0x20) return true
  }
  return false
}

/**
 * A decoder that reads the pieces of text of one block so, from the second one on. Whatever else comes goes to
 * `decoder`, and what was known is forgotten then: for what is said of one text need not hold behind it.
 * @param except events that say more than their text
 * @param said hears of each piece that `decoder` does not see
 */
export function withFramedText<Decoder extends StreamDecoder> (
  decoder: Decoder,
  marker: string,
  except: RegExp,
  said: (text: string) => void = () => {},
): Decoder {
  const frames: Frames<Frame> = { known: null, former: null }
  let block = 0
  return {
    ...decoder,
    push (data: string, name: string) {
      const parts = decoder.push(data, name)
      const [part] = parts
      const last = parts.length === 1 && part?.type === 'text-delta' && part.block === block ? frames.known : null
      frames.known = frames.former = null
      if (parts.length !== 1 || part?.type !== 'text-delta' || except.test(data)) return parts
      const frame = frameOf(data, name, marker)
      if (frame === null) return parts
      // The marker may stand in an event twice: then the text that was read is perhaps not the one that was framed.
      const event = `${name === '' ? '' : `event: ${name}\n`}data: ${data}\n\n`
      if (textOfFramed(event, 0, event.length, frame) !== part.text || frame.behind.includes(marker)) return parts
      frames.known = frame
      frames.former = last
      block = part.block
      return parts
    },
    framed: {
      end: (text: string, from: number) => endOfKnown(text, from, frames),
      read (text: string, from: number, end: number) {
        const { known } = frames
        const piece = known === null ? '' : textOfFramed(text, from, end, known)
        said(piece)
        return piece
      },
      readPiece (piece: Uint8Array, decode: Decode) {
        const to = textEndOfKnown(piece, frames)
        if (to === -1 || frames.known === null) return null
        const text = textOfJson(decode(piece, frames.known.bytes.before.bytes.length, to))
        said(text)
        return text
      },
      block: () => block,
    },
  }
}
