// Writes the start of a value's JSON. A hint in a description keeps about a thousand characters, so the rest is never
// written.
import { isObject } from '../json.ts'

/** @returns the JSON of a parsed value, exact for the first `length` characters; after them it may end early */
export function startOfJson (value: unknown, length: number): string {
  let out = ''
  const isFull = (): boolean => out.length > length
  const write = (inner: unknown): void => {
    if (isFull()) return
    if (Array.isArray(inner)) {
      out += '['
      for (let at = 0; at < inner.length && !isFull(); at++) {
        if (at > 0) out += ','
        write(inner[at])
      }
      out += ']'
    } else if (isObject(inner)) {
      let isFirst = true
      out += '{'
      for (const name in inner) {
        if (isFull()) break
        if (inner[name] === undefined) continue
        out += `${isFirst ? '' : ','}${text(name)}:`
        isFirst = false
        write(inner[name])
      }
      out += '}'
    } else out += typeof inner === 'string' ? text(inner) : JSON.stringify(inner) ?? 'null'
  }
  /** Cuts a long text first: the cut text alone fills the length. */
  const text = (words: string): string => JSON.stringify(words.length > length + 1 ? words.slice(0, length + 1) : words)
  write(value)
  return out
}
