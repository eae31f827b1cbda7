// Schemas of tools: the rules of VS Code's normaliser, and those of the backends behind Copilot. Each applies to every
// endpoint.
import { isObject, type JsonObject } from '../json.ts'
import { validKeywords } from './draft7.ts'
import { text } from './fields.ts'
import { isGemini, isGpt4, isOpenAi } from './model-facts.ts'
import { inSteps, type Endpoint, type Rule } from './rule.ts'
import { arrayOfOne, arrayWithItems, describe, objectWithProperties, oneType, requiredThatExist, textEnum,
  without } from './schema-fits.ts'
import { fitRoot, isCombined } from './schema-root.ts'
import { mapSchema, nodesOf } from './schema-walk.ts'
import { toolWires } from './tool-wire.ts'

const normaliser = 'microsoft/vscode: toolSchemaNormalizer.ts'
const anyModel: Pick<Rule, 'models' | 'applies'> = { models: 'all', applies: () => true }

/** Keywords that the gpt-4 models' checks do not know. */
const unknownToGpt4 = ['minLength', 'maxLength', 'pattern', 'default', 'format', 'minimum', 'maximum', 'multipleOf',
  'patternProperties', 'unevaluatedProperties', 'propertyNames', 'minProperties', 'maxProperties', 'unevaluatedItems',
  'contains', 'minContains', 'maxContains', 'minItems', 'maxItems', 'uniqueItems']

interface NodeRule extends Pick<Rule, 'what' | 'models' | 'applies' | 'fix' | 'loses' | 'source' | 'answers'> {
  readonly name: string
  readonly fit: (node: JsonObject) => JsonObject
}

/** The first rule is applied before the root is repaired, the others after it. */
const nodeRules: readonly NodeRule[] = [{
  name: 'draft7',
  what: 'A keyword that is not what draft 7 of JSON Schema says of it goes into the description.',
  ...anyModel,
  fix: 'rewrite',
  loses: 'small',
  fit: validKeywords,
  source: { mark: 'read', reference: `${normaliser}, rule 4` },
  answers: [/is not valid under any of the given schemas/, /is not of type '(?:object|boolean|array|string)'/],
}, {
  name: 'items-list',
  what: 'A list of schemas as `items` becomes one schema, `anyOf` of them.',
  ...anyModel,
  fix: 'rewrite',
  loses: 'small',
  fit: arrayOfOne,
  source: { mark: 'read', reference: `${normaliser}, rule 10` },
}, { name: 'items', what: 'An array without `items` gets `items: {}`.', ...anyModel, fix: 'rewrite', loses: 'no',
  fit: arrayWithItems, source: { mark: 'read', reference: `${normaliser}, rule 5` } }, {
  name: 'object-properties',
  what: 'Every object node gets `properties`.',
  models: 'OpenAI',
  applies: isOpenAi,
  fix: 'rewrite',
  loses: 'no',
  fit: objectWithProperties,
  source: { mark: 'live', reference: 'github/copilot-cli#1825, #2223' },
  answers: [/object schema missing properties/],
}, { name: 'required', what: '`required` keeps only names of properties.', ...anyModel, fix: 'rewrite', loses: 'no',
  fit: requiredThatExist, source: { mark: 'read', reference: `${normaliser}, rule 9` } }, {
  name: 'types',
  what: 'A list of types becomes one type with `nullable`, or `anyOf`.',
  models: 'Gemini',
  applies: isGemini,
  fix: 'rewrite',
  loses: 'no',
  fit: oneType,
  source: { mark: 'live', reference: 'github/copilot-cli#4623, #4155' },
}, {
  name: 'enum',
  what: '`enum` stays on nodes of type string; elsewhere the description names the values.',
  models: 'Gemini',
  applies: isGemini,
  fix: 'rewrite',
  loses: 'small',
  fit: textEnum,
  source: { mark: 'live', reference: 'github/copilot-cli#4835, NousResearch/hermes-agent#30676' },
}, {
  name: 'description-length',
  what: 'A description is cut to 1,024 characters.',
  models: 'gpt-4',
  applies: isGpt4,
  fix: 'clamp',
  loses: 'small',
  fit: shortDescription,
  source: { mark: 'read', reference: `${normaliser}, rule 6` },
}, {
  name: 'keywords',
  what: 'Bounds, patterns, formats and defaults go into the description.',
  models: 'gpt-4',
  applies: isGpt4,
  fix: 'rewrite',
  loses: 'small',
  fit: withoutBounds,
  source: { mark: 'read', reference: `${normaliser}, rule 7` },
}]

/** The rules in the order of the normaliser: the root first, then the nodes. */
export function schemaRules (endpoint: Endpoint, prefix: string): readonly Rule[] {
  const { functions, schemaField: field } = toolWires[endpoint]
  const fields = ['tools', 'functions']
  const root: Rule = {
    fields,
    id: `${prefix}-schema-root`,
    what: 'A schema is one object with `properties`; `oneOf`, `anyOf`, `allOf`, `not`, `if` and `enum` at the root '
      + 'become properties and words.',
    ...anyModel,
    fix: 'rewrite',
    loses: 'small',
    when: 'always',
    source: { mark: 'read', reference: `${normaliser}, rules 1, 2 and 8; github/copilot-cli#1825` },
    answers: [/must have type 'object' and not have/, /does not support oneOf, allOf, or anyOf at the top level/],
    ...inSteps((body, { lose }) =>
      functions(body, tool => {
        if (!(field in tool)) return tool
        const fitted = fitRoot(tool[field])
        if (fitted === tool[field]) return tool
        if (isCombined(tool[field])) lose('tools.schema')
        return { ...tool, [field]: fitted }
      })
    ),
  }
  const described: Rule = {
    fields,
    id: `${prefix}-tool-description`,
    what: 'A function whose description is empty is described by its name.',
    ...anyModel,
    fix: 'rewrite',
    loses: 'no',
    when: 'always',
    source: { mark: 'read', reference: `${normaliser}, rule 3` },
    answers: [/description': empty string/],
    ...inSteps(body =>
      functions(body, tool =>
        tool['description'] === '' ? { ...tool, description: text(tool['name']) || 'tool' } : tool)
    ),
  }
  const [valid, ...others] = nodeRules.map(toRule)
  return [described, ...(valid === undefined ? [] : [valid]), root, ...others]

  function toRule ({ name, fit, ...rule }: NodeRule): Rule {
    return {
      ...rule,
      fields,
      id: `${prefix}-schema-${name}`,
      when: 'always',
      ...inSteps((body, { lose }) =>
        functions(body, tool => {
          const schema = tool[field]
          if (!isObject(schema) || nodesOf(schema).every(node => fit(node) === node)) return tool
          if (rule.loses !== 'no') lose('tools.schema')
          return { ...tool, [field]: mapSchema(schema, fit) }
        })
      ),
    }
  }
}

function shortDescription (node: JsonObject): JsonObject {
  const { description } = node
  return typeof description === 'string' && description.length > 1_024
    ? { ...node, description: description.slice(0, 1_024) }
    : node
}

function withoutBounds (node: JsonObject): JsonObject {
  const found = unknownToGpt4.filter(name => node[name] !== undefined)
  // `default` and similar words may be names of properties: such a node has no type of its own.
  if (found.length === 0) return node
  const words = found.map(name => `${name}: ${JSON.stringify(node[name])}`).join(', ')
  return shortDescription(describe(without(node, found), words))
}
