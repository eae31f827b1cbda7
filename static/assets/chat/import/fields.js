// Reads fields of a file that the user imports. Nothing in it is trusted.

/** @typedef {Readonly<Record<string, unknown>>} Fields */

/**
 * @param {unknown} value
 * @returns {Fields} those of an object; none if the value is something else
 */
export function fieldsOf (value) {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

/**
 * @param {unknown} value
 * @returns {value is string}
 */
export function isId (value) {
  return typeof value === 'string' && /^[a-f0-9]{24}$/.test(value)
}

/** @param {unknown} value */
export function text (value) {
  return typeof value === 'string' ? value : ''
}

/** @param {unknown} value */
export function numberOrNull (value) {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** @param {unknown} value */
export function number (value) {
  return numberOrNull(value) ?? 0
}

/** @param {unknown} value milliseconds since the epoch */
export function moment (value) {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : Date.now()
}

/** @param {unknown} value seconds since the epoch, as a number or as a text */
export function momentOfSeconds (value) {
  return moment(Number(value) * 1_000)
}

/**
 * The same id for the same text, so that a file that is imported twice brings nothing twice. Not for secrets. The
 * function is MurmurHash3's way to mix, for three seeds: a plain http page has no `crypto.subtle`.
 * @param {string} name
 */
export function idOf (name) {
  return [0x9e3779b9, 0x85ebca6b, 0xc2b2ae35].map(seed => hash(name, seed).toString(16).padStart(8, '0')).join('')
}

/**
 * @param {string} name
 * @param {number} seed
 */
function hash (name, seed) {
  let mixed = seed ^ name.length
  for (let at = 0; at < name.length; at++) {
    mixed = Math.imul(mixed ^ name.charCodeAt(at), 0xcc9e2d51)
    mixed = mixed << 15 | mixed >>> 17
    mixed = Math.imul(mixed, 5) + 0xe6546b64 | 0
  }
  mixed = Math.imul(mixed ^ mixed >>> 16, 0x85ebca6b)
  mixed = Math.imul(mixed ^ mixed >>> 13, 0xc2b2ae35)
  return (mixed ^ mixed >>> 16) >>> 0
}
