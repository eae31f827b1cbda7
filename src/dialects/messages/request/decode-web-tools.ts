// Decodes Anthropic's tools for the web, and their blocks in the history. `docs/spec/search.md#mapping`.
import { isObject, type JsonObject } from '../../../json.ts'
import type { TextBlock } from '../../contract/prompt.ts'
import type { WebTools } from '../../contract/search.ts'
import { anySearch, readDomains, readLocation } from '../../shared/web-tools.ts'
import { kindOf, webToolOf } from '../wire-tool-kinds.ts'
import { blocksOf, list, text } from '../wire.ts'
import { ownFindings, serverBlockText } from './decode-server-blocks.ts'

/** Null if the client offers none. */
export function decodeWebTools (body: JsonObject): WebTools | null {
  const { tools, tool_choice: choice } = body
  const offered = list(tools).filter(isObject).filter(tool => kindOf(tool).kind === 'web')
  if (offered.length === 0) return null
  const forced = isObject(choice) && choice['type'] === 'tool' ? text(choice['name']) : ''
  const search = offered.find(tool => webToolOf(tool) === 'web_search')
  const chosen = offered.find(tool => text(tool['name']) === forced)
  return {
    search: search === undefined ? null : {
      ...anySearch,
      maxUses: typeof search['max_uses'] === 'number' && search['max_uses'] >= 1
        ? Math.floor(search['max_uses'])
        : null,
      allowedDomains: readDomains(search['allowed_domains']),
      blockedDomains: readDomains(search['blocked_domains']),
      location: readLocation(search['user_location']),
    },
    fetches: offered.some(tool => webToolOf(tool) === 'web_fetch'),
    forced: forced === '' || chosen === undefined ? null : webToolOf(chosen),
    query: agentQuery(body),
  }
}

const searchRequest = 'Perform a web search for the query: '

/**
 * The query of Claude Code's own search: its tool asks this by itself, after the model has called it. Null for any
 * other request. `docs/spec/search.md#claude-code`.
 */
export function agentQuery ({ tools, messages }: JsonObject): string | null {
  if (list(tools).length !== 1 || list(messages).length !== 1) return null
  const [tool] = list(tools)
  const [message] = list(messages)
  if (!isObject(tool) || webToolOf(tool) !== 'web_search') return null
  const [block, ...others] = isObject(message) ? blocksOf(message['content']) : []
  const words = others.length === 0 && block?.['type'] === 'text' ? text(block['text']) : ''
  return words.startsWith(searchRequest) ? words.slice(searchRequest.length).trim() : null
}

/** A finished search in the content of a turn: the call's block, and its result's. */
export interface SearchPair {
  readonly use: JsonObject
  readonly result: JsonObject
}

/** By each of the two blocks. */
export function pairSearches (blocks: readonly JsonObject[]): ReadonlyMap<JsonObject, SearchPair> {
  const uses = new Map<string, JsonObject>()
  const pairs = new Map<JsonObject, SearchPair>()
  for (const block of blocks) {
    const id = text(block['id'])
    if (block['type'] === 'server_tool_use' && block['name'] === 'web_search' && id !== '') uses.set(id, block)
    const use = block['type'] === 'web_search_tool_result' ? uses.get(text(block['tool_use_id'])) : undefined
    if (use === undefined || pairs.has(use)) continue
    pairs.set(use, { use, result: block }).set(block, { use, result: block })
  }
  return pairs
}

/** @returns the search as text, and whether its findings are those that the model read */
export function decodeSearch ({ use, result }: SearchPair): { readonly block: TextBlock, readonly isWhole: boolean } {
  const query = isObject(use['input']) ? text(use['input']['query']) : ''
  const error = isObject(result['content']) && typeof result['content']['error_code'] === 'string'
  const findings = serverBlockText(result) ?? ''
  return {
    isWhole: error || ownFindings(result['content']) !== null,
    block: { type: 'text', apart: true, text: [serverBlockText(use), findings].filter(Boolean).join('\n'),
      search: { id: text(use['id']), query, result: findings, isError: error } },
  }
}
