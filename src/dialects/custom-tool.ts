// Free-text tools for upstreams that know only functions: a function with one string, wrapped on the way up and
// unwrapped on the way back, also while it streams. `translation.md` 2.5.4.
import { isObject, type JsonObject } from '../json.ts'
import type { Tool } from './prompt.ts'

export function asFunction ({ description, grammar }: Pick<Tool, 'description' | 'grammar'>): { description: string, schema: JsonObject } {
  const rule = grammar === null ? '' : `\n\nThe input must match this ${grammar.syntax} grammar:\n${grammar.definition}`
  return {
    description: `${description ?? ''}${rule}`.trim(),
    schema: { type: 'object', properties: { input: { type: 'string', description: 'The whole input of the tool, as plain text.' } }, required: ['input'], additionalProperties: false },
  }
}

export function wrapInput (input: string): string {
  return JSON.stringify({ input })
}

/** The free text in a function's arguments; arguments of another shape as they are. */
export function unwrapInput (json: string): string {
  try {
    const value: unknown = JSON.parse(json)
    if (isObject(value) && typeof value['input'] === 'string') return value['input']
  } catch { /* not the shape that was asked for */ }
  return json
}

export interface Unwrapper {
  /** The text that this piece of JSON adds: what may still be the start of an escape is kept back. */
  readonly push: (json: string) => string
  /** The rest, once the arguments are complete. */
  readonly end: () => string
}

/** Emits text only while the arguments begin like `{"input":"…`; anything else comes out whole at the end. */
export function createUnwrapper (): Unwrapper {
  let all = ''
  /** Start of the string's content in `all`, or -1 while its opening quote was not seen. */
  let from = -1
  /** How much of the content was read, and how much text came out. */
  let at = 0
  let isClosed = false
  let sent = ''

  const take = (): string => {
    if (from === -1) {
      const opening = /^\s*\{\s*"input"\s*:\s*"/.exec(all)
      if (opening === null) return ''
      from = at = opening[0].length
    }
    let end = at
    while (end < all.length && !isClosed) {
      if (all[end] === '"') isClosed = true
      else if (all[end] !== '\\') end++
      else {
        const length = all[end + 1] === 'u' ? 6 : 2
        if (end + length > all.length) break
        end += length
      }
    }
    // A high surrogate waits for its other half, escaped or not.
    const pending = /(?:\\u[dD][89abAB][0-9a-fA-F]{2}|[\ud800-\udbff])$/.exec(all.slice(at, end))?.[0].length ?? 0
    if (!isClosed) end -= pending
    const text = decode(all.slice(at, end))
    at = end
    sent += text
    return text
  }
  return {
    push (json) {
      all += json
      return isClosed ? '' : take()
    },
    end () {
      if (!isClosed && from !== -1) return ''   // cut off in the middle: what came is what there is
      const whole = unwrapInput(all)
      return whole.startsWith(sent) ? whole.slice(sent.length) : ''
    },
  }
}

function decode (escaped: string): string {
  try { return JSON.parse(`"${escaped}"`) as string } catch { return escaped }
}
