// What several dialects need of web tools: reading a client's settings, and the findings of a search on their way
// through a client's history. `docs/spec/search.md#mapping`.
import { decodeBase64, fromUtf8, toBase64Url, utf8 } from '../../bytes.ts'
import { isObject, list, parseObjectWithin, text, type JsonObject } from '../../json.ts'
import type { SearchHit, SearchLocation, SearchRecord, SearchSettings } from '../contract/search.ts'

/** Settings of a client that sets nothing. */
export const anySearch: SearchSettings = { maxUses: null, allowedDomains: [], blockedDomains: [], location: null,
  size: null, tool: null, showsSources: true }

export function readLocation (given: unknown): SearchLocation | null {
  // Chat nests the place one level deeper than the other dialects.
  const place = isObject(given) && isObject(given['approximate']) ? given['approximate'] : given
  if (!isObject(place)) return null
  const known = (['city', 'region', 'country', 'timezone'] as const).map(name => [name, text(place[name])] as const)
    .filter(([, value]) => value !== '')
  return known.length === 0 ? null : Object.fromEntries(known)
}

export function readSize (value: unknown): SearchSettings['size'] {
  return value === 'low' || value === 'medium' || value === 'high' ? value : null
}

export function readDomains (value: unknown): readonly string[] {
  return list(value).filter((domain): domain is string => typeof domain === 'string' && domain !== '')
}

/** Some clients write an address, where upstream wants a bare domain. */
export function bareDomain (domain: string): string {
  return domain.toLowerCase().replace(/^https?:\/\//, '').replace(/[/:].*$/, '').replace(/^(?:\*?\.|www\.)/, '')
}

/** '' for anything that is no address of the web. */
export function hostOf (url: string): string {
  const address = URL.parse(url)
  return address !== null && /^https?:$/.test(address.protocol) ? address.hostname : ''
}

/** Whether a page can have this address. Upstream's lists are as little trusted as anything else. */
export function isPageAddress (url: string): boolean {
  return /^https?:\/\/[!-~\u00a1-\uffff]+$/i.test(url) && hostOf(url) !== ''
}

/** Pages without a title are called by their host. */
export function titleOf ({ title, url }: SearchHit): string {
  return title || hostOf(url) || url
}

/** False for the other things that OpenAI's search does, such as opening a page. */
export function isWebQuery ({ action }: SearchRecord): boolean {
  return action === null || action['type'] === 'search'
}

const mark = 'utm_source=openai'

/** OpenAI marks each address with itself. */
export function cleanUrl (url: string): string {
  if (!url.includes(mark)) return url
  const cleaned = url.replace(`?${mark}&`, '?').replace(`&${mark}`, '')
  return cleaned.endsWith(`?${mark}`) ? cleaned.slice(0, -mark.length - 1) : cleaned.replace(`?${mark}#`, '#')
}

/** The same for all addresses in a text. */
export function cleanLinks (words: string): string {
  return words.includes(mark) ? words.replaceAll(/(?:https?:\/\/)[^\s()<>\]]+/g, cleanUrl) : words
}

const prefix = 'cpws1.'
const maxFindings = 20_000

/**
 * What a search found, for the client to keep and send back: the gateway stores nothing. It is not secret, and its
 * reader trusts it as little as the rest of the request.
 */
export function packFindings (findings: string): string {
  return prefix + toBase64Url(utf8(JSON.stringify({ text: findings.slice(0, maxFindings) })))
}

/** Null for another vendor's. */
export function unpackFindings (packed: unknown): string | null {
  if (typeof packed !== 'string' || !packed.startsWith(prefix)) return null
  const bytes = decodeBase64(packed.slice(prefix.length))
  if (bytes === null) return null
  try {
    const value: JsonObject | null = parseObjectWithin(fromUtf8(bytes))
    return text(value?.['text']).slice(0, maxFindings)
  } catch {
    return null
  }
}
