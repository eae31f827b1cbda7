// The sentence that a citation supports. OpenAI's models put a link behind the sentence, and cite only the link.
// `docs/spec/search.md#citations`.

/** In characters. Longer claims keep their end. */
const maxClaim = 150
/** How much of the text before a link is enough for its sentence. */
export const claimReach = 400

/**
 * Null if the cited passage is the claim itself, or if nothing is in front of it.
 * @param passage what is cited @param before the text in front of it, at least its last `claimReach` characters
 */
export function claimOf (passage: string, before: string): string | null {
  if (!/^\s*\(?\s*\[/.test(passage)) return null
  const reach = before.slice(-claimReach).replace(/[\s(]+$/, '')
  // Another link may be between the sentence and this one.
  const words = reach.replace(/(?:\s*\(?\[[^\]\n]{0,200}\]\([^()\s]{0,2000}\)\)?[,;]?)+$/, '')
  const body = words.replace(/[.!?:;]+$/, '')
  const start = Math.max(
    ...['. ', '! ', '? ', '\n', ')) ', ')), '].map(mark =>
      body.lastIndexOf(mark) + mark.length * Number(body.includes(mark))
    ),
    0,
  )
  const claim = words.slice(Math.max(start, words.length - maxClaim)).replace(/^(?:[#>-]+\s+|\*\s+|\s+)*/, '')
  return claim === '' ? null : claim
}
