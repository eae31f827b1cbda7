// OpenAI's strict mode takes a subset of JSON Schema: `translation.md` 2.7. A schema outside of it is refused, so strict is
// only asked for, on behalf of a client that did not, where the schema obeys.
import { isObject } from '../json.ts'

const maxDepth = 64
const refused = ['allOf', 'oneOf', 'not', 'if', 'then', 'else', 'dependentRequired', 'dependentSchemas', 'patternProperties', 'propertyNames', 'unevaluatedProperties']

/** Whether every object of the schema names all its properties as required and allows no others. */
export function isStrictSchema (schema: unknown, depth = 0): boolean {
  if (!isObject(schema) || depth > maxDepth || refused.some(name => name in schema)) return false
  const { type, properties, items, anyOf, $defs, definitions, required } = schema
  if (type === 'object' || isObject(properties)) {
    const names = isObject(properties) ? Object.keys(properties) : []
    if (schema['additionalProperties'] !== false || (names.length > 0 && !(Array.isArray(required) && names.every(name => required.includes(name))))) return false
  }
  const inner = [
    ...[properties, $defs, definitions].flatMap(group => isObject(group) ? Object.values(group) : []),
    ...(items === undefined ? [] : [items]),
    ...(Array.isArray(anyOf) ? anyOf as unknown[] : []),
  ]
  return inner.every(each => isStrictSchema(each, depth + 1))
}
