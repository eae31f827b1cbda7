// Keywords of a tool's schema that are invalid in JSON Schema draft 7. One of them fails the whole request, so it moves
// into the description.
import { isObject, type JsonObject } from '../json.ts'
import { isGiven } from './fields.ts'
import { describe, longestHint, without } from './schema-fits.ts'
import { startOfJson } from './start-of-json.ts'

type Check = (value: unknown) => boolean

const types = new Set<unknown>(['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'])
const isSchema: Check = value => isObject(value) || typeof value === 'boolean'
const isText: Check = value => typeof value === 'string'
const isFlag: Check = value => typeof value === 'boolean'
const isNumber: Check = value => typeof value === 'number'
const isCount: Check = value => Number.isInteger(value) && (value as number) >= 0
const isSchemas: Check = value => {
  if (!isObject(value)) return false
  for (const name in value) if (!isSchema(value[name])) return false
  return true
}
const isList = (check: Check, least: number): Check => value =>
  Array.isArray(value) && value.length >= least && value.every(check)
const isTypes: Check = value =>
  typeof value === 'string'
    ? types.has(value)
    : (isList(name => types.has(name), 1)(value) && new Set(value as unknown[]).size === (value as unknown[]).length)
const isPattern: Check = value => {
  if (typeof value !== 'string') return false
  try {
    return new RegExp(value, 'u') instanceof RegExp
  } catch {
    return false
  }
}

const checks: ReadonlyMap<string, Check> = new Map(Object.entries({
  type: isTypes,
  title: isText,
  description: isText,
  format: isText,
  $comment: isText,
  $ref: isText,
  contentEncoding: isText,
  contentMediaType: isText,
  pattern: isPattern,
  properties: isSchemas,
  patternProperties: isSchemas,
  definitions: isSchemas,
  dependencies: isObject,
  additionalProperties: isSchema,
  additionalItems: isSchema,
  contains: isSchema,
  propertyNames: isSchema,
  not: isSchema,
  if: isSchema,
  then: isSchema,
  else: isSchema,
  items: value => isSchema(value) || isList(isSchema, 0)(value),
  allOf: isList(isSchema, 1),
  anyOf: isList(isSchema, 1),
  oneOf: isList(isSchema, 1),
  required: isList(isText, 0),
  enum: value => Array.isArray(value),
  uniqueItems: isFlag,
  readOnly: isFlag,
  writeOnly: isFlag,
  minimum: isNumber,
  maximum: isNumber,
  exclusiveMinimum: isNumber,
  exclusiveMaximum: isNumber,
  multipleOf: value => isNumber(value) && (value as number) > 0,
  minLength: isCount,
  maxLength: isCount,
  minItems: isCount,
  maxItems: isCount,
  minProperties: isCount,
  maxProperties: isCount,
} satisfies Record<string, Check>))

/** The same node if all its keywords are valid. */
export function validKeywords (node: JsonObject): JsonObject {
  let wrong: string[] | null = null
  for (const name in node) {
    if (checks.get(name)?.(node[name]) === false) (wrong ??= []).push(name)
  }
  if (wrong === null) return node
  const kept = without(node, wrong)
  for (const name of ['properties', 'patternProperties', 'definitions']) {
    if (wrong.includes(name) && isObject(node[name])) kept[name] = schemasOf(node[name])
  }
  const moved = wrong.filter(name => isGiven(node[name]) && kept[name] === undefined && name !== 'description')
  return moved.length === 0
    ? kept
    : describe(kept, moved.map(name => `${name}: ${startOfJson(node[name], longestHint)}`).join(', '))
}

/** A property that is no schema becomes one that allows anything. */
function schemasOf (group: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(group).map(([name, schema]) => [name, isSchema(schema) ? schema : {}]))
}
