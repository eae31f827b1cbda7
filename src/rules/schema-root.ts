// The root of a tool's schema must be one object with properties. Combinations at the root are refused, so their
// branches become properties of the one object, and the description states what was combined.
import { isObject, type JsonObject } from '../json.ts'
import { list } from './fields.ts'
import { describe, isType, longestHint, objectWithProperties, without } from './schema-fits.ts'
import { startOfJson } from './start-of-json.ts'

export const emptySchema: JsonObject = { type: 'object', properties: {} }
const combinators = ['oneOf', 'anyOf', 'allOf', 'not', 'if', 'then', 'else', 'enum'] as const

/** @returns the same object if the root is valid */
export function fitRoot (schema: unknown): JsonObject {
  if (!isObject(schema)) return emptySchema
  return objectWithProperties(asObject(merged(resolved(schema))))
}

/** Whether the root loses a constraint. */
export function isCombined (schema: unknown): boolean {
  return isObject(schema) && combinators.some(name => name in schema)
}

function asObject (schema: JsonObject): JsonObject {
  if (schema['type'] === 'object') return schema
  const { type } = schema
  if (type === undefined || type === null || isType(schema, 'object')) return { ...schema, type: 'object' }
  // Arguments are always an object: a schema of any other type describes none.
  const kept = Object.fromEntries(
    ['description', '$defs', 'definitions'].filter(name => name in schema).map(name => [name, schema[name]]),
  )
  return { ...kept, ...emptySchema }
}

/** Follows a root that only refers to a definition. */
function resolved (schema: JsonObject): JsonObject {
  let current = schema
  for (let steps = 0; typeof current['$ref'] === 'string' && steps < 16; steps++) {
    const target = definition(schema, current['$ref'])
    const rest = without(current, ['$ref'])
    if (target === null) return rest
    current = { ...rest, ...target }
  }
  return '$ref' in current ? without(current, ['$ref']) : current
}

function definition (schema: JsonObject, reference: string): JsonObject | null {
  if (!reference.startsWith('#/')) return null
  let at: unknown = schema
  for (const step of reference.slice(2).split('/').slice(0, 16)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
    at = isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined
  }
  return isObject(at) ? at : null
}

function merged (schema: JsonObject): JsonObject {
  if (!isCombined(schema)) return schema
  const properties: JsonObject = isObject(schema['properties']) ? { ...schema['properties'] } : {}
  const required = new Set(list(schema['required']))
  const branchOf = createBranchReader(schema)
  for (const name of ['anyOf', 'oneOf', 'allOf'] as const) {
    const branches = list(schema[name]).filter(isObject).map(branchOf)
    // Many branches may refer to one definition: each object and each list is read once.
    for (const group of new Set(branches.map(branch => branch.properties))) {
      if (!isObject(group)) continue
      for (const [key, value] of Object.entries(group)) if (!Object.hasOwn(properties, key)) properties[key] = value
    }
    const uses = new Map<unknown, number>()
    for (const branch of branches) uses.set(branch.required, (uses.get(branch.required) ?? 0) + 1)
    /** By name: the number of branches that require it. */
    const counts = new Map<unknown, number>()
    for (const [names, times] of uses) {
      for (const key of new Set(list(names))) counts.set(key, (counts.get(key) ?? 0) + times)
    }
    // A name is required if every branch requires it, or if all branches apply together.
    for (const [key, count] of counts) if (name === 'allOf' || count === branches.length) required.add(key)
  }
  const words = Object.fromEntries(combinators.filter(name => name in schema).map(name => [name, schema[name]]))
  const kept = { ...without(schema, combinators), type: 'object', properties,
    ...(required.size > 0 ? { required: [...required] } : {}) }
  return describe(kept, `The arguments must also satisfy: ${startOfJson(words, longestHint)}`)
}

/**
 * Properties and required names of a branch, following its reference. A definition's own properties win over those of
 * its referrer.
 */
function createBranchReader (
  schema: JsonObject,
): (branch: JsonObject) => { readonly properties: unknown, readonly required: unknown } {
  const targets = new Map<string, JsonObject | null>()
  const targetOf = (reference: string): JsonObject | null => {
    const known = targets.get(reference)
    if (known !== undefined) return known
    const target = definition(schema, reference)
    targets.set(reference, target)
    return target
  }
  return branch => {
    let current: JsonObject | null = branch
    let { properties, required } = branch
    for (let steps = 0; typeof current['$ref'] === 'string' && steps < 16; steps++) {
      current = targetOf(current['$ref'])
      if (current === null) break
      properties = current['properties'] ?? properties
      required = current['required'] ?? required
    }
    return { properties, required }
  }
}
