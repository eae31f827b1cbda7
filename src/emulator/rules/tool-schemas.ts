// Schemas of tools, by family: OpenAI requires objects with properties, Gemini refuses unions, and all refuse a choice
// at the root.
import { fields, isFields, list, text } from '../json.ts'
import { isClaude, isGemini, isOldGptOrClaude, isOpenAi } from './kinds.ts'
import { schemaNodes, tupleOf } from './schema-nodes.ts'
import { toolsOf } from './places.ts'
import { firstOf } from './rule.ts'
import type { Envelope } from './envelope.ts'
import type { SentTool } from './places.ts'
import type { Rule, Seen } from './rule.ts'
import type { SchemaNode } from './schema-nodes.ts'

const invalid: Envelope = { code: 'invalid_function_parameters' }
const combinators = ['oneOf', 'anyOf', 'allOf', 'enum', 'not']
const openAi = ({ name }: SentTool, words: string) => `Invalid schema for function '${name}': ${words}`
const claude = ({ index }: SentTool, words: string) => `tools.${index}.custom.input_schema: ${words}`
const isObject = (node: SchemaNode['node']) =>
  node.type === 'object' || (Array.isArray(node.type) && node.type.includes('object'))

/** Checks the schema of every tool that has one. */
function eachSchema (seen: Seen, check: (tool: SentTool) => string | null): string | null {
  return firstOf(toolsOf(seen), tool => isFields(tool.schema) ? check(tool) : null)
}

function eachNode (seen: Seen, check: (tool: SentTool, node: SchemaNode) => string | null): string | null {
  return eachSchema(seen, tool => firstOf(schemaNodes(tool.schema), node => check(tool, node)))
}

export const toolSchemaRules: readonly Rule[] = [{ id: 'schema-properties', on: ['chat', 'responses'], mark: 'live',
  source: 'copilot-cli#1825, #2223', by: 'schemaProperties', envelope: ['wrapped', invalid], models: isOpenAi,
  check: seen =>
    eachSchema(seen, tool =>
      isFields(fields(tool.schema).properties)
        ? null
        : openAi(tool, 'In context=(), object schema missing properties.')) }, { id: 'schema-properties-nested',
  on: ['chat', 'responses'], mark: 'guess', source: 'docs/spec/copilot.md#rules', by: 'schemaNested',
  envelope: ['wrapped', invalid], models: isOpenAi,
  check: seen =>
    eachNode(seen, (tool, { node, path }) =>
      isObject(node) && !isFields(node.properties) && node.additionalProperties === undefined
        ? openAi(tool, `In context=${tupleOf(path)}, object schema missing properties.`)
        : null) }, { id: 'schema-root-openai', on: ['chat', 'responses'], mark: 'read',
  source: 'toolSchemaNormalizer.ts', by: 'schemaRoot', envelope: ['wrapped', invalid], models: isOpenAi,
  check: seen =>
    eachSchema(seen, tool =>
      combinators.some(key =>
          fields(tool.schema)[key] !== undefined
        )
        ? openAi(tool,
          "schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level.")
        : null) }, { id: 'schema-root-claude', on: ['chat', 'messages'], mark: 'read',
  source: 'toolSchemaNormalizer.ts', by: 'schemaRoot', envelope: 'wrapped', models: isClaude,
  check: seen =>
    eachSchema(seen, tool =>
      ['oneOf', 'allOf', 'anyOf'].some(key =>
          fields(tool.schema)[key] !== undefined
        )
        ? claude(tool, 'input_schema does not support oneOf, allOf, or anyOf at the top level')
        : null) }, { id: 'schema-items-openai', on: ['chat', 'responses'], mark: 'read',
  source: 'toolSchemaNormalizer.ts', by: 'schemaItems', envelope: ['wrapped', invalid], models: isOpenAi,
  check: seen =>
    eachNode(seen, (tool, { node, path }) =>
      node.type === 'array' && node.items === undefined && node.prefixItems === undefined
        ? openAi(tool, `In context=${tupleOf(path)}, array schema missing items.`)
        : null) }, { id: 'schema-tuple', on: ['chat', 'responses', 'messages'], mark: 'read',
  source: 'toolSchemaNormalizer.ts', by: 'schemaTuples', envelope: 'wrapped', models: isOldGptOrClaude,
  check: seen =>
    eachNode(seen, (tool, { node }) =>
      !Array.isArray(node.items)
        ? null
        : isClaude(seen.model)
        ? claude(tool,
          'JSON schema is invalid. It must match JSON Schema draft 2020-12 '
            + '(https://json-schema.org/draft/2020-12). Learn more about tool use at '
            + 'https://docs.claude.com/en/docs/tool-use.')
        : openAi(tool, `${JSON.stringify(node.items)} is not of type 'object', 'boolean'.`)) }, { id: 'schema-dollar',
  on: ['messages'], mark: 'read', source: 'messagesApi.ts', by: 'messagesTools', envelope: 'flat',
  check: seen =>
    eachSchema(seen, tool =>
      fields(tool.schema).$schema !== undefined
        ? `tools.${tool.index}.custom.input_schema.$schema: Extra inputs are not permitted`
        : null) }, { id: 'schema-type-claude', on: ['messages'], mark: 'live',
  source: 'docs/spec/copilot.md#messages-body', by: 'messagesTools', envelope: 'flat',
  check: seen =>
    firstOf(toolsOf(seen), tool =>
      fields(tool.schema).type === 'object' ? null : `tools.${tool.index}.custom.input_schema.type: Field required`) },
  { id: 'schema-union-gemini', on: ['chat'], mark: 'live', source: 'copilot-cli#4623, #4155', by: 'geminiSchemas',
    envelope: 'blank', models: isGemini,
    check: seen => eachNode(seen, (_tool, { node }) => Array.isArray(node.type) ? 'a union of types' : null) }, {
  id: 'schema-enum-gemini',
  on: ['chat'],
  mark: 'live',
  source: 'copilot-cli#4835, NousResearch/hermes-agent#30676',
  by: 'geminiSchemas',
  envelope: 'blank',
  models: isGemini,
  check: seen =>
    eachNode(seen, (_tool, { node }) =>
      node.enum !== undefined && (node.type !== 'string' || list(node.enum).some(value =>
          typeof value !== 'string'
        ))
        ? 'an enum on a node that is no string'
        : null),
}, { id: 'schema-required-gemini', on: ['chat'], mark: 'read', source: 'toolSchemaNormalizer.ts', by: 'geminiSchemas',
  envelope: 'blank', models: isGemini,
  check: seen =>
    eachNode(seen, (_tool, { node }) =>
      list(node.required).some(name =>
          !Object.hasOwn(fields(node.properties), text(name))
        )
        ? 'a required name that no property has'
        : null) }]
