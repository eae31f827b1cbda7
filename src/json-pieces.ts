// Parses a large JSON body in short steps. `JSON.parse` cannot be interrupted, and takes a second for eight megabytes
// of tiny objects. So this parser walks the text once and parses each complete part, about 64 KiB at a time. It gives
// the same values and the same refusals as `JSON.parse`.
import { GatewayError } from './errors.ts'
import { decodeJson, invalidJson, isObject, noteEscapes, readJsonText, type JsonObject } from './json.ts'
import { assertShortKeys } from './json-keys.ts'
import { backslash, closingQuote, maxDepth, maxKeys, maxNameLength, nameTooLong, tooDeep,
  tooWide } from './json-limits.ts'
import { nextTurn, smallBytes } from './next-turn.ts'
import { inTurns } from './steps.ts'

const usualPieceLength = 65_536
/** Characters, if no part was complete before. */
const longestTurn = 1_048_576
/** `JSON.parse` takes about 3 ms for so many, of any kind. */
const fewValues = 32_768
/** A text of few values is parsed at once up to this many times `smallBytes`, 8 MiB: that takes about 8 ms. */
const mostAtOnce = 64
/** The characters of each place that `hasFewValues` looks at. */
const placeLength = 128
/** What an escape costs, of the cost of a value. */
const escapeWeight = 1 / 16

/** An object or array that has not ended yet. */
interface Level {
  readonly isArray: boolean
  /** The position of its opening bracket. */
  readonly start: number
  /** Null while it is short enough to be parsed together with its surroundings. */
  value:
    | unknown[]
    | JsonObject
    | null
  /** The start of the part that is not parsed yet. */
  from: number
  lastComma: number
  /** Whether `from` follows an element, so that a comma comes next; otherwise an element comes next. */
  isBehindElement: boolean
  isEmpty: boolean
  /** In an object whose open child has its own level: the child's name. */
  key: string | null
  keys: number
}

/**
 * As `readJsonObject`, for long texts.
 * @param pieceLength in characters
 * @throws {GatewayError} `invalid_request`
 */
export async function readJsonObjectInTurns (
  bytes: Uint8Array,
  pieceLength = usualPieceLength,
  shortBytes = smallBytes,
): Promise<JsonObject> {
  const text = decodeJson(bytes)
  if (bytes.length <= shortBytes
    || (bytes.length <= mostAtOnce * shortBytes && text.length > placeLength && hasFewValues(text))) {
    return readJsonText(text)
  }
  const levels: Level[] = []
  let level: Level | undefined
  let whole: unknown = null
  let parsedTo = 0
  let turnAt = 0
  let lastLength = 0
  let hasLongText = false

  for (let at = 0; at < text.length; at++) {
    // A text without commas gets its turns too.
    if (at - turnAt >= longestTurn) {
      turnAt = at
      await nextTurn()
    }
    switch (text.charCodeAt(at)) {
      case 0x22: { // "
        const from = at + 1
        at = closingQuote(text, from)
        if (at === -1 || level === undefined) throw invalidJson()
        lastLength = at - from
        hasLongText ||= lastLength > maxNameLength
        break
      }
      case 0x7b:
      case 0x5b: { // { [
        if (level === undefined && (whole !== null || !isBlank(text, 0, at))) throw invalidJson()
        level = newLevel(text, at)
        if (levels.push(level) > maxDepth) throw tooDeep()
        break
      }
      case 0x7d:
      case 0x5d: { // } ]
        if (level === undefined || level.isArray !== (text[at] === ']')) throw invalidJson()
        const closed: Level = level
        levels.pop()
        level = levels.at(-1)
        if (closed.value === null && level !== undefined) break // It is parsed with its surroundings.
        closed.value ??= closed.isArray ? [] : {}
        parse(text, closed, at, true)
        if (level === undefined) {
          whole = closed.value
          parsedTo = at + 1
        } else attach(level, closed.value, at)
        break
      }
      case 0x3a: // :
        if (level !== undefined && ++level.keys > maxKeys) throw tooWide()
        if (lastLength > maxNameLength) throw nameTooLong()
        break
      case 0x2c: // ,
        if (level === undefined) throw invalidJson()
        level.lastComma = at
        if (at - parsedTo < pieceLength) break
        for (const [depth, each] of levels.entries()) parseComplete(text, each, levels[depth + 1])
        parsedTo = at
        turnAt = at
        await nextTurn()
        break
    }
  }
  if (levels.length > 0 || !isBlank(text, parsedTo, text.length)) throw invalidJson()
  if (!isObject(whole)) throw new GatewayError('invalid_request', 'The body must be a JSON object.')
  if (hasLongText) await inTurns(assertShortKeys(whole))
  noteEscapes(whole, text)
  return whole
}

