// Texts of one turn as one text, for dialects that have a single slot: pieces of one message run on, messages stand apart.
import type { Block } from './prompt.ts'

/** What stands between two texts when something else, or a message's border, was between them. */
export function gap (before: string, after: string): string {
  return before === '' || after === '' || /\s$/.test(before) || /^\s/.test(after) ? '' : '\n\n'
}

/** The texts (and refusals) of a turn's blocks, joined; `''` where there are none. */
export function joinTexts (blocks: readonly Block[]): string {
  let text = ''
  let isApart = false
  for (const block of blocks) {
    if (block.type !== 'text' && block.type !== 'refusal') {
      isApart = true
      continue
    }
    text += (isApart || (block.type === 'text' && block.apart === true) ? gap(text, block.text) : '') + block.text
    isApart = false
  }
  return text
}
