// The limits on JSON from outside, found in its text before `JSON.parse` sees it: that needs more than linear time for
// what they refuse. A leaf.
import { GatewayError } from './errors.ts'

export const maxDepth = 128
export const maxKeys = 10_000
/**
 * In characters. V8 hashes a name of more than 16,383 characters by its length alone, so each of many such names is
 * compared with all others: half a thousand of them in 8 MB take most of a second.
 */
export const maxNameLength = 8_192

/**
 * Half a million keys in one object would block all requests for a second, mostly after the parsing, and no request
 * needs that many. So the keys are counted first, by jumping from string to string: long texts cost almost nothing.
 * @throws {GatewayError} for an object of more than 10,000 keys, and for a name of more than 8,192 characters
 */
export function assertNarrow (text: string): void {
  // A shorter text can hold neither.
  if (text.length <= maxNameLength || !hasMoreColons(text, maxKeys)) return
  /** Key counts of the enclosing objects. */
  const outer: number[] = []
  let count = 0
  let lastLength = 0
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22: { // "
        const from = at + 1
        at = closingQuote(text, from)
        if (at === -1) return // Invalid JSON: the parser will throw.
        lastLength = at - from
        break
      }
      case 0x7b: // {
        if (outer.push(count) > maxDepth) throw tooDeep() // Counting stops at this depth.
        count = 0
        break
      case 0x7d: // }
        count = outer.pop() ?? 0
        break
      case 0x3a: // :
        if (++count > maxKeys) throw tooWide()
        if (lastLength > maxNameLength) throw nameTooLong()
    }
  }
}

export function tooWide (): GatewayError {
  return new GatewayError('invalid_request', `An object of the body has more than ${maxKeys} keys.`)
}

export function nameTooLong (): GatewayError {
  return new GatewayError('invalid_request', `A name in the body has more than ${maxNameLength} characters.`)
}

export function tooDeep (): GatewayError {
  return new GatewayError('invalid_request', `The body is nested deeper than ${maxDepth} levels.`)
}

/**
 * Each key has a colon. Almost every body has so few that this fast search is enough.
 * @throws {GatewayError} for a name that is too long
 */
function hasMoreColons (text: string, most: number): boolean {
  let count = 0
  let last = -1
  for (let at = text.indexOf(':'); at !== -1; at = text.indexOf(':', at + 1)) {
    if (++count > most) return true
    if (at - last > maxNameLength && isBehindLongName(text, at)) throw nameTooLong()
    last = at
  }
  return false
}

/** Whether the colon at this place follows a string of more than `maxNameLength` characters. */
function isBehindLongName (text: string, colon: number): boolean {
  let end = colon - 1
  while (end > 0 && ' \n\r\t'.includes(text.charAt(end))) end--
  if (text.charCodeAt(end) !== quote || isEscaped(text, end)) return false // A colon of a text, not that of a key.
  for (let at = end - 1; end - at <= maxNameLength; at--) {
    at = text.lastIndexOf('"', at)
    if (at <= 0 || !isEscaped(text, at)) return end - at - 1 > maxNameLength
  }
  return true
}

/** Whether an odd number of backslashes stands before this place, as far back as `from`. */
function isEscaped (text: string, at: number, from = 0): boolean {
  let before = at
  while (before > from && text.charCodeAt(before - 1) === backslash) before--
  return (at - before) % 2 === 1
}

export const backslash = 0x5c
export const quote = 0x22

/**
 * The end of a JSON string whose first character is at `from`: the first quote that no odd number of backslashes
 * escapes; -1 if there is none.
 */
export function closingQuote (text: string, from: number): number {
  let at = text.indexOf('"', from)
  while (at !== -1) {
    if (!isEscaped(text, at, from)) return at
    // Where one quote is escaped, others may follow soon. A search for each would cost ten times as much.
    const near = Math.min(at + 32, text.length)
    for (at++; at < near; at++) {
      const code = text.charCodeAt(at)
      if (code === quote) return at
      if (code === backslash) at++
    }
    at = text.indexOf('"', at)
  }
  return -1
}

/** Whether `parseJson` refuses none of the names. */
export function isNarrow (text: string): boolean {
  try {
    assertNarrow(text)
    return true
  } catch {
    return false
  }
}
