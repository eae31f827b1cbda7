// Output schemas on the messages endpoint: only for models that list them, and only in Anthropic's subset of JSON
// Schema.
import { fields } from '../json.ts'
import { firstOf } from './rule.ts'
import { schemaNodes } from './schema-nodes.ts'
import type { Fields } from '../json.ts'
import type { Rule, Seen } from './rule.ts'

const numbers = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']
const strings = ['minLength', 'maxLength']
const arrays = ['maxItems', 'uniqueItems']
const at = 'output_config.format.schema'

export const formatRules: readonly Rule[] = [{ id: 'format-unlisted', on: ['messages'], mark: 'guess',
  source: 'docs/spec/copilot.md#rules', by: 'outputFormat', envelope: 'flat',
  models: ({ capabilities: { supports } }) => supports.structured_outputs !== true,
  check: ({ body }) =>
    fields(body.output_config).format !== undefined ? 'output_config.format: Extra inputs are not permitted' : null }, {
  id: 'format-subset',
  on: ['messages'],
  mark: 'guess',
  source: "Anthropic's structured outputs",
  by: 'outputFormat',
  envelope: 'flat',
  check: subset,
}]

function subset ({ body }: Seen): string | null {
  return firstOf(schemaNodes(fields(fields(body.output_config).format).schema), ({ node }) => {
    if (node.type === 'object' && node.additionalProperties !== false) {
      return `${at}: For 'object' type, 'additionalProperties' must be explicitly set to false`
    }
    return limited(node, ['number', 'integer'], numbers) ?? limited(node, ['string'], strings)
      ?? limited(node, ['array'], arrays)
      ?? (node.type === 'array' && typeof node.minItems === 'number' && node.minItems > 1
        ? `${at}: For 'array' type, 'minItems' values other than 0 or 1 are not supported`
        : null)
  })
}

function limited (node: Fields, types: string[], keywords: string[]): string | null {
  const found = types.includes(String(node.type)) ? keywords.filter(key => node[key] !== undefined) : []
  return found.length === 0
    ? null
    : `${at}: For '${String(node.type)}' type, properties ${found.join(', ')} are not supported`
}
