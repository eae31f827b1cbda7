// A growing message: text and refusals of several blocks, each in a part, and their citations.
import type { JsonObject } from '../../../json.ts'
import type { Citation } from '../../contract/part.ts'
import type { AnswerPart, MessageItem as WireMessage, UrlCitation } from '../wire-answer.ts'
import { isGiven } from '../wire.ts'
import type { Emit, ItemStatus, OutputItem } from './encode-item.ts'

export interface MessageItem extends OutputItem {
  /** A slot for one block's text. Text that follows an ended text continues its part. */
  readonly open: (kind: 'output_text' | 'refusal') => TextSlot
  /** The number of blocks that still write to it. */
  readonly writers: () => number
}
export interface TextSlot {
  readonly delta: (text: string) => void
  /** Records text that the fast path sends. */
  readonly keep: (text: string) => void
  readonly end: (citations: readonly Citation[], logprobs: readonly JsonObject[]) => void
}

interface TextPart {
  readonly kind: 'output_text' | 'refusal'
  readonly index: number
  text: string
  readonly annotations: UrlCitation[]
  readonly logprobs: JsonObject[]
  isOwned: boolean
  isDone: boolean
}

export function createMessageItem (emit: Emit, id: string): MessageItem {
  const parts: TextPart[] = []
  let writers = 0
  let final: ItemStatus | null = null

  const snapshot = (otherwise: ItemStatus | 'in_progress'): WireMessage => ({ id, type: 'message',
    status: final ?? otherwise, role: 'assistant', content: parts.map(toPart) })
  const at = (part: TextPart) => ({ item_id: id, content_index: part.index })
  const finishPart = (part: TextPart): void => {
    if (part.isDone) return
    part.isDone = true
    if (part.kind === 'refusal') emit('refusal.done', { ...at(part), refusal: part.text })
    else emit('output_text.done', { ...at(part), text: part.text, logprobs: part.logprobs })
    emit('content_part.done', { ...at(part), part: toPart(part) })
  }
  emit('output_item.added', { item: snapshot('in_progress') })

  return {
    snapshot,
    writers: () => writers,
    open (kind) {
      const last = parts.at(-1)
      const part = last !== undefined && last.kind === kind && !last.isOwned ? last : add(kind)
      part.isOwned = true
      writers++
      const from = part.text.length
      /** The text of this block. A slice of the part's text would copy all of it first. */
      let own = ''
      const keep = (text: string): void => {
        part.text += text
        own += text
      }
      return {
        keep,
        delta (text) {
          keep(text)
          if (kind === 'refusal') emit('refusal.delta', { ...at(part), delta: text })
          else emit('output_text.delta', { ...at(part), delta: text, logprobs: [] })
        },
        end (citations, logprobs) {
          if (kind === 'output_text') cite(part, from, own, citations)
          for (const entry of logprobs) part.logprobs.push(entry)
          part.isOwned = false
          writers--
          // The last part may still continue.
          if (part !== parts.at(-1)) finishPart(part)
        },
      }
    },
    done (status) {
      if (final !== null) return
      final = status
      parts.forEach(finishPart)
      emit('output_item.done', { item: snapshot(status) })
    },
  }

  function add (kind: TextPart['kind']): TextPart {
    const last = parts.at(-1)
    if (last?.isOwned === false) finishPart(last)
    const part: TextPart = { kind, index: parts.length, text: '', annotations: [], logprobs: [], isOwned: false,
      isDone: false }
    parts.push(part)
    emit('content_part.added', { ...at(part), part: toPart(part) })
    return part
  }

  /** The cited passage, where the text contains it; otherwise the whole text of the block. */
  function cite (part: TextPart, from: number, own: string, citations: readonly Citation[]): void {
    let searched = 0
    for (const { url, title, citedText, range } of citations) {
      const isWorth = !isGiven(range) && citedText !== null && citedText !== '' && searched++ < maxSearches
      const found = isWorth ? own.indexOf(citedText) : -1
      const { start, end } = range
        ?? (found === -1 ? { start: 0, end: own.length } : { start: found, end: found + (citedText ?? '').length })
      const annotation: UrlCitation = { type: 'url_citation', start_index: from + Math.min(start, own.length),
        end_index: from + Math.min(end, own.length), url, title }
      emit('output_text.annotation.added', { ...at(part), annotation_index: part.annotations.length, annotation })
      part.annotations.push(annotation)
    }
  }
}

/** The most citations that are searched in the text: each search reads the whole text. */
const maxSearches = 256

function toPart ({ kind, text, annotations, logprobs }: TextPart): AnswerPart {
  return kind === 'refusal'
    ? { type: 'refusal', refusal: text }
    : { type: 'output_text', text, annotations: [...annotations], logprobs: [...logprobs] }
}
