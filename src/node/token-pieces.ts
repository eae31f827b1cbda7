// Splits a text into pieces that a tokenizer reads in time. Byte pair encoding takes quadratic time for a run that it
// cannot split: letters, signs or white space. Such runs are cut every 256 characters.
//
// A text without such a long run is counted exactly as the tokenizer counts it. Each cut can turn one token into two,
// so a long run counts at most one token in 256 characters too many.

const longestRun = 256
/** From this length on, a piece ends before the next space after a word: the tokenizer splits there too. */
const usualLength = 16_384

const space = 1
const letter = 2
const digit = 3
const mark = 4

export function* piecesOf (text: string): Generator<string> {
  let from = 0
  let kind = 0
  let run = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const next = kindOf(code)
    const isEnd = next === kind
      ? run >= longestRun && !isLowSurrogate(code)
      : code === 32 && kind !== space && at - from >= usualLength
    if (isEnd) {
      yield text.slice(from, at)
      from = at
    }
    run = next === kind && !isEnd ? run + 1 : 1
    kind = next
  }
  if (from < text.length) yield text.slice(from)
}

function kindOf (code: number): number {
  if (code === 32 || (code >= 9 && code <= 13) || code === 0xa0) return space
  if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90)) return letter
  if (code >= 48 && code <= 57) return digit
  return code < 128 ? mark : letter
}

function isLowSurrogate (code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff
}
