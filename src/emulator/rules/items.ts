// Items of a Responses input: their ids, and reasoning, which must belong to this seat.
import { firstOf } from './rule.ts'
import { itemsOf } from './places.ts'
import { list, text } from '../json.ts'
import type { Fields } from '../json.ts'
import type { Rule, Seen } from './rule.ts'

const prefixes: Record<string, string> = { message: 'msg', function_call: 'fc', custom_tool_call: 'ctc',
  reasoning: 'rs' }
/** Only checks the prefix of an id. */
const hasShape = (id: string, prefix: string): boolean => id.startsWith(`${prefix}_`)
const notFound = (id: string) =>
  `Item with id '${id.slice(0, 64)}' not found. Items are not persisted when \`store\` is set to false. Try again with `
  + '`store` set to true, or remove this item from your input.'

export const itemRules: readonly Rule[] = [{ id: 'item-id-length', on: ['responses'], mark: 'live',
  source: 'copilot-cli#3594, copilot-api#307', by: 'itemIdLength', envelope: 'wrapped', check: tooLong }, {
  id: 'item-id-shape',
  on: ['responses'],
  mark: 'read',
  source: 'docs/spec/copilot.md#responses-request',
  by: 'responsesIds',
  envelope: 'wrapped',
  check: seen => shape(seen, ({ type }) => type !== 'reasoning'),
}, { id: 'reasoning-id-shape', on: ['responses'], mark: 'read', source: 'responsesApi.ts', by: 'reasoningIds',
  envelope: 'wrapped', check: seen => shape(seen, ({ type }) => type === 'reasoning') }, { id: 'item-twice',
  on: ['responses'], mark: 'live', source: 'app#541', by: 'itemTwice', envelope: 'wrapped', check: twice }, {
  id: 'item-reference',
  on: ['responses'],
  mark: 'live',
  source: 'docs/spec/copilot.md#responses-request',
  by: 'responsesIds',
  envelope: 'wrapped',
  check: seen => firstOf(itemsOf(seen), ({ type, id }) => type === 'item_reference' ? notFound(text(id)) : null),
}, { id: 'reasoning-bare', on: ['responses'], mark: 'live', source: 'docs/spec/copilot.md#responses-request',
  by: 'responsesIds', envelope: 'wrapped',
  check: seen =>
    firstOf(itemsOf(seen), ({ type, id, encrypted_content: encrypted }) =>
      type === 'reasoning' && text(encrypted) === '' ? notFound(text(id)) : null) }, { id: 'reasoning-content',
  on: ['responses'], mark: 'live', source: 'copilot-cli#652', by: 'reasoningContent', envelope: 'wrapped',
  check: seen =>
    firstOf(itemsOf(seen), ({ type, content }, index) =>
      type === 'reasoning' && list(content).length > 0
        ? `Invalid 'input[${index}].content': array too long. Expected an array with maximum length 0, but got an `
          + `array with length ${list(content).length} instead.`
        : null) }, { id: 'reasoning-origin', on: ['responses'], mark: 'live',
  source: 'docs/spec/copilot.md#responses-request', by: 'reasoningOrigin',
  envelope: { code: 'invalid_encrypted_content' }, check: origin }]

function tooLong (seen: Seen): string | null {
  return firstOf(itemsOf(seen),
    ({ type, id }, index) =>
      type !== 'reasoning' && text(id).length > 64
        ? `[ApiIdParam] [input[${index}].id] [string_above_max_length] Invalid 'input[${index}].id': string too long. `
          + `Expected a string with maximum length 64, but got a string with length ${text(id).length} instead.`
        : null)
}

function shape (seen: Seen, binds: (item: Fields) => boolean): string | null {
  return firstOf(itemsOf(seen), (item, index) => {
    const prefix = prefixes[text(item.type)]
    if (prefix === undefined || !binds(item) || item.id === undefined || item.id === null
      || hasShape(text(item.id), prefix)) return null
    return `Invalid 'input[${index}].id': '${text(item.id).slice(0, 64)}'. Expected an ID that begins with '${prefix}'.`
  })
}

function twice (seen: Seen): string | null {
  const met = new Set<string>()
  return firstOf(itemsOf(seen), ({ type, id }) => {
    // A client may use an id of its own, such as msg_123 of the official client, for every message.
    if (text(id) === '' || type === 'message' || type === 'item_reference') return null
    if (met.has(text(id))) {
      return `Duplicate item found with id ${text(id)}. Remove duplicate items from your input and try again.`
    }
    met.add(text(id))
    return null
  })
}

function origin ({ model, world, ...rest }: Seen): string | null {
  return firstOf(itemsOf({ model, world, ...rest }),
    ({ type, id, encrypted_content: encrypted }) =>
      type !== 'reasoning' || world.memory.issued.get(text(encrypted))?.model === model.id
        ? null
        : `The encrypted content for item ${
          text(id)
        } could not be verified. Reason: Encrypted content could not be decrypted or parsed.`)
}
