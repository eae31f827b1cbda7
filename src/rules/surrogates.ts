// Half a surrogate pair, which JSON can contain and Copilot's parser refuses. Clients cut texts in the middle of a
// character.
import { isKnownWhole, isObject, type JsonObject } from '../json.ts'
import { stepSize, type Steps } from '../steps.ts'
import { inSteps, type Rule, type RuleContext } from './rule.ts'

export const surrogates = (id: string): Rule => ({
  id,
  what: 'A lone surrogate becomes U+FFFD; a key that this makes equal to another gets a number.',
  models: 'all',
  applies: () => true,
  fix: 'rewrite',
  loses: 'small',
  when: 'always',
  source: { mark: 'guess', reference: 'anthropics/claude-code#60394' },
  answers: [/no low surrogate in string/],
  ...inSteps((body, context) => {
    if (isKnownWhole(body)) return body
    const open: object[] = [body]
    const isWell = lookAt(open)
    return isWell && open.length === 0 ? body : repair(body, open, isWell, context)
  }),
})

function* repair (body: JsonObject, open: object[], isWellSoFar: boolean, { lose }: RuleContext): Steps<JsonObject> {
  let isWell = isWellSoFar
  while (isWell && open.length > 0) {
    yield
    isWell = lookAt(open)
  }
  if (isWell) return body
  lose('surrogates')
  return fitted(body)
}

/**
 * Looks at the objects and lists of one step, and puts those inside them on the list. Does not recurse, and allocates
 * no object per value, because it runs over every body.
 */
function lookAt (open: object[]): boolean {
  for (let count = 0; count < 8 * stepSize; count++) {
    const value = open.pop()
    if (value === undefined) return true
    if (Array.isArray(value)) {
      for (const item of value as unknown[]) {
        if (typeof item === 'string') { if (!item.isWellFormed()) return false }
        else if (typeof item === 'object' && item !== null) open.push(item)
      }
      continue
    }
    for (const key in value) {
      const item = (value as JsonObject)[key]
      if (typeof item === 'string') { if (!item.isWellFormed()) return false }
      else if (typeof item === 'object' && item !== null) open.push(item)
      if (!key.isWellFormed()) return false
    }
  }
  return true
}

/**
 * A body is at most 128 levels deep: `json.ts`. A text that is also a key, as in `required`, changes in the same way as
 * the key.
 */
function fitted (body: JsonObject): JsonObject {
  const keys = fittedKeys(body)
  const fit = (value: unknown): unknown => {
    if (typeof value === 'string') return keys.get(value) ?? value.toWellFormed()
    if (Array.isArray(value)) return value.map(fit)
    return isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [keys.get(key) ?? key, fit(inner)]))
      : value
  }
  return fit(body) as JsonObject
}

/** Each key that changes, and its new text: no two keys become equal. */
function fittedKeys (body: JsonObject): ReadonlyMap<string, string> {
  const seen = new Set<string>()
  const open: unknown[] = [body]
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue
    if (!Array.isArray(value)) { for (const key of Object.keys(value)) seen.add(key) }
    for (const inner of Object.values(value) as unknown[]) {
      if (typeof inner === 'object' && inner !== null) open.push(inner)
    }
  }
  const keys = new Map<string, string>()
  const counts = new Map<string, number>()
  for (const key of [...seen].filter(each => !each.isWellFormed())) {
    const base = key.toWellFormed()
    let count = counts.get(base) ?? 1
    const next = (): string => count === 1 ? base : `${base}_${count}`
    while (seen.has(next())) count++
    keys.set(key, next())
    seen.add(next())
    counts.set(base, count + 1)
  }
  return keys
}
