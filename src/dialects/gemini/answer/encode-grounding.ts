// Citations of the web as `groundingMetadata`. Its offsets count bytes of UTF-8. `docs/spec/gemini.md#answer`.
import type { GroundingMetadata } from '@google/genai'
import { utf8 } from '../../../bytes.ts'
import type { Citation } from '../../contract/part.ts'

export type Grounding = Pick<GroundingMetadata, 'groundingChunks' | 'groundingSupports'>

export interface GroundingWriter {
  /** @param text of a block of the answer, in order */
  readonly add: (text: string, citations: readonly Citation[]) => void
  readonly grounding: () => Grounding | null
}

/** The most citations that are searched in a text: each search reads all of it. */
const maxSearches = 256

export function createGrounding (): GroundingWriter {
  const chunks = new Map<string, { index: number, uri: string, title: string }>()
  const supports: NonNullable<Grounding['groundingSupports']> = []
  /** Bytes of the blocks before. */
  let before = 0
  let searches = 0
  return {
    add (text, citations) {
      const { length } = utf8(text)
      for (const { url, title, citedText } of citations) {
        const chunk = chunks.get(url) ?? { index: chunks.size, uri: url, title }
        chunks.set(url, chunk)
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
    grounding: () =>
      chunks.size === 0
        ? null
        : { groundingChunks: [...chunks.values()].map(({ uri, title }) => ({ web: { uri, title } })),
          groundingSupports: supports },
  }
}
