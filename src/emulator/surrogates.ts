// Finds half a surrogate pair in escaped JSON text. Parsed text would no longer show its position.
const isHigh = (code: number): boolean => code >= 0xD800 && code <= 0xDBFF
const isLow = (code: number): boolean => code >= 0xDC00 && code <= 0xDFFF

/** @returns the offset of the first lone half, or null */
export function findLoneSurrogate (json: string): number | null {
  for (let at = json.indexOf('\\'); at >= 0; at = json.indexOf('\\', at)) {
    const code = unitAt(json, at)
    if (isHigh(code) && isLow(unitAt(json, at + 6))) at += 12
    else if (isHigh(code) || isLow(code)) return at
    else at += 2
  }
  return null
}

/** The code unit of an escape, or -1 if there is none. */
function unitAt (json: string, at: number): number {
  return /^\\u[0-9a-f]{4}$/i.test(json.slice(at, at + 6)) ? Number.parseInt(json.slice(at + 2, at + 6), 16) : -1
}
