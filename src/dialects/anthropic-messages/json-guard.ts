// Lets a stream of JSON pass as long as it is the JSON of an object, mends what can be mended on the way, and closes what
// stayed open: Anthropic's SDK throws on a tool's input that is no JSON, and what was sent cannot be taken back.
// Linear in the text; strings, which are most of it, are passed by the run.

export interface JsonGuard {
  /** The part of the text that may be sent now. */
  readonly push: (json: string) => string
  /** What completes it: `{}` where nothing was sent, else whatever is open. */
  readonly end: () => string
}

type Expects =
  | 'start' | 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end' | 'nothing'
  | 'string' | 'key-string' | 'number' | 'word'

const maxDepth = 128
const maxTokenLength = 400
const plain = /[^"\\\u0000-\u001f]+/y // eslint-disable-line no-control-regex -- JSON forbids control characters in strings
const numberForm = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const numberStart = /^-?(?:(?:0|[1-9]\d*)(?:\.\d*)?(?:(?<=\d)[eE][+-]?\d*)?)?$/
const words = ['true', 'false', 'null']

export function createJsonGuard (): JsonGuard {
  let expects: Expects = 'start'
  const open: Array<'{' | '['> = []
  /** A comma and the space behind it, sent only when something follows. */
  let comma = ''
  /** The start of an escape within a string, sent once it is whole. */
  let escape = ''
  /** The number or word at hand. */
  let token = ''
  /** After the first mistake nothing passes. */
  let isBroken = false

  return { push, end }

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
      if (longer.length <= maxTokenLength && (expects === 'number' ? numberStart.test(longer) : words.some(word => word.startsWith(longer)))) {
        token = longer
        return char
      }
      if (expects === 'number' ? !numberForm.test(token) : !words.includes(token)) return fail()
      closeValue()
    }
    if (char === ' ' || char === '\n' || char === '\r' || char === '\t') return space(char)
    switch (expects) {
      case 'start': return char === '{' ? openWith('{') : fail()
      case 'key-or-end': return char === '}' ? close(char) : openKey(char)
      case 'key': return openKey(char)
      case 'colon': return char === ':' ? pass(char, 'value') : fail()
      case 'value-or-end': return char === ']' ? close(char) : openValue(char)
      case 'value': return openValue(char)
      case 'comma-or-end': return separate(char)
      default: return fail()   // behind the end
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
    if (char !== '"') return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`   // a raw control character
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
    return `\\${held}${inString(char)}`   // no escape at all: the backslash meant itself
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

  function end (): string {
    if (expects === 'start') return '{}'
    let out = ''
    if (expects === 'key-string') out = '":null'
    else if (expects === 'string') out = '"'
    else if (expects === 'colon') out = ':null'
    else if (expects === 'value' && open.at(-1) === '{') out = 'null'
    else if (expects === 'word') out = (words.find(word => word.startsWith(token)) ?? token).slice(token.length)
    else if (expects === 'number' && !numberForm.test(token)) out = '0'
    return out + open.toReversed().map(bracket => bracket === '{' ? '}' : ']').join('')
  }
}
