// Reads Codex's own search request. Only what is served is read; new commands are named and not served.
// `docs/spec/search.md#codex`.
import type { SearchSettings } from '../dialects/contract/search.ts'
import { anySearch, hostOf, readDomains, readLocation, readSize } from '../dialects/shared/web-tools.ts'
import { isObject, list, text, type JsonObject } from '../json.ts'

export type AlphaCommand =
  | { readonly type: 'search', readonly query: string, readonly question: string, readonly settings: SearchSettings }
  /** `url`: '' if the reference is no address. `pattern`: null to read the page. */
  | { readonly type: 'page', readonly url: string, readonly pattern: string | null, readonly settings: SearchSettings }
  | { readonly type: 'time', readonly offset: string }
  | { readonly type: 'unknown', readonly name: string }

/** Codex sends a few; more would only cost. */
const mostCommands = 16

export function readAlphaCommands (body: JsonObject): readonly AlphaCommand[] {
  const settings = readSettings(isObject(body['settings']) ? body['settings'] : {})
  const commands = isObject(body['commands']) ? body['commands'] : {}
  return Object.entries(commands).filter(([name]) => name !== 'response_length').flatMap(([name, value]) =>
    list(value).filter(isObject).map(command => readCommand(name, command, settings))
  ).slice(0, mostCommands)
}

function readCommand (name: string, command: JsonObject, settings: SearchSettings): AlphaCommand {
  switch (name) {
    case 'search_query': {
      const { recency } = command
      const query = text(command['q'])
      const domains = readDomains(command['domains'])
      const isRecent = typeof recency === 'number' && Number.isFinite(recency) && recency > 0
      return { type: 'search', query, question: isRecent ? `${query} (only from the last ${recency} days)` : query,
        settings: domains.length === 0 ? settings : { ...settings, allowedDomains: domains } }
    }
    case 'open':
    case 'find': {
      const url = text(command['ref_id'])
      const pattern = name === 'find' ? text(command['pattern']) : null
      const host = hostOf(url)
      return { type: 'page', url: host === '' ? '' : url, pattern, settings: { ...settings, allowedDomains: [host] } }
    }
    case 'time':
      return { type: 'time', offset: text(command['utc_offset']) }
    default:
      return { type: 'unknown', name: /^\w{1,64}$/.test(name) ? name : 'the command' }
  }
}

function readSettings (given: JsonObject): SearchSettings {
  const filters = isObject(given['filters']) ? given['filters'] : {}
  const access = given['external_web_access']
  return {
    ...anySearch,
    allowedDomains: readDomains(filters['allowed_domains']),
    blockedDomains: readDomains(filters['blocked_domains']),
    location: readLocation(given['user_location']),
    size: readSize(given['search_context_size']),
    isCached: access === false || access === 'cached',
  }
}
