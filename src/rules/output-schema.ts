// The schema of an answer for Claude: a subset of JSON Schema. Objects are closed, and bounds move into descriptions.
import { isObject, type JsonObject } from '../json.ts'
import { isClaude } from './model-facts.ts'
import type { Rule } from './rule.ts'
import { describe, isType, without } from './schema-fits.ts'
import { mapSchema, nodesOf } from './schema-walk.ts'

const bounds = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minLength', 'maxLength',
  'pattern', 'maxItems', 'uniqueItems', 'minProperties', 'maxProperties', 'minContains', 'maxContains']

function closed (node: JsonObject): JsonObject {
  return (isType(node, 'object') || isObject(node['properties'])) && node['additionalProperties'] !== false
    ? { ...node, additionalProperties: false }
    : node
}

function unbounded (node: JsonObject): JsonObject {
  const { minItems } = node
  const found = bounds.filter(name => node[name] !== undefined)
  if (typeof minItems === 'number' && minItems > 1) found.push('minItems')
  return found.length === 0
    ? node
    : describe(without(node, found), found.map(name => `${name}: ${JSON.stringify(node[name])}`).join(', '))
}

/** Walks to the schema along `path`, and writes the new one back. */
function inside (body: JsonObject, path: readonly string[], fit: (schema: JsonObject) => JsonObject): JsonObject {
  const [field, ...rest] = path
  if (field === undefined) return fit(body)
  const inner = body[field]
  if (!isObject(inner)) return body
  const fitted = inside(inner, rest, fit)
  return fitted === inner ? body : { ...body, [field]: fitted }
}

const rules = (prefix: string, path: readonly string[]): readonly Rule[] => {
  const claude: Pick<Rule, 'models' | 'applies' | 'fix' | 'when' | 'source'> = {
    models: 'Claude',
    applies: isClaude,
    fix: 'rewrite',
    when: 'always',
    source: { mark: 'guess', reference: 'Anthropic documentation, "Structured outputs": JSON Schema limitations' },
  }
  const each = (fit: (node: JsonObject) => JsonObject): Rule['apply'] => (body, { lose }) =>
    inside(body, path, schema => {
      if (nodesOf(schema).every(node => fit(node) === node)) return schema
      if (fit === unbounded) lose('output_schema')
      return mapSchema(schema, fit)
    })
  return [{ ...claude, id: `${prefix}-output-closed`,
    what: 'Objects of an output schema get `additionalProperties: false`.', loses: 'no', apply: each(closed),
    answers: [/additionalProperties.* must be .*false/] }, { ...claude, id: `${prefix}-output-bounds`,
    what: 'Bounds, lengths and patterns of an output schema go into descriptions.', loses: 'small',
    apply: each(unbounded) }]
}

export const chatOutput = rules('chat', ['response_format', 'json_schema', 'schema'])
export const messagesOutput = rules('messages', ['output_config', 'format', 'schema'])
