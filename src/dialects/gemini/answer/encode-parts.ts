// Writes the blocks of an answer as parts, one after another: text, thoughts if the client asked for them, calls. The
// state of reasoning goes with the first part behind it that is no thought, because clients keep those.
// `docs/spec/gemini.md#answer`.
import type { JsonObject } from '../../../json.ts'
import type { EncodeOptions } from '../../contract/dialect.ts'
import type { AnswerBlock, FinishReason } from '../../contract/part.ts'
import type { Carrier } from '../../contract/prompt.ts'
import type { GeminiPart } from '../wire.ts'
import { packSignature } from '../wire-signature.ts'
import { createGrounding } from './encode-grounding.ts'
import { writeCall, type LastEvent } from './encode-response.ts'

export interface PartWriter {
  readonly write: (block: AnswerBlock) => GeminiPart[]
  /** A piece of a text whose block is written later: `write` then adds what it says about the whole. */
  readonly writeText: (text: string) => GeminiPart
  /** The text of this block was written in pieces. */
  readonly endText: (block: Extract<AnswerBlock, { type: 'text' | 'refusal' }>) => void
  /** What is left to say. The last event of a stream always has a part. */
  readonly end: (
    reason: FinishReason,
    explanation: string | null,
  ) => Pick<LastEvent, 'isMalformed' | 'grounding' | 'logprobs'> & { readonly parts: GeminiPart[] }
}

export function createPartWriter ({ prompt, newId }: Pick<EncodeOptions, 'prompt' | 'newId'>): PartWriter {
  const grounding = createGrounding()
  const logprobs: JsonObject[] = []
  let carriers: Carrier[] = []
  let hasWords = false
  let isMalformed = false

  const signed = (part: GeminiPart): GeminiPart => {
    if (carriers.length === 0) return part
    const thoughtSignature = packSignature(carriers)
    carriers = []
    return { ...part, thoughtSignature }
  }
  const writeText = (text: string): GeminiPart => {
    hasWords = true
    return signed({ text })
  }
  const endText: PartWriter['endText'] = block => {
    grounding.add(block.text, block.type === 'text' ? block.citations : [])
    if (block.type === 'text') { for (const entry of block.logprobs ?? []) logprobs.push(entry) }
  }
  return {
    writeText,
    endText,
    write (block) {
      switch (block.type) {
        case 'text':
        case 'refusal':
          endText(block)
          return block.text === '' ? [] : [writeText(block.text)]
        case 'reasoning':
          if (block.carrier !== null) carriers.push(block.carrier)
          return prompt.showReasoning && block.text !== '' ? [{ text: block.text, thought: true }] : []
        case 'search':
          grounding.search(block.search)
          return []
        case 'tool-call': {
          // An answer cannot express half a call; its finish reason shows that it is incomplete.
          if (block.isCut === true) return []
          const part = writeCall(block, newId)
          isMalformed ||= part === null
          return part === null ? [] : [signed(part)]
        }
      }
    },
    end (reason, explanation) {
      const isRefused = reason === 'filter' || reason === 'refusal'
      const text = isRefused && !hasWords ? explanation ?? '' : ''
      return { parts: [signed({ text })], isMalformed, grounding: grounding.grounding(), logprobs }
    },
  }
}
