// Decodes OpenAI's web search. `docs/spec/search.md#mapping`.
import { isObject, type JsonObject } from '../../../json.ts'
import type { WebTools } from '../../contract/search.ts'
import { anySearch, readDomains, readLocation, readSize } from '../../shared/web-tools.ts'
import { isWebSearch } from '../wire-tool-kinds.ts'
import { fields, list, text } from '../wire.ts'

/** The field of a request that asks for the addresses of all pages. */
export const searchSources = 'web_search_call.action.sources' as const

/** @param given the request's tools and those that its items add */
export function decodeWebTools (given: readonly JsonObject[], body: JsonObject): WebTools | null {
  const tool = given.find(each => isWebSearch(text(each['type'])))
  if (tool === undefined) return null
  const choice = body['tool_choice']
  const filters = fields(tool['filters'])
  return { fetches: false, forced: isObject(choice) && isWebSearch(text(choice['type'])) ? 'web_search' : null,
    search: { ...anySearch, tool, maxUses: usesOf(body['max_tool_calls']),
      allowedDomains: readDomains(filters['allowed_domains']), blockedDomains: readDomains(filters['blocked_domains']),
      location: readLocation(tool['user_location']), size: readSize(tool['search_context_size']),
      showsSources: list(body['include']).includes(searchSources) } }
}

/** OpenAI's own limit for tools that its servers run. */
function usesOf (value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 ? value : null
}
