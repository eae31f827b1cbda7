// Texts of tools: a description that is not empty, a schema that is valid in draft 7, and results that contain only
// text.
import { fields, isFields, list, text } from '../json.ts'
import { messagesOf, toolsOf } from './places.ts'
import { everywhere, firstOf } from './rule.ts'
import { schemaNodes } from './schema-nodes.ts'
import type { Fields } from '../json.ts'
import type { Rule, Seen } from './rule.ts'

const typeNames = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']
const emptyText = (at: string) =>
  `Invalid '${at}': empty string. Expected a string with minimum length 1, but got an empty string instead.`

export const toolWordRules: readonly Rule[] = [{ id: 'tool-description', on: everywhere, mark: 'guess',
  source: 'toolSchemaNormalizer.ts fills it', by: 'toolDescriptions', envelope: 'wrapped', check: description }, {
  id: 'schema-draft7',
  on: everywhere,
  mark: 'guess',
  source: 'toolSchemaNormalizer.ts refuses it',
  by: 'schemaDraft7',
  envelope: { code: 'invalid_function_parameters' },
  check: seen =>
    firstOf(toolsOf(seen), ({ name, schema }) =>
      firstOf(schemaNodes(schema), ({ node }) => {
        const fault = draftFault(node)
        return fault === null ? null : `Invalid schema for function '${name}': ${fault}.`
      })),
}, { id: 'tool-result-media', on: ['chat'], mark: 'guess', source: 'seen at OpenAI', by: 'toolResultText',
  envelope: 'wrapped',
  check: seen =>
    firstOf(messagesOf(seen), ({ role, content }, index) =>
      role === 'tool' && list(content).some(part =>
          fields(part).type === 'image_url'
        )
        ? `Invalid 'messages[${index}]'. Image URLs are only allowed for messages with role 'user', but this message `
          + `with role 'tool' contains an image URL.`
        : null) }]

function description (seen: Seen): string | null {
  const { dialect } = seen.ask
  return firstOf(toolsOf(seen), ({ tool, index }) => {
    const [place, words] = dialect === 'chat'
      ? [`tools[${index}].function.description`, fields(tool.function).description]
      : [`tools[${index}].description`, tool.description]
    return words === '' ? emptyText(place) : null
  })
}

/** Worded like a validator written in Python. */
function draftFault ({ type, required, properties, items }: Fields): string | null {
  const names = Array.isArray(type) ? type : type === undefined ? [] : [type]
  const odd: unknown = names.find(name => !typeNames.includes(text(name)))
  if (odd !== undefined) return `'${text(odd)}' is not valid under any of the given schemas`
  if (required !== undefined && !Array.isArray(required)) return `${JSON.stringify(required)} is not of type 'array'`
  if (properties !== undefined && !isFields(properties)) return `${JSON.stringify(properties)} is not of type 'object'`
  return items !== undefined && typeof items !== 'object' && typeof items !== 'boolean'
    ? `${JSON.stringify(items)} is not of type 'object', 'boolean'`
    : null
}
