// Decodes the blocks of one message while it streams: the deltas of each part, and what its end adds.
import type { JsonObject } from '../../../json.ts'
import type { Part } from '../../contract/part.ts'
import { createPassages, type Passages } from '../../shared/passages.ts'
import { claimOf, claimReach } from '../../shared/claims.ts'
import { cleanUrl } from '../../shared/web-tools.ts'
import { goesOn } from './decode-held-text.ts'
import type { ItemDecoder, PartKind } from './decode-item.ts'
import { fields, list, objects, text } from '../wire.ts'

/** @param next numbers the blocks of the answer */
export function createMessageDecoder (next: () => number, isApart: boolean): ItemDecoder {
  interface Open {
    readonly kind: 'text' | 'refusal'
    readonly block: number
    sent: string
    readonly passages: Passages
    citations: number
    isOpen: boolean
    logprobs: readonly JsonObject[]
    readonly counted: JsonObject[]
  }
  const parts = new Map<number, Open>()

  const open = (kind: PartKind, index: number, out: Part[]): Open => {
    const known = parts.get(index)
    if (known !== undefined) return known
    const made: Open = { kind: kind === 'refusal' ? 'refusal' : 'text', block: next(), sent: '',
      passages: createPassages(), citations: 0, isOpen: true, logprobs: [], counted: [] }
    out.push(
      made.kind === 'text'
        ? { type: 'text-start', block: made.block, apart: isApart && parts.size === 0 }
        : { type: 'refusal-start', block: made.block },
    )
    parts.set(index, made)
    return made
  }
  const keep = (part: Open, delta: string): void => {
    part.sent += delta
    part.passages.push(delta)
  }
  const write = (part: Open, delta: string, out: Part[]): void => {
    if (delta === '' || !part.isOpen) return
    keep(part, delta)
    out.push({ type: part.kind === 'text' ? 'text-delta' : 'refusal-delta', block: part.block, text: delta })
  }
  const cite = (part: Open, annotation: unknown, out: Part[]): void => {
    const { type, url, title, start_index: start, end_index: end } = fields(annotation)
    part.citations++
    if (type !== 'url_citation' || typeof url !== 'string' || part.kind !== 'text' || !part.isOpen) return
    const range = typeof start === 'number' && typeof end === 'number' && end > start && start >= 0
      ? { start, end: Math.min(end, part.passages.length()) }
      : null
    const cited = range === null ? '' : part.passages.slice(range.start, range.end)
    out.push({ type: 'citation', block: part.block, url: cleanUrl(url), title: text(title),
      ...(range === null || cited === ''
        ? { citedText: null }
        : { citedText: cited, range,
          claim: claimOf(cited, part.passages.slice(Math.max(0, range.start - claimReach), range.start)) }) })
  }
  const close = (part: Open, out: Part[]): void => {
    if (!part.isOpen) return
    part.isOpen = false
    const logprobs = part.logprobs.length > 0 ? part.logprobs : part.counted
    out.push({ type: 'block-end', block: part.block, ...(logprobs.length > 0 ? { logprobs } : {}) })
  }
  /** Emits what the whole part contains beyond its deltas. */
  const complete = (kind: PartKind, index: number, whole: string | null, given: JsonObject, out: Part[]): void => {
    if (!parts.has(index) && (whole ?? '') === '') return
    const part = open(kind, index, out)
    if (whole !== null && goesOn(whole, part.sent)) write(part, whole.slice(part.sent.length), out)
    for (const annotation of list(given['annotations']).slice(part.citations)) cite(part, annotation, out)
    if (objects(given['logprobs']).length > 0) part.logprobs = objects(given['logprobs'])
  }
  return {
    delta (kind, index, delta, logprobs) {
      const out: Part[] = []
      if (delta === '') return out
      const part = open(kind, index, out)
      for (const entry of logprobs) part.counted.push(entry)
      write(part, delta, out)
      return out
    },
    continued (_kind, index) {
      const part = parts.get(index)
      return part?.isOpen !== true ? null : { type: `${part.kind}-delta`, block: part.block, take (delta) {
        keep(part, delta)
      } }
    },
    whole (kind, index, whole, part) {
      const out: Part[] = []
      complete(kind, index, whole, part, out)
      return out
    },
    annotation (index, annotation) {
      const out: Part[] = []
      const part = parts.get(index)
      if (part !== undefined) cite(part, annotation, out)
      return out
    },
    endPart (index, part) {
      const out: Part[] = []
      endPart(index, part, out)
      return out
    },
    begin: () => [],
    end (item) {
      const out: Part[] = []
      objects(item['content']).forEach((part, index) => endPart(index, part, out))
      for (const part of parts.values()) close(part, out)
      return out
    },
  }

  function endPart (index: number, part: JsonObject, out: Part[]): void {
    if (part['type'] === 'refusal') complete('refusal', index, text(part['refusal']), part, out)
    else if (part['type'] === 'output_text' || part['type'] === 'text') {
      complete('text', index, text(part['text']), part, out)
    }
    const known = parts.get(index)
    if (known !== undefined) close(known, out)
  }
}
