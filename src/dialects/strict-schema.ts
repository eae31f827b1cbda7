// OpenAI's strict mode takes a subset of JSON Schema: `translation.md` 2.7. A schema outside of it is refused, so strict is
// only asked for, on behalf of a client that did not, where the schema obeys.
import { isObject } from '../json.ts'

const maxDepth = 64
const refused = ['allOf', 'oneOf', 'not', 'if', 'then', 'else', 'dependentRequired', 'dependentSchemas', 'patternProperties', 'propertyNames', 'unevaluatedProperties']
/** It wants to know of each value what it is. */
const saysWhat = ['type', 'anyOf', '$ref', 'enum', 'const']

/** Whether every object of the schema names all its properties as required and allows no others. */
export function isStrictSchema (schema: unknown, depth = 0): boolean {
  if (!isObject(schema) || depth > maxDepth || refused.some(name => name in schema) || !saysWhat.some(name => name in schema)) return false
  const { type, properties, items, anyOf, $defs, definitions, required } = schema
  if (type === 'object' || isObject(properties)) {
    const needed = new Set<unknown>(Array.isArray(required) ? required : [])
    if (schema['additionalProperties'] !== false || (isObject(properties) && !Object.keys(properties).every(name => needed.has(name)))) return false
  }
  const inner = [
    ...[properties, $defs, definitions].flatMap(group => isObject(group) ? Object.values(group) : []),
    ...(items === undefined ? [] : [items]),
    ...(Array.isArray(anyOf) ? anyOf as unknown[] : []),
  ]
  return inner.every(each => isStrictSchema(each, depth + 1))
}
