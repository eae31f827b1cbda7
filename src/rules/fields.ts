// Helpers that rules share. Each returns the same object if nothing changes.
import { isObject, type JsonObject } from '../json.ts'
import { isSteps, stepSize, type MaybeSteps, type Steps } from '../steps.ts'

export { list, objects, text } from '../json.ts'

/** The body with some fields changed. `undefined` removes a field from the written JSON. */
export function withFields (body: JsonObject, changes: JsonObject): JsonObject {
  // V8 compiles a closure with this comparison again and again, because it guesses the kinds of values wrongly.
  for (const name of Object.keys(changes)) if (!Object.is(body[name], changes[name])) return { ...body, ...changes }
  return body
}

/** Values that have no effect. */
const defaults: readonly unknown[] = [undefined, null, false, 0, 'auto', 'default', 'standard_only']
const isNeutral = (name: string, value: unknown): boolean =>
  defaults.includes(value) || (name === 'verbosity' && value === 'medium')

/** The body without these fields. @param lose receives the name of each removed field that had an effect */
export function dropFields (body: JsonObject, names: readonly string[], lose: (field: string) => void): JsonObject {
  const gone = names.filter(name => body[name] !== undefined)
  if (gone.length === 0) return body
  for (const name of gone) if (!isNeutral(name, body[name])) lose(name)
  return withFields(body, Object.fromEntries(gone.map(name => [name, undefined])))
}

/** Maps each item and drops those that become null. Returns the same array if nothing changes. */
export function mapSame<T> (items: readonly T[], fit: (item: T, at: number) => T | null): readonly T[] {
  let out: T[] | null = null
  for (let at = 0; at < items.length; at++) {
    const item = items[at] as T
    const fitted = fit(item, at)
    if (out === null) {
      if (fitted === item) continue
      out = items.slice(0, at)
    }
    if (fitted !== null) out.push(fitted)
  }
  return out ?? items
}

/** The same for a field that contains an array of objects; other items stay. */
export function mapField (
  body: JsonObject,
  name: string,
  fit: (item: JsonObject, at: number) => JsonObject | null,
): JsonObject {
  const items = body[name]
  if (!Array.isArray(items)) return body
  const fitted = mapSame(items as readonly unknown[], (item, at) => isObject(item) ? fit(item, at) : item)
  return fitted === items ? body : { ...body, [name]: fitted }
}

type Fit = (item: JsonObject) =>
  | MaybeSteps<JsonObject>
  | null

/**
 * As `mapField`, in steps if the list is longer than one step or an item needs steps.
 * @param every the number of items in one step
 */
export function mapFieldInSteps (body: JsonObject, name: string, fit: Fit, every = stepSize): MaybeSteps<JsonObject> {
  const items = body[name]
  if (!Array.isArray(items)) return body
  let out: unknown[] | null = null
  for (let at = 0; at < items.length; at++) {
    if (at === every) return restInSteps(body, name, fit, every, at, out, null)
    const item = items[at] as unknown
    const fitted = isObject(item) ? fit(item) : item
    if (isObject(fitted) && isSteps(fitted)) return restInSteps(body, name, fit, every, at, out, fitted)
    out = append(out, items, at, fitted)
  }
  return out === null ? body : { ...body, [name]: out }
}

/** @param pending the steps of the item at `from`, if they have begun */
function* restInSteps (
  body: JsonObject,
  name: string,
  fit: Fit,
  every: number,
  from: number,
  out: unknown[] | null,
  pending: Steps<JsonObject> | null,
): Steps<JsonObject> {
  const items = body[name] as readonly unknown[]
  for (let at = from; at < items.length; at++) {
    if (at % every === 0) yield
    const item = items[at]
    const fitted = pending ?? (isObject(item) ? fit(item) : item)
    pending = null
    out = append(out, items, at, isObject(fitted) && isSteps(fitted) ? yield* fitted : fitted)
  }
  return out === null ? body : { ...body, [name]: out }
}

/** Copies the list at the first change. An object that becomes null is dropped. */
function append (out: unknown[] | null, items: readonly unknown[], at: number, fitted: unknown): unknown[] | null {
  if (out === null && fitted === items[at]) return null
  const list = out ?? items.slice(0, at)
  if (fitted !== null || items[at] === null) list.push(fitted)
  return list
}

/** `mapField` for a list inside an item, in steps if the list is long. */
export function mapInner (
  item: JsonObject,
  name: string,
  fit: (item: JsonObject) => JsonObject,
): MaybeSteps<JsonObject> {
  const items = item[name]
  return Array.isArray(items) && items.length > stepSize ? mapFieldInSteps(item, name, fit) : mapField(item, name, fit)
}

export function isGiven (value: unknown): boolean {
  return value !== undefined && value !== null
}

/** Remembers what is true of a long list, with the list. To look at a short one again takes less time. */
export function rememberLong<A extends readonly unknown[]> (
  find: (items: readonly unknown[], ...rest: A) => boolean,
): (items: readonly unknown[], ...rest: A) => boolean {
  const known = new WeakMap<readonly unknown[], boolean>()
  return (items, ...rest) => {
    if (items.length <= stepSize) return find(items, ...rest)
    const found = known.get(items) ?? find(items, ...rest)
    known.set(items, found)
    return found
  }
}
