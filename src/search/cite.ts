// Finds the citations in a text that a model wrote from search results: its links to pages that a search found. Links
// to anything else are no citations. `docs/spec/search.md#citations`.
import type { Citation, Part } from '../dialects/contract/part.ts'
import type { SearchHit } from '../dialects/contract/search.ts'
import { claimOf, claimReach } from '../dialects/shared/claims.ts'
import { cleanUrl, titleOf } from '../dialects/shared/web-tools.ts'

/** A Markdown link, with the brackets around it, or an address in angle brackets. */
const link = /\(?\[[^\]\n]{0,200}\]\((https?:\/\/[^\s()]+(?:\([^\s()]*\)[^\s()]*)*)\)\)?|<(https?:\/\/[^\s<>]+)>/g
const maxCitations = 256

export function findCitations (text: string, hits: ReadonlyMap<string, SearchHit>): Citation[] {
  const found: Citation[] = []
  for (const match of text.matchAll(link)) {
    const hit = hits.get(cleanUrl(match[1] ?? match[2] ?? ''))
    if (hit === undefined) continue
    const [passage] = match
    const { index: start } = match
    found.push({ url: hit.url, title: titleOf(hit), citedText: passage, range: { start, end: start + passage.length },
      claim: claimOf(passage.startsWith('<') ? `[${passage}` : passage,
        text.slice(Math.max(0, start - claimReach), start)) })
    if (found.length === maxCitations) break
  }
  return found
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
