// Input items beyond those that Copilot's own Responses endpoint is known to take. `copilot-upstream.md` 8.1.
import type { JsonObject } from '../../json.ts'
import { isGiven, typeOf } from './wire.ts'

/** What upstream is known to take. */
const native: readonly string[] = ['message', 'function_call', 'function_call_output', 'custom_tool_call', 'custom_tool_call_output', 'reasoning', 'compaction', 'compaction_trigger', 'item_reference']

/** Calls that OpenAI's servers answered themselves: there is nothing to give back but what was found. */
export const serverItems: readonly string[] = ['web_search_call', 'file_search_call', 'code_interpreter_call', 'image_generation_call', 'mcp_list_tools', 'mcp_call', 'mcp_approval_request', 'mcp_approval_response', 'program', 'program_output']

/** Whether only a translation can say to upstream what the item says. */
export function isTranslatedItem (item: JsonObject): boolean {
  const type = typeOf(item)
  return (type !== '' && !native.includes(type)) || (type === 'function_call' && isGiven(item['namespace'])) || (type === 'custom_tool_call' && isGiven(item['namespace']))
}
