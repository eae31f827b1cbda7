// Finds the citations in a text that a model wrote from search results: its links to pages that a search found. Links
// to anything else are no citations. `docs/spec/search.md#citations`.
import type { Citation, Part } from '../dialects/contract/part.ts'
import type { SearchHit } from '../dialects/contract/search.ts'
import { claimOf, claimReach } from '../dialects/shared/claims.ts'
import { cleanUrl, titleOf } from '../dialects/shared/web-tools.ts'

/** The address of a Markdown link, or one in angle brackets. Starts with what is rare, so that it stays linear. */
const address = /\]\((https?:\/\/[^\s()]+(?:\([^\s()]*\)[^\s()]*)*)\)|<(https?:\/\/[^\s<>]+)>/g
const maxLabel = 200
const maxCitations = 256

export function findCitations (text: string, hits: ReadonlyMap<string, SearchHit>): Citation[] {
  const found: Citation[] = []
  for (const match of text.matchAll(address)) {
    const hit = hits.get(cleanUrl(match[1] ?? match[2] ?? ''))
    const start = hit === undefined ? -1 : match[1] === undefined ? match.index : startOfLink(text, match.index)
    if (hit === undefined || start === -1) continue
    const end = match.index + match[0].length
    const passage = text.slice(start, text[start] === '(' && text[end] === ')' ? end + 1 : end)
    found.push({ url: hit.url, title: titleOf(hit), citedText: passage, range: { start, end: start + passage.length },
      claim: claimOf(passage.startsWith('<') ? `[${passage}` : passage,
        text.slice(Math.max(0, start - claimReach), start)) })
    if (found.length === maxCitations) break
  }
  return found
}

/** Where the link begins whose label ends at `end`, with a bracket around the whole link; -1 if nothing opens it. */
function startOfLink (text: string, end: number): number {
  let start = -1
  for (let at = end - 1; at >= Math.max(0, end - maxLabel - 1); at--) {
    const char = text[at]
    if (char === ']' || char === '\n') break
    if (char === '[') start = at
  }
  return start > 0 && text[start - 1] === '(' ? start - 1 : start
}

/** Adds citations to the end of each text. One object serves one answer. @param hits grows while the answer does */
export function createCiter (hits: ReadonlyMap<string, SearchHit>): (part: Part) => readonly Part[] {
  const texts = new Map<number, string[]>()
  return part => {
    if (part.type === 'text-start' && hits.size > 0) texts.set(part.block, [])
    if (part.type === 'text-delta') texts.get(part.block)?.push(part.text)
    const pieces = part.type === 'block-end' ? texts.get(part.block) : undefined
    if (part.type !== 'block-end' || pieces === undefined) return [part]
    texts.delete(part.block)
    const { block } = part
    return [...findCitations(pieces.join(''), hits).map((citation): Part => ({ type: 'citation', block, ...citation })),
      part]
  }
}
