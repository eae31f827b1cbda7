// Repairs of one node of a tool's schema. Each function returns the same node if it is valid.
import { isObject, type JsonObject } from '../json.ts'
import { list, text } from './fields.ts'
import { startOfJson } from './start-of-json.ts'

export const longestHint = 1_024
const hint = (words: string): string => words.length <= longestHint ? words : `${words.slice(0, longestHint - 1)}…`

/** Moves a constraint from the schema into its description. */
export function describe (node: JsonObject, words: string): JsonObject {
  const before = text(node['description'])
  return { ...node, description: before === '' ? hint(words) : `${before}\n${hint(words)}` }
}

export function without (node: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(node).filter(([name]) => !names.includes(name)))
}

export function typesOf ({ type }: JsonObject): readonly string[] {
  return (Array.isArray(type) ? type : [type]).filter(name => typeof name === 'string')
}

export function isType ({ type }: JsonObject, name: string): boolean {
  return type === name || (Array.isArray(type) && type.includes(name))
}

/** Adds the missing `items` of an array: it may contain anything. */
export function arrayWithItems (node: JsonObject): JsonObject {
  const { items } = node
  return (items === undefined || items === null) && isType(node, 'array') ? { ...node, items: {} } : node
}

/** Turns a list of schemas in `items` into a choice between them, for any place. */
export function arrayOfOne (node: JsonObject): JsonObject {
  const { items } = node
  if (!Array.isArray(items)) return node
  const schemas = items.filter(isObject)
  const [only] = schemas
  return { ...without(node, ['additionalItems']),
    items: only === undefined ? {} : schemas.length === 1 ? only : { anyOf: schemas } }
}

/** Adds missing `properties` to an object, even if there are none. */
export function objectWithProperties (node: JsonObject): JsonObject {
  return isType(node, 'object') && !isObject(node['properties']) ? { ...node, properties: {} } : node
}

/** Keeps only existing properties in `required`. */
export function requiredThatExist (node: JsonObject): JsonObject {
  const { required, properties } = node
  if (required === undefined || !isType(node, 'object')) return node
  if (!Array.isArray(required)) return without(node, ['required'])
  if (!isObject(properties)) return node
  const kept = required.filter(name => typeof name === 'string' && Object.hasOwn(properties, name))
  if (kept.length === required.length) return node
  return kept.length === 0 ? without(node, ['required']) : { ...node, required: kept }
}

/** Turns a list of types into one type that may be null, or into a choice. */
export function oneType (node: JsonObject): JsonObject {
  if (!Array.isArray(node['type'])) return node
  const types = typesOf(node)
  const real = types.filter(name => name !== 'null')
  const nullable = real.length < types.length ? { nullable: true } : {}
  const [only] = real
  if (only === undefined) return { ...without(node, ['type']), ...nullable }
  if (real.length === 1) return { ...node, type: only, ...nullable }
  const { type: _types, items, properties, required, additionalProperties, enum: _values, ...rest } = node
  const values = list(node['enum'])
  const branch = (name: string): JsonObject => ({
    type: name,
    ...(name === 'array' ? { items: items ?? {} } : {}),
    ...(name === 'object'
      ? { properties: properties ?? {}, ...(required === undefined ? {} : { required }),
        ...(additionalProperties === undefined ? {} : { additionalProperties }) }
      : {}),
    ...(name === 'string' && values.length > 0 && values.every(value => typeof value === 'string')
      ? { enum: values }
      : {}),
  })
  return { ...rest, ...nullable, anyOf: [...real.map(branch), ...list(node['anyOf'])] }
}

/**
 * Gemini accepts `enum` only with strings, on a node of type string.
 * @returns also whether a constraint moved into the description
 */
export function textEnum (node: JsonObject): JsonObject {
  const values = node['enum']
  if (values === undefined) return node
  const texts = list(values).filter(value => typeof value === 'string')
  const isText = node['type'] === 'string' || (node['type'] === undefined && node['anyOf'] === undefined)
  const others = list(values).filter(value => value !== null && typeof value !== 'string')
  if (isText && others.length === 0 && texts.length > 0) {
    const nullable = texts.length < list(values).length ? { nullable: true } : {}
    return node['type'] === 'string' && texts.length === list(values).length
      ? node
      : { ...node, type: 'string', enum: texts, ...nullable }
  }
  return describe(without(node, ['enum']), `One of: ${startOfJson(values, longestHint)}`)
}
