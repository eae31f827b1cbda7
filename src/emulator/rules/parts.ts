// The parts of a message: the types that each endpoint knows, and documents and tool output on the two newer ones.
import { fields, isFields, list, text } from '../json.ts'
import { itemsOf, messagesOf, placedBlocks } from './places.ts'
import { firstOf } from './rule.ts'
import type { Rule } from './rule.ts'

const chatParts = new Set(['text', 'image_url', 'refusal', 'input_audio', 'file'])
const schemaFailed = 'invalid request body, failed to validate schema: (1) Reason: got array, want string, Location: '
  + '/properties/messages/items/properties/content/oneOf/0/type. '
  + '(2) Reason: '
const at = 'Location: /properties/messages/items/properties/content/oneOf/1/items'

export const partRules: readonly Rule[] = [{ id: 'parts-chat', on: ['chat'], mark: 'live', source: 'copilot-api#176',
  by: 'chatParts', envelope: 'wrapped',
  check: seen =>
    firstOf(messagesOf(seen), ({ content }) =>
      firstOf(list(content), part => {
        const reason = partFault(part)
        return reason === null ? null : `${schemaFailed}${reason}.`
      })) }, { id: 'parts-responses', on: ['responses'], mark: 'read', source: 'docs/spec/copilot.md#responses-request',
  by: 'responsesParts', envelope: 'wrapped', check: seen =>
    firstOf(itemsOf(seen), (item, index) => {
      const known = item.role === 'assistant' ? ['output_text', 'refusal'] : ['input_text', 'input_image', 'input_file']
      const types = item.type === 'message' ? list(item.content).map(part => text(fields(part).type)) : []
      const wrong = types.findIndex(type => !known.includes(type))
      return wrong < 0
        ? null
        : `Invalid value: '${types[wrong]}' in input[${index}].content[${wrong}]. Supported values are: ${
          known.map(part => `'${part}'`).join(', ')
        }.`
    }) }, { id: 'tool-output-media', on: ['responses'], mark: 'guess', source: 'responsesApi.ts sends text only',
  by: 'toolOutputText', envelope: 'wrapped',
  check: seen =>
    firstOf(itemsOf(seen), ({ type, output }, index) =>
      text(type).endsWith('_call_output') && list(output).some(part =>
          fields(part).type !== 'input_text' && fields(part).type !== 'output_text'
        )
        ? `Invalid type for 'input[${index}].output': expected a string, but got an array instead.`
        : null) }, { id: 'document-type', on: ['messages'], mark: 'read', source: 'messagesApi.ts', by: 'documents',
  envelope: 'wrapped', check: seen =>
    firstOf(placedBlocks(seen), ({ block, turn, index }) => {
      const source = fields(block.source)
      return block.type === 'document' && source.type === 'base64' && source.media_type !== 'application/pdf'
        ? `messages.${turn}.content.${index}.document.source.base64.media_type: Input should be 'application/pdf'`
        : null
    }) }, { id: 'cache-breakpoint', on: ['responses'], mark: 'read', source: 'chatModelCapabilities.ts',
  by: 'cacheBreakpoint', envelope: { code: 'unknown_parameter' },
  models: ({ id }) => !/^gpt-5\.6-(?:sol|terra|luna)/.test(id),
  check: seen =>
    firstOf(itemsOf(seen), ({ content }, index) =>
      firstOf(list(content), (part, place) =>
        fields(part).prompt_cache_breakpoint === undefined
          ? null
          : `Unknown parameter: 'input[${index}].content[${place}].prompt_cache_breakpoint'.`)) }]

/** The fault of one part of a chat message, or null. */
function partFault (part: unknown): string | null {
  if (!isFields(part)) return `got ${typeof part}, want object, ${at}/type`
  if (typeof part.type !== 'string') return `missing property 'type', ${at}/required`
  if (!chatParts.has(part.type)) return `value must be one of 'text', 'image_url', ${at}/properties/type/enum`
  if (part.type === 'text' && typeof part.text !== 'string') return `missing property 'text', ${at}/oneOf/0/required`
  if (part.type !== 'image_url') return null
  if (!isFields(part.image_url)) return `got ${typeof part.image_url}, want object, ${at}/properties/image_url/type`
  return typeof part.image_url.url === 'string' ? null : `missing property 'url', ${at}/properties/image_url/required`
}
