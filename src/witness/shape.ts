// Compares JSON with a shape from the spec: fields that it does not name, unexpected types, missing fields. It reports
// only names and types, never values, so a report contains no personal data.
import { isObject } from '../json.ts'

/**
 * Types by dotted path: `choices[].message.content`: `string|null`. `[]` is each item of an array, `*` any key of a
 * map. A `!` after the type: the field is always there when its parent is. `any`: nothing below it is compared.
 */
export type Shape = Readonly<Record<string, string>>

export interface Comparison {
  /** Paths that the shape does not name, each with its type: `billing.promo (object)`. */
  readonly unknown: readonly string[]
  /** `usage.total_tokens: string, not number`. */
  readonly mistyped: readonly string[]
  readonly missing: readonly string[]
}

/** The most items of an array that are compared, and the most findings of one kind. */
const most = 500

/** Linear in the size of the value: each field is looked up once. */
export function compareShape (value: unknown, shape: Shape): Comparison {
  const { types, required } = indexOf(shape)
  const unknown = new Set<string>()
  const mistyped = new Set<string>()
  const missing = new Set<string>()
  const stack: Array<{ value: unknown, path: string }> = [{ value, path: '' }]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { value, path } = next
    const type = types.get(path)
    if (type !== undefined && type !== 'any' && !type.split('|').includes(typeOf(value))) {
      mistyped.add(`${path}: ${typeOf(value)}, not ${type}`)
      continue
    }
    if (type === 'any') continue
    if (Array.isArray(value)) {
      for (const item of value.slice(0, most)) stack.push({ value: item, path: `${path}[]` })
    } else if (isObject(value)) {
      for (const name of required.get(path) ?? []) if (value[name] === undefined) missing.add(join(path, name))
      for (const [key, inner] of Object.entries(value)) {
        const known = [join(path, key), join(path, '*')].find(each => types.has(each))
        if (known !== undefined) stack.push({ value: inner, path: known })
        else unknown.add(`${join(path, fieldName(key))} (${typeOf(inner)})`)
      }
    }
  }
  return { unknown: list(unknown), mistyped: list(mistyped), missing: list(missing) }
}

function list (found: ReadonlySet<string>): string[] {
  return [...found].slice(0, most).toSorted()
}

interface Index {
  /** By path. `undefined` marks parents that the shape implies. */
  readonly types: ReadonlyMap<string, string | undefined>
  /** Names of fields that are always there, by their parent's path. */
  readonly required: ReadonlyMap<string, readonly string[]>
}

function indexOf (shape: Shape): Index {
  const types = new Map<string, string | undefined>()
  const required = new Map<string, string[]>()
  for (const [path, type] of Object.entries(shape)) {
    for (const parent of parentsOf(path)) if (!types.has(parent)) types.set(parent, undefined)
    types.set(path, type.replace('!', ''))
    if (!type.endsWith('!')) continue
    const at = path.lastIndexOf('.')
    const parent = path.slice(0, Math.max(at, 0))
    required.set(parent, [...required.get(parent) ?? [], path.slice(at + 1)])
  }
  return { types, required }
}

/** `a.b[].c` → `a`, `a.b`, `a.b[]`. */
function parentsOf (path: string): string[] {
  return [...path.matchAll(/\.|\[\]/g)].flatMap(({ 0: mark, index }) =>
    mark === '.' ? [path.slice(0, index)] : [path.slice(0, index), path.slice(0, index + 2)]
  )
}

function join (parent: string, key: string): string {
  return parent === '' ? key : `${parent}.${key}`
}

/** A key may be a value, such as an id: only keys that look like names are shown. */
function fieldName (key: string): string {
  return /^[a-z][\w-]{0,47}$/i.test(key) && !/\d{4}/.test(key) ? key : '…'
}

export function typeOf (value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
