// Reads JSON of unknown shape, and writes JSON as the real server does: with keys in alphabetical order.

export type Fields = Record<string, unknown>

/** The object, or an empty one: a missing field reads as undefined either way. */
export function fields (value: unknown): Fields {
  return isFields(value) ? value : {}
}

export function isFields (value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The array, or an empty one. */
export function list (value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

/** The string, or an empty one. */
export function text (value: unknown): string {
  return typeof value === 'string' ? value : ''
}

export function parseJson (body: string): unknown {
  try {
    return JSON.parse(body) as unknown
  } catch {
    return undefined
  }
}

export function toJson (value: unknown): string {
  return JSON.stringify(value,
    (_key, inner: unknown) =>
      isFields(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner)
}
