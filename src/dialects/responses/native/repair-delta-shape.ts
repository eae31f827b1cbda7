// Nearly all events of a Responses stream are pieces of one text, each like the one before but for the text, its
// number, and what Copilot makes anew every time: the item's id and the padding. Who has read one in full compares the
// rest of the next ones, and parses none of them. `docs/spec/copilot.md#responses-stream`.
import { closingQuote, quote } from '../../../json.ts'
import { closingQuoteIn, literalOf, standsIn, wordsOf, type Literal } from '../../shared/framed-bytes.ts'
import { textOfJson } from '../../shared/framed-text.ts'

interface Range {
  readonly from: number
  readonly to: number
}

export interface DeltaShape {
  /** Looks at an event that was read in full. @returns whether others can be read by it now */
  readonly learn: (data: string, name: string) => boolean
  /** Whatever else is said between two pieces of text, the second is not taken for a continuation. */
  readonly forget: () => void
  /** Behind the event that begins at `from`, where it has the shape; else -1. */
  readonly end: (text: string, from: number) => number
  /** The text in the event that `end` found last, in JSON and without its quotes; and what it stands for. */
  readonly raw: (text: string) => string
  /** @throws {GatewayError} `upstream_error` where it is no string of JSON */
  readonly read: (text: string) => string
  /**
   * Where the text stands, in JSON and without its quotes, in a piece that is one such event and no more; else null.
   * Holds until the next call.
   */
  readonly rangeIn: (piece: Uint8Array) => Range | null
}

/** What stands around the values that change, in order. One of these is the text, the `textAt`th. */
interface Shape {
  readonly literals: readonly string[]
  readonly bytes: readonly Literal[]
  readonly textAt: number
}

/** A key cannot stand in a value, for there its quotes are escaped. */
const changing = /"(?:(delta)|item_id|obfuscation)":"|"sequence_number":(?=\d)/g

export function createDeltaShape (): DeltaShape {
  let shape: Shape | null = null
  /** Of the text in the event that was found last. */
  const range = { from: 0, to: 0 }
  return {
    learn (data, name) {
      shape = shapeOf(data, name)
      return shape !== null
    },
    forget () {
      shape = null
    },
    end (text, from) {
      if (shape === null) return -1
      const { literals, textAt } = shape
      let at = from
      for (let nth = 0;; nth++) {
        const literal = literals[nth] ?? ''
        const start = at + literal.length
        if (text.slice(at, start) !== literal) return -1
        at = start
        if (nth === literals.length - 1) break
        at = endOfValue(text, start)
        if (at === -1) return -1
        if (nth === textAt) {
          range.from = start
          range.to = at
        }
      }
      // A line that ends within a value is no string of JSON, and two events.
      return text.indexOf('\n', from + (literals[0] ?? '').length) === at - 2 ? at : -1
    },
    rangeIn (piece) {
      if (shape === null) return null
      const { bytes, textAt } = shape
      let at = 0
      const words = wordsOf(piece)
      for (let nth = 0;; nth++) {
        const literal = bytes[nth]
        if (literal === undefined || at + literal.bytes.length > piece.length || !standsIn(words, at, literal)) {
          return null
        }
        at += literal.bytes.length
        if (nth === bytes.length - 1) break
        const start = at
        at = endOfValueIn(piece, start)
        if (at === -1) return null
        if (nth === textAt) {
          range.from = start
          range.to = at
        }
      }
      return at === piece.length ? range : null
    },
    raw: text => text.slice(range.from, range.to),
    read: text => textOfJson(text.slice(range.from, range.to)),
  }
}

function shapeOf (data: string, name: string): Shape | null {
  const literals: string[] = []
  let textAt = -1
  let from = 0
  changing.lastIndex = 0
  for (let found = changing.exec(data); found !== null; found = changing.exec(data)) {
    const start = changing.lastIndex
    if (found[1] !== undefined) {
      if (textAt !== -1) return null
      textAt = literals.length
    }
    literals.push(data.slice(from, start))
    from = endOfValue(data, start)
    if (from === -1) return null
    changing.lastIndex = from
  }
  // What is nested has values of its own, and several lines of data would be read by their names again.
  if (textAt === -1 || data.includes('\n') || data.slice(from).includes('{')
    || literals.some((literal, nth) => literal.includes('{', nth === 0 ? 1 : 0))) return null
  const [first = '', ...others] = [...literals, `${data.slice(from)}\n\n`]
  const whole = [`${name === '' ? '' : `event: ${name}\n`}data: ${first}`, ...others]
  return { literals: whole, bytes: whole.map(literalOf), textAt }
}

/**
 * Of a string whose quote stands before `from`, its closing one; of a number the character behind it; -1 where there is
 * neither.
 */
function endOfValue (text: string, from: number): number {
  if (text.charCodeAt(from - 1) === quote) return closingQuote(text, from)
  let at = from
  for (let code = text.charCodeAt(at); code >= 0x30 && code <= 0x39; code = text.charCodeAt(at)) at++
  return at === from ? -1 : at
}

/** The same in bytes. */
function endOfValueIn (piece: Uint8Array, from: number): number {
  if (piece[from - 1] === quote) return closingQuoteIn(piece, from)
  let at = from
  for (let byte = piece[at] ?? 0; byte >= 0x30 && byte <= 0x39; byte = piece[at] ?? 0) at++
  return at === from ? -1 : at
}
