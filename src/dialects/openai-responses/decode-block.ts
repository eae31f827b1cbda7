// The blocks of one output item while it streams: what was said of each part, and what the item's end adds to it.
import type { JsonObject } from '../../json.ts'
import type { Part } from '../part.ts'
import { createHeldText } from './held-text.ts'
import { fields, list, objects, text } from './wire.ts'

/** One item of the answer. All of its methods give the parts that follow, in order. */
export interface ItemDecoder {
  /** A piece of the part `index`; of a call's arguments, `index` means nothing. */
  readonly delta: (kind: PartKind, index: number, delta: string, logprobs: readonly JsonObject[]) => Part[]
  /** The whole of the part, once it is complete. */
  readonly whole: (kind: PartKind, index: number, whole: string | null, part: JsonObject) => Part[]
  readonly annotation: (index: number, annotation: unknown) => Part[]
  /** A part of a message is complete, and its block ends. */
  readonly endPart: (index: number, part: JsonObject) => Part[]
  /** Begins the block of an item that shows nothing yet, so that it keeps its place. */
  readonly begin: () => Part[]
  /** @param item as upstream gave it at its end, or an empty object when it never did */
  readonly end: (item: JsonObject) => Part[]
}
export type PartKind = 'text' | 'refusal' | 'summary' | 'reasoning' | 'input'

