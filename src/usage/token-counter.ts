// Counts the tokens of a text without blocking other requests. A tokenizer in another thread counts. Without one, and
// for a text that is too long for it, an estimate counts in short steps.
import { nextTurn } from '../next-turn.ts'
import { createTokenEstimate } from './token-estimate.ts'

export interface Counted {
  readonly tokens: number
  readonly by: 'tokenizer' | 'estimate'
}

/** Null when the tokenizer is too busy, too slow or broken. The estimate then counts. */
export type Tokenizer = (text: string) => Promise<number | null>

/** Longer texts are estimated: no model accepts a prompt of this many characters. */
export const maxTokenizedLength = 2_097_152
/** The estimate yields after this many characters, which take a few milliseconds. */
const pieceLength = 262_144

export function createTokenCounter (tokenizer: Tokenizer | null): (text: string) => Promise<Counted> {
  return async text => {
    const tokens = tokenizer === null || text.length > maxTokenizedLength ? null : await tokenizer(text)
    return tokens === null ? { tokens: await estimate(text), by: 'estimate' } : { tokens, by: 'tokenizer' }
  }
}

async function estimate (text: string): Promise<number> {
  const count = createTokenEstimate()
  for (let at = 0; at < text.length; at += pieceLength) {
    if (at > 0) await nextTurn()
    count.push(text, at, Math.min(text.length, at + pieceLength))
  }
  return count.end()
}
