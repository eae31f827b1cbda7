// A search of the web in no dialect: how a client asks for it, and one search in an answer.
// `docs/spec/search.md#mapping`.
import type { JsonObject } from '../../json.ts'

/** Tools of the client's vendor that search or read the web on a server. */
export interface WebTools {
  /** The tool's settings; null if the client only offers reading. */
  readonly search:
    | SearchSettings
    | null
  /** Whether the client also offers to read single pages. */
  readonly fetches: boolean
  /** The tool that the client forces; null if the model chooses. */
  readonly forced:
    | WebToolName
    | null
  /** The query, if the whole request is an agent's own call of its search tool; absent otherwise. */
  readonly query?:
    | string
    | null
  /** Where the gateway runs them: the functions by which the model knows them. */
  readonly functions?: ReadonlyMap<string, WebToolName>
}
export type WebToolName = 'web_search' | 'web_fetch'

export interface SearchSettings {
  /** The most searches of one answer; null: not set. */
  readonly maxUses:
    | number
    | null
  /** Host names; empty: any. */
  readonly allowedDomains: readonly string[]
  readonly blockedDomains: readonly string[]
  readonly location: SearchLocation | null
  readonly size:
    | 'low'
    | 'medium'
    | 'high'
    | null
  /** The tool as a Responses client wrote it: it goes on unchanged where upstream speaks Responses. */
  readonly tool:
    | JsonObject
    | null
  /** The client allows no live access to the web, only to what the vendor has stored. */
  readonly isCached?: boolean
  /** Whether the client wants the addresses of all pages that were found. Other clients get them always. */
  readonly showsSources: boolean
}
/** Where the user is, as far as the client says. */
export type SearchLocation = Readonly<Partial<Record<'city' | 'region' | 'country' | 'timezone', string>>>

export interface SearchHit {
  readonly url: string
  /** '' if unknown. */
  readonly title: string
}
/** Anthropic's words for the errors of such a tool, which say what the other dialects need too. */
export type SearchError =
  | 'invalid_tool_input'
  | 'unavailable'
  | 'max_uses_exceeded'
  | 'too_many_requests'
  | 'query_too_long'

/** What one call of a web tool led to. */
export interface SearchRecord {
  readonly tool: WebToolName
  /** One for most searches. For `web_fetch` the address. */
  readonly queries: readonly string[]
  readonly hits: readonly SearchHit[]
  readonly error:
    | SearchError
    | null
  /** What the model read of it; null if upstream kept that to itself. */
  readonly text:
    | string
    | null
  /** OpenAI's own account of it, of any kind; null for a search by the gateway. */
  readonly action: JsonObject | null
}
