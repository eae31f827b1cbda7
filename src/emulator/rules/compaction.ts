// Compaction items of a Responses input: they fit the model that made them, and only Copilot's own types are known.
import { firstOf } from './rule.ts'
import { itemsOf } from './places.ts'
import { fields, list, text } from '../json.ts'
import type { Rule, Seen } from './rule.ts'

/** The types that Copilot is known to take. */
const known = ['message', 'function_call', 'function_call_output', 'custom_tool_call', 'custom_tool_call_output',
  'reasoning', 'compaction', 'compaction_trigger', 'item_reference', 'tool_search_call', 'tool_search_output',
  'additional_tools', 'web_search_call', 'local_shell_call', 'local_shell_call_output']

export const compactionRules: readonly Rule[] = [{ id: 'compaction-origin', on: ['responses'], mark: 'live',
  source: 'Menci/Floway#314; docs/spec/copilot.md#compaction', by: 'reasoningOrigin',
  envelope: { code: 'invalid_encrypted_content' }, check: origin }, { id: 'encrypted-output', on: ['responses'],
  mark: 'live', source: 'caozhiyuan/copilot-api#339', by: 'reasoningOrigin', envelope: 'wrapped',
  check: seen =>
    firstOf(itemsOf(seen), ({ output }) =>
      firstOf(list(output).map(fields), ({ type, encrypted_content: encrypted }) =>
        type === 'encrypted_content' && !seen.world.memory.issued.has(text(encrypted))
          ? 'Encrypted function output content could not be decrypted or decoded.'
          : null)) }, { id: 'compaction-trigger', on: ['responses'], mark: 'guess',
  source: 'responsesApi.ts sends it last', by: 'compactionTrigger', envelope: 'wrapped', check: seen => {
    const items = itemsOf(seen)
    return firstOf(items.slice(0, -1),
      ({ type }, index) =>
        type === 'compaction_trigger' ? `Invalid 'input[${index}]': compaction_trigger must be the last item.` : null)
  } }, { id: 'item-type', on: ['responses'], mark: 'guess', source: 'OpenAI API reference', by: 'itemTypes',
  envelope: 'wrapped',
  check: seen =>
    firstOf(itemsOf(seen), ({ type }, index) =>
      known.includes(text(type))
        ? null
        : `Invalid value: '${text(type).slice(0, 64)}' in input[${index}].type. Supported values are: ${
          known.map(each =>
            `'${each}'`
          ).join(', ')
        }.`) }]

function origin ({ model, world, ...rest }: Seen): string | null {
  return firstOf(itemsOf({ model, world, ...rest }),
    ({ type, id, encrypted_content: encrypted }) =>
      type !== 'compaction' || world.memory.issued.get(text(encrypted))?.model === model.id
        ? null
        : `The encrypted content for item ${text(id)} could not be verified. Reason: Encrypted content could not be `
          + 'decrypted or parsed.')
}
