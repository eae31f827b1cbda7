// Joins the texts of a turn, for dialects that have a single field: pieces of one message continue, messages are
// separated. It never reads a text that still grows: V8 would copy all of it each time.
import type { Block } from '../contract/prompt.ts'

const space = /\s/

/** The separator of two texts that had something else, or the border of a message, between them. */
export function gap (before: string, after: string): string {
  const touches = before === '' || after === '' || space.test(before.charAt(before.length - 1))
    || space.test(after.charAt(0))
  return touches ? '' : '\n\n'
}

export interface Joiner {
  /** @returns the start of the text in the whole, in UTF-16 units */
  readonly add: (text: string, isApart: boolean) => number
  readonly length: () => number
  readonly text: () => string
}

/** Collects pieces and joins them once. */
export function createJoiner (): Joiner {
  const pieces: string[] = []
  let last = ''
  let length = 0
  const push = (text: string): void => {
    if (text === '') return
    pieces.push(text)
    last = text
    length += text.length
  }
  return {
    add (text, isApart) {
      if (isApart) push(gap(last, text))
      const start = length
      push(text)
      return start
    },
    length: () => length,
    text: () => pieces.join(''),
  }
}

/** Joins texts that are separate messages. */
export function joinApart (texts: readonly string[]): string {
  const joiner = createJoiner()
  for (const text of texts) joiner.add(text, true)
  return joiner.text()
}

/** Joins the texts and refusals of a turn's blocks; `''` if there are none. */
export function joinTexts (blocks: readonly Block[]): string {
  const joiner = createJoiner()
  let isApart = false
  for (const block of blocks) {
    if (block.type !== 'text' && block.type !== 'refusal') {
      isApart = true
      continue
    }
    joiner.add(block.text, isApart || (block.type === 'text' && block.apart === true))
    isApart = false
  }
  return joiner.text()
}