/**
 * The time to parse a text depends on its values and escapes more than on its length. Estimates their number from
 * random places, one in each part of the text, so that no sender can hide many of them. Whichever way is taken, the
 * result is the same.
 */
function hasFewValues (text: string): boolean {
  const places = text.length > 1_048_576 ? 256 : 64
  let count = 0
  for (let place = 0; place < places; place++) {
    const from = Math.floor((place + Math.random()) * (text.length - placeLength) / places)
    for (let at = from; at < from + placeLength; at++) {
      if (text.charCodeAt(at) === backslash) count += escapeWeight
      else if (canStartValue(text, at)) count++
    }
  }
  return count / (places * placeLength) * text.length <= fewValues
}

/** Whether a value can begin here, inside an array or object. The commas of prose do not count, those of JSON do. */
function canStartValue (text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  if (code === 0x5b || code === 0x7b) return true // [ {
  if (code !== 0x2c) return false // ,
  const most = at + 1 + longestIndent
  let next = at + 1
  while (next < most && isBlank(text, next, next + 1)) next++
  return next === most || literals.some(literal => text.startsWith(literal, next))
    || '"{[-0123456789'.includes(text.charAt(next))
}

const literals = ['true', 'false', 'null']
/** Characters of white space behind a comma. A longer one counts as the start of a value. */
const longestIndent = 64

function newLevel (text: string, start: number): Level {
  return { isArray: text[start] === '[', start, value: null, from: start + 1, lastComma: -1, isBehindElement: false,
    isEmpty: true, key: null, keys: 0 }
}

/** Parses the complete part of a level. @param child the open object or array inside it */
function parseComplete (text: string, level: Level, child: Level | undefined): void {
  if (level.key !== null) return // Everything except its child is parsed.
  level.value ??= level.isArray ? [] : {}
  if (level.lastComma >= level.from) parse(text, level, level.lastComma, false)
  if (child === undefined) return
  if (level.isBehindElement) throw invalidJson() // The comma between two elements is missing.
  const name = text.slice(level.from, child.start)
  if (!level.isArray) level.key = nameIn(name)
  else if (name.trim() === '') level.key = ''
  else throw invalidJson()
}

/** `"name":`, possibly with white space. */
function nameIn (text: string): string {
  const named = text.trimEnd()
  try {
    const name: unknown = named.endsWith(':') ? JSON.parse(named.slice(0, -1)) : null
    if (typeof name === 'string') return name
  } catch { /* The next line throws the error. */ }
  throw invalidJson()
}

/** @param to the position of a comma or of the closing bracket */
function parse (text: string, level: Level, to: number, isLast: boolean): void {
  let from = level.from
  const wasBehind = level.isBehindElement
  level.from = to + 1
  level.isBehindElement = false
  if (wasBehind) {
    if (isBlank(text, from, to)) return
    const comma = text.indexOf(',', from)
    if (comma === -1 || comma >= to || !isBlank(text, from, comma)) throw invalidJson()
    from = comma + 1
  }
  if (isBlank(text, from, to)) {
    if (isLast && level.isEmpty) return
    throw invalidJson()
  }
  level.isEmpty = false
  add(level, text.slice(from, to))
}

function add ({ value }: Level, text: string): void {
  try {
    if (Array.isArray(value)) { for (const item of JSON.parse(`[${text}]`) as unknown[]) value.push(item) }
    else if (value !== null) {
      for (const [name, item] of Object.entries(JSON.parse(`{${text}}`) as JsonObject)) set(value, name, item)
    }
  } catch (cause) {
    throw invalidJson(cause)
  }
}

function attach (parent: Level, value: unknown, at: number): void {
  if (Array.isArray(parent.value)) parent.value.push(value)
  else if (parent.value !== null) set(parent.value, parent.key ?? '', value)
  parent.key = null
  parent.isEmpty = false
  parent.from = at + 1
  parent.isBehindElement = true
}

/** Like `JSON.parse`, treats `__proto__` as an ordinary name. */
function set (object: JsonObject, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true })
  } else object[name] = value
}

function isBlank (text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at)
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return false
  }
  return true
}
