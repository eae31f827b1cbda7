// Completes searches of Copilot that name no page: the answer's citations come behind them, and Messages wants the
// pages in front. So such a search waits, with what follows it, for the end of the first text.
// `docs/spec/search.md#messages`.
import type { AnswerBlock, Part } from '../../contract/part.ts'
import type { SearchHit, SearchRecord } from '../../contract/search.ts'

type SearchEnd = Extract<Part, { type: 'block-end' }> & { readonly search: SearchRecord }

export interface SearchHold {
  readonly push: (part: Part) => readonly Part[]
  readonly isHolding: () => boolean
}

/** One object serves one answer. */
export function createSearchHold (): SearchHold {
  let held: Part[] = []
  let last: SearchEnd | null = null
  const hits = new Map<string, SearchHit>()
  let texts = new Set<number>()

  return { isHolding: () => last !== null, push (part) {
    if (isIncomplete(part)) last = part
    else if (last === null) return [part]
    held.push(part)
    if (part.type === 'citation') hits.set(part.url, { url: part.url, title: part.title })
    if (part.type === 'text-delta') texts.add(part.block)
    const isEnd = part.type === 'message-end' || part.type === 'tool-call-start'
      || (part.type === 'block-end' && texts.has(part.block))
    return isEnd ? release() : []
  } }

  function release (): readonly Part[] {
    const end = last
    const parts = held.map(part =>
      part === end ? { ...end, search: { ...end.search, hits: [...hits.values()] } } : part
    )
    held = []
    last = null
    hits.clear()
    texts = new Set()
    return parts
  }
}

function isIncomplete (part: Part): part is SearchEnd {
  return part.type === 'block-end' && part.search !== undefined && isUnnamed(part.search)
}

function isUnnamed ({ action, error, hits }: SearchRecord): boolean {
  return action !== null && action['type'] === 'search' && error === null && hits.length === 0
}

/** The same for a whole answer. */
export function fillSearches (blocks: readonly AnswerBlock[]): readonly AnswerBlock[] {
  if (!blocks.some(block => block.type === 'search' && isUnnamed(block.search))) return blocks
  const filled = [...blocks]
  /** The first text behind the current place, while no other search has taken its pages. */
  let next: Extract<AnswerBlock, { type: 'text' }> | null = null
  for (let at = filled.length - 1; at >= 0; at--) {
    const block = filled[at]
    if (block?.type === 'text') next = block
    else if (block?.type === 'tool-call') next = null
    else if (block?.type === 'search' && isUnnamed(block.search) && next !== null) {
      const hits = new Map(next.citations.map(({ url, title }) => [url, { url, title }]))
      filled[at] = { ...block, search: { ...block.search, hits: [...hits.values()] } }
      next = null
    }
  }
  return filled
}
