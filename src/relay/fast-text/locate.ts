// Finds values in the text of a JSON object, by their paths.
import { closingQuote, quote } from '../../json-limits.ts'

export interface Range {
  readonly from: number
  readonly to: number
}

const [comma, colon, brace, bracket, closingBrace, closingBracket] = [0x2c, 0x3a, 0x7b, 0x5b, 0x7d, 0x5d]

/**
 * The place of each value, strings without their quotes.
 * @param json valid JSON @param paths such as `choices.0.delta.content`
 * @returns null if a path is missing or occurs twice, or if a key on the way is written with an escape
 */
export function locateValues (json: string, paths: readonly string[]): Range[] | null {
  const found: Range[] = []
  // An escape may hide a second key of the same name.
  if (json.includes('\\')) return readAll(json, paths)
  for (const path of paths) {
    const range = locateKey(json, quotedKeyOf(path))
    if (range === null) return readAll(json, paths)
    found.push(range)
  }
  return found
}

/** The value of a key that occurs once in a text without escapes. No other place can have the key in quotes. */
function locateKey (json: string, quoted: string): Range | null {
  const at = json.indexOf(quoted)
  const from = at + quoted.length + 1
  if (at === -1 || json.charCodeAt(from - 1) !== colon || json.includes(quoted, from)) return null
  if (json.charCodeAt(from) === quote) return { from: from + 1, to: json.indexOf('"', from + 1) }
  let to = from
  while (isNumeric(json.charCodeAt(to))) to++
  return to === from ? null : { from, to }
}

/** Reads the text from its beginning. */
function readAll (json: string, paths: readonly string[]): Range[] | null {
  const keys = paths.map(keysOf)
  const ranges = new Array<Range | undefined>(paths.length)
  let isUnusual = false
  readValue(0, paths.map((_path, nth) => nth), 0)
  const found = ranges.filter(range => range !== undefined)
  return isUnusual || found.length < paths.length ? null : found

  /** @param searched the paths that lead to this value or through it @returns the index behind it, as all below do */
  function readValue (from: number, searched: readonly number[], depth: number): number {
    const code = json.charCodeAt(from)
    const isList = code === brace || code === bracket
    const to = isList && searched.some(nth => isDeeper(nth, depth))
      ? readList(from, searched, depth, code === brace)
      : skipValue(from, code)
    for (const nth of searched) {
      if (!isDeeper(nth, depth)) note(nth, code === quote ? from + 1 : from, code === quote ? to - 1 : to)
    }
    return to
  }

  function isDeeper (nth: number, depth: number): boolean {
    return (keys[nth] ?? []).length > depth
  }

  function note (nth: number, from: number, to: number): void {
    isUnusual ||= ranges[nth] !== undefined
    ranges[nth] = { from, to }
  }

  function readList (from: number, searched: readonly number[], depth: number, isObject: boolean): number {
    const closing = isObject ? closingBrace : closingBracket
    let at = skipSpace(from + 1)
    for (let nth = 0; at < json.length && json.charCodeAt(at) !== closing; nth++) {
      at = skipSpace(isObject ? readMember(at, searched, depth) : readItem(at, String(nth), searched, depth))
      if (json.charCodeAt(at) === comma) at = skipSpace(at + 1)
    }
    return at + 1
  }

  function readMember (from: number, searched: readonly number[], depth: number): number {
    const to = closingQuote(json, from + 1)
    const key = json.slice(from + 1, to)
    isUnusual ||= key.includes('\\')
    const at = skipSpace(to + 1)
    return to === -1 || json.charCodeAt(at) !== colon ? giveUp() : readItem(skipSpace(at + 1), key, searched, depth)
  }

  function readItem (from: number, key: string, searched: readonly number[], depth: number): number {
    const inside = searched.filter(nth => keys[nth]?.[depth] === key)
    return inside.length === 0 ? skipValue(from, json.charCodeAt(from)) : readValue(from, inside, depth + 1)
  }

  function skipValue (from: number, code: number): number {
    if (code === quote) return skipString(from)
    let depth = 0
    for (let at = from; at < json.length; at++) {
      const next = json.charCodeAt(at)
      if (next === quote) at = skipString(at) - 1
      else if (next === brace || next === bracket) depth++
      else if (next === closingBrace || next === closingBracket) {
        if (depth === 0) return at
        if (--depth === 0) return at + 1
      } else if (depth === 0 && (next === comma || isSpace(next))) return at
    }
    return giveUp()
  }

  function skipString (from: number): number {
    const to = closingQuote(json, from + 1)
    return to === -1 ? giveUp() : to + 1
  }

  function skipSpace (from: number): number {
    let at = from
    while (isSpace(json.charCodeAt(at))) at++
    return at
  }

  function giveUp (): number {
    isUnusual = true
    return json.length
  }
}

/** The keys of a path, and the last of them in quotes. Paths are few, and the dialects' own. */
const known = new Map<string, readonly string[]>()
const knownQuoted = new Map<string, string>()
const maxKnown = 1_000

function keysOf (path: string): readonly string[] {
  const keys = known.get(path) ?? path.split('.')
  if (known.size < maxKnown) known.set(path, keys)
  return keys
}

function quotedKeyOf (path: string): string {
  const found = knownQuoted.get(path)
  if (found !== undefined) return found
  const quoted = `"${keysOf(path).at(-1) ?? ''}"`
  if (knownQuoted.size < maxKnown) knownQuoted.set(path, quoted)
  return quoted
}

/** Whether a number may contain the character. */
function isNumeric (code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x2e || code === 0x2b || (code | 0x20) === 0x65
}

function isSpace (code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}
