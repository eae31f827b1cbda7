// Keys of learned rules: `id`, or `id=value` if the refusal names a value.
import type { LearnedKey } from './rule.ts'

export function keyOf (id: string, value: string | undefined): LearnedKey {
  return value === undefined ? id : `${id}=${value}`
}

/** The values of each rule, by its id. A key without a value gives none. */
export function valuesOf (learned: ReadonlySet<LearnedKey>): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>()
  for (const key of learned) {
    const at = key.indexOf('=')
    const id = at === -1 ? key : key.slice(0, at)
    const known = values.get(id) ?? []
    if (at !== -1) known.push(key.slice(at + 1))
    values.set(id, known)
  }
  return values
}