/** @param next numbers the blocks of the answer */
export function createMessageDecoder (next: () => number, isApart: boolean): ItemDecoder {
  interface Open { readonly kind: 'text' | 'refusal', readonly block: number, sent: string, citations: number, isOpen: boolean, logprobs: readonly JsonObject[], readonly counted: JsonObject[] }
  const parts = new Map<number, Open>()

  const open = (kind: PartKind, index: number, out: Part[]): Open => {
    const known = parts.get(index)
    if (known !== undefined) return known
    const made: Open = { kind: kind === 'refusal' ? 'refusal' : 'text', block: next(), sent: '', citations: 0, isOpen: true, logprobs: [], counted: [] }
    out.push(made.kind === 'text' ? { type: 'text-start', block: made.block, apart: isApart && parts.size === 0 } : { type: 'refusal-start', block: made.block })
    parts.set(index, made)
    return made
  }
  const say = (part: Open, delta: string, out: Part[]): void => {
    if (delta === '' || !part.isOpen) return
    part.sent += delta
    out.push({ type: part.kind === 'text' ? 'text-delta' : 'refusal-delta', block: part.block, text: delta })
  }
  const cite = (part: Open, annotation: unknown, out: Part[]): void => {
    const { type, url, title, start_index: start, end_index: end } = fields(annotation)
    part.citations++
    if (type !== 'url_citation' || typeof url !== 'string' || part.kind !== 'text' || !part.isOpen) return
    const cited = typeof start === 'number' && typeof end === 'number' && end > start && start >= 0 ? part.sent.slice(start, end) : ''
    out.push({ type: 'citation', block: part.block, url, title: text(title), citedText: cited === '' ? null : cited })
  }
  const close = (part: Open, out: Part[]): void => {
    if (!part.isOpen) return
    part.isOpen = false
    const logprobs = part.logprobs.length > 0 ? part.logprobs : part.counted
    out.push({ type: 'block-end', block: part.block, ...(logprobs.length > 0 ? { logprobs } : {}) })
  }
  /** What the part says as a whole, beyond what was streamed of it. */
  const complete = (kind: PartKind, index: number, whole: string | null, given: JsonObject, out: Part[]): void => {
    if (!parts.has(index) && (whole ?? '') === '') return
    const part = open(kind, index, out)
    if (whole !== null && whole.startsWith(part.sent)) say(part, whole.slice(part.sent.length), out)
    for (const annotation of list(given['annotations']).slice(part.citations)) cite(part, annotation, out)
    if (objects(given['logprobs']).length > 0) part.logprobs = objects(given['logprobs'])
  }
  return {
    delta (kind, index, delta, logprobs) {
      const out: Part[] = []
      if (delta === '') return out
      const part = open(kind, index, out)
      for (const entry of logprobs) part.counted.push(entry)
      say(part, delta, out)
      return out
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
    else if (part['type'] === 'output_text' || part['type'] === 'text') complete('text', index, text(part['text']), part, out)
    const known = parts.get(index)
    if (known !== undefined) close(known, out)
  }
}

export function createReasoningDecoder (next: () => number): ItemDecoder {
  let block: number | null = null
  /** What was said of each part of the summary, or of the open reasoning. */
  const sent = new Map<string, string>()
  let isEnded = false

  const begin = (out: Part[]): number => {
    if (block === null) out.push({ type: 'reasoning-start', block: block = next() })
    return block
  }
  const say = (key: string, delta: string, out: Part[]): void => {
    if (delta === '' || isEnded) return
    const at = begin(out)
    const before = sent.get(key)
    // Parts of a summary stand apart.
    const gap = before === undefined && sent.size > 0 ? '\n\n' : ''
    sent.set(key, (before ?? '') + delta)
    out.push({ type: 'reasoning-delta', block: at, text: gap + delta })
  }
  const complete = (key: string, whole: string, out: Part[]): void => {
    const before = sent.get(key) ?? ''
    if (whole.startsWith(before)) say(key, whole.slice(before.length), out)
  }
  return {
    delta (kind, index, delta) {
      const out: Part[] = []
      say(`${kind}${index}`, delta, out)
      return out
    },
    whole (kind, index, whole) {
      const out: Part[] = []
      complete(`${kind}${index}`, whole ?? '', out)
      return out
    },
    annotation: () => [],
    endPart: () => [],
    begin () {
      const out: Part[] = []
      if (!isEnded) begin(out)
      return out
    },
    end (item) {
      const out: Part[] = []
      objects(item['summary']).forEach((part, index) => complete(`summary${index}`, text(part['text']), out))
      objects(item['content']).forEach((part, index) => complete(`reasoning${index}`, text(part['text']), out))
      const hasState = typeof item['encrypted_content'] === 'string' && item['encrypted_content'] !== ''
      // Reasoning that shows nothing and keeps nothing is none; Copilot sends such items even where none was asked for.
      if (hasState && !isEnded) begin(out)
      if (block !== null && !isEnded) out.push({ type: 'block-end', block, carrier: hasState ? { kind: 'r', item, model: null } : null })
      isEnded = true
      return out
    },
  }
}

/** @param item as it was added; its id of the call must be known */
export function createCallDecoder (next: () => number, item: JsonObject): ItemDecoder & { readonly start: () => Part[] } {
  const kind = item['type'] === 'custom_tool_call' ? 'custom' : 'function'
  const block = next()
  const input = createHeldText()
  let isEnded = false
  let isEmpty = true

  const say = (delta: string): Part[] => {
    if (delta === '' || isEnded) return []
    isEmpty = false
    return [{ type: 'tool-call-delta', block, text: delta }]
  }
  return {
    start: () => [{ type: 'tool-call-start', block, callId: text(item['call_id']), name: text(item['name']), namespace: null, kind, builtin: null }],
    delta: (_kind, _index, delta) => say(input.push(delta)),
    whole: (_kind, _index, whole) => whole === null ? [] : say(input.end(whole)),
    annotation: () => [],
    endPart: () => [],
    begin: () => [],
    end (done) {
      const whole = done[kind === 'custom' ? 'input' : 'arguments']
      const rest = say(input.end(typeof whole === 'string' ? whole : null))
      // A client would parse an empty text.
      const out: Part[] = isEmpty && !isEnded && kind === 'function' ? [...rest, { type: 'tool-call-delta', block, text: '{}' }] : rest
      if (!isEnded) out.push({ type: 'block-end', block })
      isEnded = true
      return out
    },
  }
}
