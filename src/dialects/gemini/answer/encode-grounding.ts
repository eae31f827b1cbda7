// Citations of the web as `groundingMetadata`. Its offsets count bytes of UTF-8. `docs/spec/gemini.md#answer`.
import type { GroundingMetadata } from '@google/genai'
import { utf8 } from '../../../bytes.ts'
import type { Citation } from '../../contract/part.ts'
import type { SearchHit, SearchRecord } from '../../contract/search.ts'
import { isWebQuery, titleOf } from '../../shared/web-tools.ts'

export type Grounding = Pick<GroundingMetadata, 'webSearchQueries' | 'groundingChunks' | 'groundingSupports'>

export interface GroundingWriter {
  /** @param text of a block of the answer, in order */
  readonly add: (text: string, citations: readonly Citation[]) => void
  readonly search: (search: SearchRecord) => void
  readonly grounding: () => Grounding | null
}

/** The most citations that are searched in a text: each search reads all of it. */
const maxSearches = 256

export function createGrounding (): GroundingWriter {
  const chunks = new Map<string, { readonly index: number, hit: SearchHit }>()
  const queries: string[] = []
  /** A page keeps its place. Its title may come later than its address. */
  const chunkOf = (hit: SearchHit): { readonly index: number } => {
    const known = chunks.get(hit.url)
    const chunk = known ?? { index: chunks.size, hit }
    if (known === undefined) chunks.set(hit.url, chunk)
    else if (known.hit.title === '') known.hit = hit
    return chunk
  }
  const supports: NonNullable<Grounding['groundingSupports']> = []
  /** Bytes of the blocks before. */
  let before = 0
  let searches = 0
  return {
    add (text, citations) {
      const { length } = utf8(text)
      for (const { url, title, citedText: passage, claim } of citations) {
        const citedText = claim ?? passage
        const chunk = chunkOf({ url, title })
        const isWorth = citedText !== null && citedText !== '' && searches++ < maxSearches
        const found = isWorth ? text.indexOf(citedText) : -1
        const start = found <= 0 ? before : before + utf8(text.slice(0, found)).length
        // Without the passage, the whole block is cited: its text would be there once for each citation.
        const segment = found === -1 || citedText === null
          ? { startIndex: before, endIndex: before + length }
          : { startIndex: start, endIndex: start + utf8(citedText).length, text: citedText }
        supports.push({ segment, groundingChunkIndices: [chunk.index] })
      }
      before += length
    },
    search (search) {
      for (const query of search.queries) if (isSearch(search)) queries.push(query)
      search.hits.forEach(chunkOf)
    },
    grounding: () =>
      chunks.size === 0 && queries.length === 0 ? null : {
        ...(queries.length === 0 ? {} : { webSearchQueries: queries }),
        groundingChunks: [...chunks.values()].map(({ hit }) => ({ web: { uri: hit.url, title: titleOf(hit) } })),
        groundingSupports: supports,
      },
  }
}

/** A call that failed asked nothing of the web. */
function isSearch (search: SearchRecord): boolean {
  return search.error === null && isWebQuery(search)
}
