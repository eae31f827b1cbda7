// OpenAI's strict mode accepts a subset of JSON Schema: `docs/spec/translation.md#output-format`. It refuses any other
// schema. So if the client did not set `strict`, the gateway sets it only for a schema that conforms.
import { isObject } from '../../json.ts'

const maxDepth = 64
const refused = ['allOf', 'oneOf', 'not', 'if', 'then', 'else', 'dependentRequired', 'dependentSchemas',
  'patternProperties', 'propertyNames', 'unevaluatedProperties']
/** Strict mode requires one of these for every value. */
const typeKeywords = ['type', 'anyOf', '$ref', 'enum', 'const']

/** Whether every object of the schema requires all its properties and allows no others. */
export function isStrictSchema (schema: unknown, depth = 0): boolean {
  if (!isObject(schema) || depth > maxDepth || refused.some(name => name in schema)
    || !typeKeywords.some(name => name in schema)) return false
  const { type, properties, items, anyOf, $defs, definitions, required } = schema
  if (type === 'object' || isObject(properties)) {
    const needed = new Set<unknown>(Array.isArray(required) ? required : [])
    if (schema['additionalProperties'] !== false
      || (isObject(properties) && !Object.keys(properties).every(name => needed.has(name)))) return false
  }
  const inner = [...[properties, $defs, definitions].flatMap(group => isObject(group) ? Object.values(group) : []),
    ...(items === undefined ? [] : [items]), ...(Array.isArray(anyOf) ? anyOf as unknown[] : [])]
  return inner.every(each => isStrictSchema(each, depth + 1))
}
