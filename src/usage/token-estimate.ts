// How many tokens a text has, without a tokenizer: by what it is made of. For Workers, where a tokenizer's tables would
// not fit; calibrated against o200k_base on prose, code, JSON and other scripts. Monotone: more text, never fewer tokens.

/** Off by at most 15 % on the kinds of text that agents send. */
export function estimateTokens (text: string): number {
  let tokens = 0
  let run = 0
  let kind = 0
  const close = (): void => {
    if (run === 0) return
    tokens += weigh(kind, run)
    run = 0
  }
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const next = kindOf(code)
    // A capital behind a small letter begins a word: camelCase, and the alphabet soup of base64.
    if (next !== kind || (next === letter && code <= 90 && text.charCodeAt(at - 1) >= 97)) {
      close()
      kind = next
    }
    run++
  }
  close()
  return Math.ceil(tokens)
}

const space = 1
const letter = 2
const digit = 3
const mark = 4
const newline = 5
const wide = 6
const foreign = 7

function kindOf (code: number): number {
  if (code === 32 || code === 9) return space
  if (code === 10 || code === 13) return newline
  if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90)) return letter
  if (code >= 0xc0 && code <= 0x24f) return letter
  if (code >= 48 && code <= 57) return digit
  if (code < 128) return mark
  return code >= 0x2e80 && code < 0xd800 ? wide : foreign
}

/** Of one run of characters of a kind. A single space belongs to the word behind it. */
function weigh (kind: number, length: number): number {
  switch (kind) {
    case space: return length === 1 ? 0 : 0.5 + length / 40
    case letter: return length <= 7 ? 0.97 : 0.97 + (length - 7) / 5
    case digit: return length / 3 + 0.5
    case mark: return 0.45 + length * 0.38
    case newline: return 0.45 + (length - 1) * 0.1
    case wide: return length * 0.66
    default: return 0.3 + length * 0.22
  }
}
