// The client's lists of domains. Copilot gets them too, where it takes them; this makes sure that nothing else comes
// through. `docs/spec/search.md#limits`.
import type { Citation, Part } from '../dialects/contract/part.ts'
import type { SearchRecord, SearchSettings } from '../dialects/contract/search.ts'
import { bareDomain, hostOf } from '../dialects/shared/web-tools.ts'

type Lists = Pick<SearchSettings, 'allowedDomains' | 'blockedDomains'>

/** Null if the client allows every domain. */
export function createDomainCheck ({ allowedDomains, blockedDomains }: Lists): ((url: string) => boolean) | null {
  if (allowedDomains.length === 0 && blockedDomains.length === 0) return null
  const allowed = new Set(allowedDomains.map(bareDomain))
  const blocked = new Set(blockedDomains.map(bareDomain))
  return url => {
    const names = namesOf(hostOf(url))
    return (allowed.size === 0 || names.some(name => allowed.has(name))) && !names.some(name => blocked.has(name))
  }
}

/** `a.b.example`, `b.example`, `example`: a host has at most 253 characters. */
function namesOf (host: string): readonly string[] {
  const labels = host.split('.')
  return labels.map((_label, at) => labels.slice(at).join('.'))
}

/** Leaves out pages of other domains. */
export function screenRecord (search: SearchRecord, isAllowed: (url: string) => boolean): SearchRecord {
  return { ...search, hits: search.hits.filter(({ url }) => isAllowed(url)) }
}

/** The same for a part of an answer; null for a citation of such a page. */
export function screenPart (part: Part, isAllowed: (url: string) => boolean): Part | null {
  if (part.type === 'citation') return isAllowed(part.url) ? part : null
  return part.type === 'block-end' && part.search !== undefined
    ? { ...part, search: screenRecord(part.search, isAllowed) }
    : part
}

export function screenCitations (citations: readonly Citation[], isAllowed: (url: string) => boolean): Citation[] {
  return citations.filter(({ url }) => isAllowed(url))
}
