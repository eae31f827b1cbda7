// Event streams for tests: read as the standard prescribes, cut as a network might, and generated.
import fc from 'fast-check'
import type { StreamRepair } from '../../../src/dialects/contract/dialect.ts'
import { createScanner } from '../../../src/relay/scan.ts'

export interface Event {
  readonly name: string
  readonly data: string
}

/** WHATWG HTML 9.2.6, written simply: complete events with data. */
export function readEvents (text: string): Event[] {
  const events: Event[] = []
  let name = ''
  let data: string[] = []
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/)
  lines.pop() // A line without its end is not complete.
  for (const line of lines) {
    if (line === '') {
      if (data.length > 0) events.push({ name, data: data.join('\n') })
      name = ''
      data = []
      continue
    }
    const [, field = '', value = ''] = /^([^:]*)(?:: ?([^]*))?$/.exec(line) ?? []
    if (field === 'data') data.push(value)
    if (field === 'event') name = value
  }
  return events
}

/** Changes no event, and records what it saw. @param doneAt the data that ends the stream */
export function createRecordingRepair (doneAt?: string): StreamRepair & { readonly seen: Event[] } {
  const seen: Event[] = []
  return {
    seen,
    event (data, name) {
      seen.push({ data, name })
      return null
    },
    end: () => '',
    isDone: () => doneAt !== undefined && seen.at(-1)?.data === doneAt,
    usage: () => null,
  }
}

export function toBytes (text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** Pieces of the given lengths, repeatedly. The last piece has the rest. */
export function cut (bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = []
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const length = lengths[turn % lengths.length] ?? bytes.length
    pieces.push(bytes.slice(at, at + length))
    at += length
  }
  return pieces
}

/** The bytes that a client gets for these pieces, and the failure that ended them. */
export function scan (
  pieces: readonly Uint8Array[],
  repair: StreamRepair,
): { text: string, failure: unknown, chunks: Array<Uint8Array | string> } {
  const scanner = createScanner(repair)
  const chunks: Array<Uint8Array | string> = []
  let failure: unknown = null
  try {
    for (const piece of pieces) {
      const out = scanner.push(piece)
      if (out !== null) chunks.push(out)
      scanner.assertSound()
    }
    chunks.push(scanner.end())
  } catch (thrown) {
    failure = thrown
  }
  const sent = Buffer.concat(chunks.map(chunk => Buffer.from(chunk)))
  return { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(sent), failure, chunks }
}

const words = fc.string({ unit: fc.constantFrom('a', ' ', ':', '{', 'é', '漢', '😀', '\ufeff', '"'), maxLength: 6 })
const line = fc.oneof({ weight: 5, arbitrary: words.map(text => `data: ${text}`) }, words.map(text => `data:${text}`),
  words.map(text => `: ${text}`), words.map(text => `event: ${text}`), words.map(text => `é${text}`),
  fc.constant('data'), fc.constant('id: 5'), fc.constant('retry: 10'))
const ending = fc.constantFrom('\n', '\r\n', '\r')
const event = fc.tuple(fc.array(line, { maxLength: 4 }), ending, fc.boolean()).map(([lines, end, mixed]) =>
  lines.map((text, at) => text + (mixed && at % 2 === 0 ? '\n' : end)).join('') + end
)

/**
 * Whole streams: every line end, comments, unknown fields, a byte order mark, and sometimes no blank line at the end.
 */
export const streams: fc.Arbitrary<string> = fc.tuple(fc.constantFrom('', '\ufeff'), fc.array(event, { maxLength: 8 }),
  fc.constantFrom('', 'data: cut off', 'data: cut off\n', ': x')).map(([bom, events, rest]) =>
    bom + events.join('') + rest
  )
export const cuts: fc.Arbitrary<number[]> = fc.oneof(fc.constant<number[]>([1]),
  fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 30 }))
