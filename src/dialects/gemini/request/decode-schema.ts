// Google's schemas as JSON Schema: a subset of OpenAPI's, or JSON Schema whose types Gemini CLI writes in capitals.
// Only schemas are read here, never what a schema describes: names of properties stay as they are.
// `docs/spec/gemini.md#schemas`.
import { isObject, text, type JsonObject } from '../../../json.ts'
import { camelOf } from '../wire.ts'

const maps = new Set(['properties', '$defs', 'definitions', 'patternProperties', 'dependentSchemas'])
const schemas = new Set(['items', 'additionalProperties', 'not', 'contains', 'propertyNames', 'if', 'then', 'else'])
const lists = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems'])
/** 64-bit numbers come as strings. */
const numbers = new Set(['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties', 'minimum',
  'maximum'])
const formats = new Set(['enum', 'int32', 'int64', 'float', 'double', 'byte', 'password'])
/** The names of OpenAPI's subset that clients also write in snake_case. */
const borrowed = new Set([...lists, ...numbers, 'additionalProperties', 'propertyOrdering'])

/** @param schema of bounded depth, as every body's is */
export function toJsonSchema (schema: JsonObject): JsonObject {
  const out: JsonObject = {}
  for (const [spelt, value] of Object.entries(schema)) {
    const camel = camelOf(spelt)
    const name = borrowed.has(camel) ? camel : spelt
    if (value !== null && value !== undefined) set(out, name, value)
  }
  return nullable(ordered(numbered(out), out), schema['nullable'] === true)
}

function set (out: JsonObject, name: string, value: unknown): void {
  switch (name) {
    case 'type':
      return setType(out, value)
    case 'format':
      if (!formats.has(text(value).toLowerCase())) out['format'] = value
      return
    case 'nullable':
      return
    case 'example':
      out['examples'] ??= [value]
      return
    case 'ref':
      out['$ref'] = typeof value === 'string' ? value.replace('#/defs/', '#/$defs/') : value
      return
    case 'defs':
      out['$defs'] = isObject(value) ? mapped(value) : value
      return
  }
  if (maps.has(name) && isObject(value)) out[name] = mapped(value)
  else if (schemas.has(name) && isObject(value)) out[name] = toJsonSchema(value)
  else if (lists.has(name) && Array.isArray(value)) {
    out[name] = value.map((each: unknown) => isObject(each) ? toJsonSchema(each) : each)
  } else if (numbers.has(name) && typeof value === 'string' && Number.isFinite(Number(value))) out[name] = Number(value)
  else out[name] = value
}

function setType (out: JsonObject, value: unknown): void {
  const lower = (each: unknown) => typeof each === 'string' ? each.toLowerCase() : each
  if (Array.isArray(value)) out['type'] = value.map(lower)
  else if (lower(value) !== 'type_unspecified') out['type'] = lower(value)
}

function mapped (group: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(group).map(([name, each]) => [name, isObject(each) ? toJsonSchema(each) : each]),
  )
}

/** Google writes the values of a numeric enum as strings. A text that is no number stays, as JSON has no NaN. */
function numbered (schema: JsonObject): JsonObject {
  const { type, enum: values } = schema
  if ((type !== 'integer' && type !== 'number') || !Array.isArray(values)) return schema
  return { ...schema, enum: values.map(asNumber) }
}

function asNumber (value: unknown): unknown {
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value
}

function ordered ({ propertyOrdering: order, ...schema }: JsonObject, { properties }: JsonObject): JsonObject {
  if (!Array.isArray(order) || !isObject(properties)) return schema
  const names = [...new Set([...order.filter(name => typeof name === 'string'), ...Object.keys(properties)])]
  return { ...schema,
    properties: Object.fromEntries(
      names.filter(name => Object.hasOwn(properties, name)).map(name => [name, properties[name]]),
    ) }
}

function nullable (schema: JsonObject, isNullable: boolean): JsonObject {
  if (!isNullable) return schema
  const { type, anyOf, enum: values } = schema
  if (typeof type === 'string') {
    return { ...schema, type: [type, 'null'],
      ...(Array.isArray(values) ? { enum: [...values as unknown[], null] } : {}) }
  }
  return Array.isArray(anyOf) ? { ...schema, anyOf: [...anyOf as unknown[], { type: 'null' }] } : schema
}
