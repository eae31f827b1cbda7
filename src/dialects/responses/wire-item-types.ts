// Input items beyond those that Copilot's own Responses endpoint accepts. `docs/spec/copilot.md#responses-request`.
import type { JsonObject } from '../../json.ts'
import { isGiven, typeOf } from './wire.ts'

/** Items that upstream is known to accept, and those that `prepare-items.ts` makes into such. */
const native: readonly string[] = ['message', 'function_call', 'function_call_output', 'custom_tool_call',
  'custom_tool_call_output', 'reasoning', 'compaction', 'compaction_summary', 'context_compaction',
  'compaction_trigger', 'item_reference']

/** Calls that OpenAI's servers answered themselves: only their findings can go back. */
export const serverItems: readonly string[] = ['web_search_call', 'file_search_call', 'code_interpreter_call',
  'image_generation_call', 'mcp_list_tools', 'mcp_call', 'mcp_approval_request', 'mcp_approval_response', 'program',
  'program_output']

/** Whether only a translation can express the item to upstream. */
export function isTranslatedItem (item: JsonObject): boolean {
  const type = typeOf(item)
  return (type !== '' && !native.includes(type)) || (type === 'function_call' && isGiven(item['namespace']))
    || (type === 'custom_tool_call' && isGiven(item['namespace']))
}
