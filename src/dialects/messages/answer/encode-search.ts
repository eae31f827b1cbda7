// Encodes a search as Anthropic's server tool shows it: the call, and what it found. `docs/spec/search.md#messages`.
import type { SearchRecord } from '../../contract/search.ts'
import { isWebQuery, packFindings, titleOf } from '../../shared/web-tools.ts'
import type { SearchAnswer, ServerToolUsage } from '../wire.ts'

type WebSearchContent = Extract<SearchAnswer, { type: 'web_search_tool_result' }>['content']

const caller = { type: 'direct' } as const

/** No blocks for the other things that OpenAI's search does, such as opening a page. */
export function writeSearch (
  search: SearchRecord,
  callId: string,
  newId: () => string,
): [] | [Extract<SearchAnswer, { type: 'server_tool_use' }>, SearchAnswer] {
  if (!isWebQuery(search)) return []
  const id = toId(callId, newId)
  const { tool, queries, error } = search
  const query = queries.join(', ')
  const use = { type: 'server_tool_use', id, name: tool, caller,
    input: tool === 'web_fetch' ? { url: query } : { query } } as const
  return tool === 'web_fetch'
    ? [use, { type: 'web_fetch_tool_result', tool_use_id: id, caller,
      content: { type: 'web_fetch_tool_result_error', error_code: fetchError(error) } }]
    : [use, { type: 'web_search_tool_result', tool_use_id: id, caller, content: contentOf(search) }]
}

/** The first result carries what the model read, for the next turn. */
function contentOf ({ error, hits, text }: SearchRecord): WebSearchContent {
  if (error !== null) return { type: 'web_search_tool_result_error', error_code: error }
  return hits.map((hit, at) => ({ type: 'web_search_result', url: hit.url, title: titleOf(hit), page_age: null,
    encrypted_content: at === 0 && text !== null ? packFindings(text) : '' })
  )
}

type FetchError = 'invalid_tool_input' | 'unavailable' | 'max_uses_exceeded' | 'too_many_requests'

function fetchError (error: SearchRecord['error']): FetchError {
  return error === null || error === 'query_too_long' ? 'unavailable' : error
}

/** The form that Anthropic's API demands. Copilot's own ids are long and differ in every event. */
function toId (callId: string, newId: () => string): string {
  const own = callId.replaceAll(/[^A-Za-z0-9]/g, '')
  return `srvtoolu_${own === '' || own.length > 64 ? newId() : own}`
}

export interface SearchCount {
  readonly add: (search: SearchRecord) => void
  /** Null if there was no search. */
  readonly usage: () => ServerToolUsage | null
}

/** Counts what ran: calls that the limit refused cost nothing. */
export function createSearchCount (): SearchCount {
  let searches = 0
  let isUsed = false
  return {
    add (search) {
      isUsed ||= isWebQuery(search)
      if (isWebQuery(search) && search.error === null) searches++
    },
    usage: () => isUsed ? { web_search_requests: searches, web_fetch_requests: 0 } : null,
  }
}
