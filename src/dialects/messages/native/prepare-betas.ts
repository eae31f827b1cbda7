// The `anthropic-beta` header: upstream accepts three values and refuses requests with any other.
// `docs/spec/copilot.md#messages-betas`.
import { isObject, type JsonObject } from '../../../json.ts'
import type { Target } from '../../contract/dialect.ts'
import { list, text } from '../wire.ts'

const interleaved = 'interleaved-thinking-2025-05-14'
const contextManagement = 'context-management-2025-06-27'
const advancedTools = 'advanced-tool-use-2025-11-20'
const allowed = [interleaved, contextManagement, advancedTools]

/**
 * The header for upstream, given the body that it will get; null for no header, because an empty one is refused.
 * @param header the client's own, or undefined if the client speaks another dialect: then we choose interleaved
 * thinking
 */
export function betasOf (header: string | undefined, body: JsonObject, { supports }: Target): string | null {
  const asked = (header ?? '').split(',').map(beta => allowed.find(known => nameOf(known) === nameOf(beta.trim())))
    .filter(beta => beta !== undefined)
  const thinking = isObject(body['thinking']) ? body['thinking']['type'] : undefined
  const betas: string[] = []
  if (!supports.adaptiveThinking && thinking === 'enabled' && (asked.length === 0 || asked.includes(interleaved))) {
    betas.push(interleaved)
  }
  if (isObject(body['context_management'])) betas.push(contextManagement)
  if (searchesTools(body)) betas.push(advancedTools)
  return betas.length === 0 ? null : betas.join(',')
}

function nameOf (beta: string): string {
  return beta.replace(/-\d{4}-\d{2}-\d{2}$/, '')
}

function searchesTools (body: JsonObject): boolean {
  const tools = list(body['tools']).filter(isObject)
  if (tools.some(tool => tool['defer_loading'] === true || text(tool['type']).startsWith('tool_search_tool_'))) {
    return true
  }
  return list(body['messages']).some(message => isObject(message) && list(message['content']).some(isReference))
}

/** A reference to a tool, whichever search found it. */
function isReference (block: unknown): boolean {
  if (!isObject(block)) return false
  return block['type'] === 'tool_reference' || block['type'] === 'tool_search_tool_result'
    || (block['type'] === 'tool_result' && list(block['content']).some(isReference))
}
