// Walks a JSON Schema: visits every place that contains a schema, and takes no property name for a keyword.
import type { Json } from '../../fixtures/http.ts'

const ofOne = ['additionalProperties', 'contains', 'else', 'if', 'items', 'not', 'propertyNames', 'then',
  'unevaluatedItems', 'unevaluatedProperties']
const ofList = ['allOf', 'anyOf', 'items', 'oneOf', 'prefixItems']
const ofMap = ['$defs', 'definitions', 'dependentSchemas', 'patternProperties', 'properties']

/** The schema itself and every schema inside it. */
export function schemasIn (schema: Json): Json[] {
  if (!isSchema(schema)) return []
  const inner = [...ofOne.map(key => schema[key]),
    ...ofList.flatMap(key => Array.isArray(schema[key]) ? schema[key] : []),
    ...ofMap.flatMap(key => isSchema(schema[key]) ? Object.values(schema[key]) : [])]
  return [schema, ...inner.flatMap(schemasIn)]
}

export function hasType ({ type }: Json, name: string): boolean {
  return Array.isArray(type) ? type.includes(name) : type === name
}

export function isSchema (value: Json): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
