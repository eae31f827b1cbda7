// Writes a stream of events, cut as awkwardly as the test asks, and no faster than the other side reads.
import type { SseEvent } from './reply.ts'

export interface Wire {
  /**
   * How the bytes are cut into writes: one event each, one byte each, inside each character, between \r and \n, or
   * every n bytes.
   */
  slice: 'whole' | 'byte' | 'utf8' | 'crlf-split' | number
  lineEnd:
    | '\n'
    | '\r\n'
  /** Puts a comment line before every event. */
  comments: boolean
  /** Puts several events into one write. */
  manyPerWrite: boolean
  /** Puts a byte order mark in front. */
  bom: boolean
}

export const plainWire: Wire = { slice: 'whole', lineEnd: '\n', comments: false, manyPerWrite: false, bom: false }

/** Resolves when more bytes may follow. Once the other side has left, it rejects or writes nothing. */
export type Write = (bytes: Buffer) => Promise<void>

export async function writeEvents (events: AsyncIterable<SseEvent>, wire: Wire, write: Write): Promise<void> {
  let held = wire.bom ? '\uFEFF' : ''
  let count = 0
  for await (const event of events) {
    held += serialize(event, wire)
    if (wire.manyPerWrite && ++count % 4 !== 0) continue
    await writeSliced(held, wire, write)
    held = ''
  }
  await writeSliced(held, wire, write)
}

function serialize (event: SseEvent, { lineEnd, comments }: Wire): string {
  if ('raw' in event) return event.raw
  const lines = [...(comments ? [': keep-alive', ''] : []),
    ...(event.event === undefined ? [] : [`event: ${event.event}`]), `data: ${event.data}`, '', '']
  return lines.join(lineEnd)
}

async function writeSliced (text: string, { slice }: Wire, write: Write): Promise<void> {
  const bytes = Buffer.from(text)
  if (bytes.length === 0) return
  if (slice === 'whole') return write(bytes)
  let from = 0
  for (const to of cuts(bytes, slice)) {
    await write(bytes.subarray(from, to))
    // Waits a turn of the event loop; otherwise the writes would share one packet.
    await new Promise(resolve => setImmediate(resolve))
    from = to
  }
}

function* cuts (bytes: Buffer, slice: Exclude<Wire['slice'], 'whole'>): Generator<number> {
  for (let at = 1; at < bytes.length; at++) {
    if (isCut(bytes, at, slice)) yield at
  }
  yield bytes.length
}

function isCut (bytes: Buffer, at: number, slice: Exclude<Wire['slice'], 'whole'>): boolean {
  if (typeof slice === 'number') return at % slice === 0
  if (slice === 'byte') return true
  const byte = bytes[at] ?? 0
  // A continuation byte, so the cut falls inside a character.
  if (slice === 'utf8') return (byte & 0xC0) === 0x80
  return byte === 0x0A && bytes[at - 1] === 0x0D
}
