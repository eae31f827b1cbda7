// Free-text tools for upstreams that only know functions: a function with one string argument, wrapped in the request
// and unwrapped in the answer, also while it streams. `docs/spec/translation.md#custom-tools`.
import { isObject, parseJson, type JsonObject } from '../../json.ts'
import type { Tool } from '../contract/prompt.ts'

export function asFunction (
  { description, grammar }: Pick<Tool, 'description' | 'grammar'>,
): { description: string, schema: JsonObject } {
  const rule = grammar === null ? '' : `\n\nThe input must match this ${grammar.syntax} grammar:\n${grammar.definition}`
  return {
    description: `${description ?? ''}${rule}`.trim(),
    schema: { type: 'object',
      properties: { input: { type: 'string', description: 'The whole input of the tool, as plain text.' } },
      required: ['input'], additionalProperties: false },
  }
}

export function wrapInput (input: string): string {
  return JSON.stringify({ input })
}

/** The free text in a function's arguments; arguments of another shape stay unchanged. */
export function unwrapInput (json: string): string {
  try {
    const value = parseJson(json)
    if (isObject(value) && typeof value['input'] === 'string') return value['input']
  } catch { /* The arguments have another shape. */ }
  return json
}

export interface Unwrapper {
  /** The text that this piece of JSON adds. A possible start of an escape is held back. */
  readonly push: (json: string) => string
  /** The rest, once the arguments are complete. */
  readonly end: () => string
}

/** The start of the arguments: `{"input":"`, possibly with white space in between. */
const opening = '{"input":"'

/** Emits text only while the arguments begin like `{"input":"…`; any other arguments come out whole at the end. */
export function createUnwrapper (): Unwrapper {
  const pieces: string[] = []
  /** The number of opening characters read so far; -1 if the arguments begin differently. */
  let opened = 0
  /** The start of an escape, or half a surrogate pair: read again together with the next piece. */
  let rest = ''
  let isClosed = false
  const sent: string[] = []

  return {
    push (json) {
      pieces.push(json)
      if (isClosed || opened === -1) return ''
      const from = opened === opening.length ? 0 : readOpening(json)
      return opened === opening.length ? take(rest + json.slice(from)) : ''
    },
    end () {
      // The arguments were cut off: the text so far is all there is.
      if (!isClosed && opened === opening.length) return ''
      const whole = unwrapInput(pieces.join(''))
      const before = sent.join('')
      return whole.startsWith(before) ? whole.slice(before.length) : ''
    },
  }

  /** @returns the start of the text in `json`, once the opening is complete */
  function readOpening (json: string): number {
    for (let at = 0; at < json.length; at++) {
      const char = json.charAt(at)
      if (isSpace(char) && !isInName(opened)) continue
      if (char !== opening.charAt(opened)) {
        opened = -1
        return 0
      }
      if (++opened === opening.length) return at + 1
    }
    return 0
  }

  function take (json: string): string {
    let end = 0
    while (end < json.length && !isClosed) {
      if (json[end] === '"') isClosed = true
      else if (json[end] !== '\\') end++
      else {
        const length = json[end + 1] === 'u' ? 6 : 2
        if (end + length > json.length) break
        end += length
      }
    }
    // A high surrogate waits for its other half, whether escaped or not.
    if (!isClosed) {
      end -=
        /(?:\\u[dD][89abAB][0-9a-fA-F]{2}|[\ud800-\udbff])$/.exec(json.slice(Math.max(0, end - 6), end))?.[0].length
          ?? 0
    }
    const text = decode(json.slice(0, end))
    rest = json.slice(end)
    if (text !== '') sent.push(text)
    return text
  }
}

/** Between the quotes of the name, white space counts as a character. */
function isInName (read: number): boolean {
  return read > 1 && read < '{"input"'.length
}

function isSpace (char: string): boolean {
  return char === ' ' || char === '\n' || char === '\r' || char === '\t'
}

function decode (escaped: string): string {
  try {
    return JSON.parse(`"${escaped}"`) as string
  } catch {
    return escaped
  }
}
