// Blocks may overlap, but Chat has one text, one reasoning and one refusal. So blocks of the same kind follow one
// another: the first open block streams, and the others wait. `docs/spec/translation.md#rule-11`.
import { gap } from '../../shared/text.ts'

interface Waiting {
  readonly block: number
  readonly isApart: boolean
  readonly isSeparated: boolean
  pieces: string[]
  isEnded: boolean
  onEnd: ((start: number, end: number) => string) | null
}

export interface Lane {
  /**
   * @param isApart the block does not continue the one before it @param isSeparated a block of another kind was in
   * between
   */
  readonly begin: (block: number, isApart: boolean, isSeparated: boolean) => void
  /** @returns the text that can be sent now; so do all functions below */
  readonly write: (block: number, text: string) => string
  /**
   * Takes more text of the block without `send`: what it returns is to be sent, and nothing while the block waits. Null
   * if the block is new or its text comes next for the first time. Changes nothing until it is called.
   */
  readonly continued: (block: number) =>
    | { readonly isSent: boolean, readonly take: (text: string) => string }
    | null
  /** @param onEnd gives what follows the block, by the block's start and end in the whole text, in UTF-16 units */
  readonly close: (block: number, onEnd?: (start: number, end: number) => string) => string
}

/** @param send writes a piece of text in the client's form */
export function createLane (send: (text: string) => string): Lane {
  const queue: Waiting[] = []
  const waiting = new Map<number, Waiting>()
  /** Queue entries before this index are finished. */
  let at = 0
  let length = 0
  /** The end of the sent text, as far as a gap depends on it. */
  let tail = ''
  /** The start of the live block's text; -1 until it has any. */
  let start = -1
  /** A block without text was separated from the one before it: the next block with text needs the gap. */
  let owesGap = false

  return {
    begin (block, isApart, isSeparated) {
      const entry = { block, isApart, isSeparated, pieces: [], isEnded: false, onEnd: null }
      queue.push(entry)
      waiting.set(block, entry)
    },
    write (block, text) {
      const entry = waiting.get(block)
      if (entry === undefined || entry.isEnded || text === '') return ''
      if (entry === queue[at]) return emit(entry, text)
      entry.pieces.push(text)
      return ''
    },
    continued (block) {
      const entry = waiting.get(block)
      if (entry === undefined || entry.isEnded) return null
      if (entry !== queue[at]) {
        return { isSent: false, take (text) {
          entry.pieces.push(text)
          return ''
        } }
      }
      return start === -1 ? null : { isSent: true, take (text) {
        keep(text)
        return text
      } }
    },
    close (block, onEnd) {
      const entry = waiting.get(block)
      if (entry === undefined || entry.isEnded) return ''
      entry.isEnded = true
      entry.onEnd = onEnd ?? null
      return advance()
    },
  }

  function emit (entry: Waiting, text: string): string {
    const isFirst = start === -1
    const between = isFirst && (entry.isApart || entry.isSeparated || owesGap) ? gap(tail, text) : ''
    if (isFirst) start = length + between.length
    owesGap = false
    keep(between + text)
    return send(between + text)
  }

  function keep (text: string): void {
    length += text.length
    tail = text.slice(-1)
  }

  function advance (): string {
    let out = ''
    for (let entry = queue[at]; entry !== undefined; entry = queue[at]) {
      if (entry.pieces.length > 0) out += emit(entry, entry.pieces.join(''))
      entry.pieces = []
      if (!entry.isEnded) break
      if (entry.onEnd !== null) out += entry.onEnd(start === -1 ? length : start, length)
      if (start === -1) owesGap ||= entry.isSeparated
      waiting.delete(entry.block)
      at++
      start = -1
    }
    return out
  }
}
