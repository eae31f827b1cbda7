// Passes the JSON of an object piece by piece and reports whether it is complete. It repairs two mistakes that models
// make in strings: raw control characters and escapes that do not exist. It never closes what is open: a call that
// broke off must not look complete. Linear in the text; strings pass in runs.
import { isNarrow } from '../../json-limits.ts'
import { parseJson } from '../../json.ts'

export interface JsonGuard {
  /** The part of the text that may be sent now. */
  readonly push: (json: string) => string
  /**
   * `open`: the text so far is the beginning of an object. `broken`: it cannot become an object's JSON, whatever
   * follows.
   */
  readonly state: () => 'empty' | 'open' | 'whole' | 'broken'
}

/** Whether clients can read it: JSON, possibly with the mistakes in strings that models make. */
export function isReadable (json: string): boolean {
  return parses(json) || repairObject(json) !== null
}

/** Whether the text is the beginning of a JSON object whose rest is missing. */
export function breaksOff (json: string): boolean {
  if (parses(json)) return false
  const guard = createJsonGuard()
  guard.push(json)
  return guard.state() === 'open'
}

function parses (json: string): boolean {
  try {
    parseJson(json)
    return true
  } catch {
    return false
  }
}

/** The JSON of an object with its strings repaired, or null for anything else, and for what `parseJson` refuses. */
export function repairObject (json: string): string | null {
  const guard = createJsonGuard()
  const repaired = guard.push(json)
  return guard.state() === 'whole' && isNarrow(repaired) ? repaired : null
}

type Expects = 'start' | 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end' | 'nothing'
  | 'string' | 'key-string' | 'number' | 'word'

const maxDepth = 128
const maxTokenLength = 400
// eslint-disable-next-line no-control-regex -- JSON forbids control characters in strings
const plain = /[^"\\\u0000-\u001f]+/y
const numberForm = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const numberStart = /^-?(?:(?:0|[1-9]\d*)(?:\.\d*)?(?:(?<=\d)[eE][+-]?\d*)?)?$/
const words = ['true', 'false', 'null']

export function createJsonGuard (): JsonGuard {
  let expects: Expects = 'start'
  const open: Array<'{' | '['> = []
  /** A comma and the space after it, sent only when something follows. */
  let comma = ''
  /** The start of an escape in a string, sent once it is complete. */
  let escape = ''
  /** The current number or word. */
  let token = ''
  /** After the first mistake, nothing passes. */
  let isBroken = false

  return { push, state }

  function push (json: string): string {
    let out = ''
    for (let at = 0; at < json.length && !isBroken;) {
      if ((expects === 'string' || expects === 'key-string') && escape === '') {
        plain.lastIndex = at
        const run = plain.exec(json)?.[0] ?? ''
        out += run
        at += run.length
        if (at === json.length) break
      }
      out += take(json[at++] ?? '')
    }
    return out
  }

  function take (char: string): string {
    if (expects === 'string' || expects === 'key-string') return escape === '' ? inString(char) : inEscape(char)
    if (expects === 'number' || expects === 'word') {
      const longer = token + char
      if (longer.length <= maxTokenLength
        && (expects === 'number' ? numberStart.test(longer) : words.some(word => word.startsWith(longer)))) {
        token = longer
        return char
      }
      if (expects === 'number' ? !numberForm.test(token) : !words.includes(token)) return fail()
      closeValue()
    }
    if (char === ' ' || char === '\n' || char === '\r' || char === '\t') return space(char)
    switch (expects) {
      case 'start':
        return char === '{' ? openWith('{') : fail()
      case 'key-or-end':
        return char === '}' ? close(char) : openKey(char)
      case 'key':
        return openKey(char)
      case 'colon':
        return char === ':' ? pass(char, 'value') : fail()
      case 'value-or-end':
        return char === ']' ? close(char) : openValue(char)
      case 'value':
        return openValue(char)
      case 'comma-or-end':
        return separate(char)
      default:
        return fail() // Text after the end.
    }
  }

  function space (char: string): string {
    if (comma === '') return expects === 'start' || expects === 'nothing' ? '' : char
    comma += char
    return ''
  }

  function inString (char: string): string {
    if (char === '\\') {
      escape = char
      return ''
    }
    if (char >= ' ' && char !== '"') return char
    if (char !== '"') return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}` // A raw control character.
    if (expects === 'key-string') expects = 'colon'
    else closeValue()
    return char
  }

  function inEscape (char: string): string {
    const longer = escape + char
    if (/^\\u[0-9a-fA-F]{0,3}$/.test(longer)) {
      escape = longer
      return ''
    }
    const held = escape
    escape = ''
    if (/^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})$/.test(longer)) return longer
    return `\\${held}${inString(char)}` // No valid escape: the backslash is a plain character.
  }

  function openKey (char: string): string {
    return char === '"' ? pass(char, 'key-string') : fail()
  }

  function openValue (char: string): string {
    if (char === '"') return pass(char, 'string')
    if (char === '{' || char === '[') return openWith(char)
    const next: Expects = /[-\d]/.test(char) ? 'number' : 'word'
    if (next === 'word' && !/[tfn]/.test(char)) return fail()
    token = char
    return pass(char, next)
  }

  function openWith (bracket: '{' | '['): string {
    if (open.length === maxDepth) return fail()
    open.push(bracket)
    return pass(bracket, bracket === '{' ? 'key-or-end' : 'value-or-end')
  }

  function separate (char: string): string {
    const inside = open.at(-1)
    if (char === ',') {
      comma = ','
      expects = inside === '{' ? 'key' : 'value'
      return ''
    }
    return char === (inside === '{' ? '}' : ']') ? close(char) : fail()
  }

  function close (bracket: string): string {
    open.pop()
    closeValue()
    return bracket
  }

  function closeValue (): void {
    token = ''
    expects = open.length === 0 ? 'nothing' : 'comma-or-end'
  }

  function pass (char: string, next: Expects): string {
    const out = comma + char
    comma = ''
    expects = next
    return out
  }

  function fail (): string {
    isBroken = true
    return ''
  }

  function state (): ReturnType<JsonGuard['state']> {
    if (isBroken) return 'broken'
    return expects === 'start' ? 'empty' : expects === 'nothing' ? 'whole' : 'open'
  }
}
