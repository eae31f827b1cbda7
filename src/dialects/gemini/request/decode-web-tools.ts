// Decodes Google's search among the tools. `docs/spec/search.md#mapping`.
import { isObject, type JsonObject } from '../../../json.ts'
import type { WebTools } from '../../contract/search.ts'
import { anySearch, readDomains } from '../../shared/web-tools.ts'
import { camelOf, fieldsOf, given, objectsOf, partsOf, text } from '../wire.ts'

const names: readonly string[] = ['googleSearch', 'googleSearchRetrieval']

export function isSearch (name: string): boolean {
  return names.includes(camelOf(name))
}

export function decodeWebTools (body: JsonObject): WebTools | null {
  const groups = objectsOf(body['tools'])
  const group = groups.find(tool => Object.entries(tool).some(([name, value]) => isSearch(name) && isObject(value)))
  if (group === undefined) return null
  const blockedDomains = readDomains(given(fieldsOf(group, 'googleSearch'), 'excludeDomains'))
  return { search: { ...anySearch, blockedDomains }, fetches: false, forced: null, query: agentQuery(body) }
}

/** The beginnings of its system instructions. */
const ofGeminiCli = /^You are (?:Gemini CLI|an? (?:non-)?interactive CLI agent)\b/
/** In characters: a longer text is no query. */
const maxQuery = 1_000

/**
 * The query of Gemini CLI's own search: its tool asks this by itself, after the model has called it. Null for any other
 * request. `docs/spec/search.md#gemini-cli`.
 */
export function agentQuery (body: JsonObject): string | null {
  const [group, ...more] = objectsOf(body['tools'])
  if (group === undefined || more.length > 0 || !Object.keys(group).every(isSearch)) return null
  const [system] = objectsOf(given(body, 'systemInstruction')).flatMap(partsOf)
  if (!ofGeminiCli.test(text(system?.['text']))) return null
  const contents = objectsOf(body['contents'])
  const [content] = contents
  const parts = contents.length === 1 && content !== undefined ? partsOf(content) : []
  const query = parts.length === 1 ? text(parts[0]?.['text']).trim() : ''
  return query === '' || query.length > maxQuery ? null : query
}
