// The items of an answer while they grow: each says its own events, in the order that the vendor's accumulators demand.
// `translation.md` 1.2.5, 3.1.2.
import type { JsonObject } from '../../json.ts'
import { packCarrier } from '../carrier.ts'
import type { Citation, Part } from '../part.ts'
import type { Carrier } from '../prompt.ts'
import { writeBuiltinCall } from './builtins.ts'

/** Says an event of the item; `type` without its `response.`. */
export type Emit = (type: string, payload: JsonObject) => void
export type ItemStatus = 'completed' | 'incomplete'

export interface OutputItem {
  /** The item as far as it has come. @param otherwise its status while it is not done */
  readonly snapshot: (otherwise: ItemStatus) => JsonObject
  /** Ends it; a second time does nothing. */
  readonly done: (status: ItemStatus) => void
}

export interface MessageItem extends OutputItem {
  /** A place for the text of one block; what follows a text that has ended goes on in its part. */
  readonly open: (kind: 'output_text' | 'refusal') => TextSlot
  /** How many blocks still write to it. */
  readonly writers: () => number
}
export interface TextSlot {
  readonly delta: (text: string) => void
  readonly end: (citations: readonly Citation[], logprobs: readonly JsonObject[]) => void
}

interface TextPart { readonly kind: 'output_text' | 'refusal', readonly index: number, text: string, readonly annotations: JsonObject[], readonly logprobs: JsonObject[], isOwned: boolean, isDone: boolean }

export function createMessageItem (emit: Emit, id: string): MessageItem {
  const parts: TextPart[] = []
  let writers = 0
  let final: ItemStatus | null = null

  const snapshot = (otherwise: ItemStatus | 'in_progress'): JsonObject => ({ id, type: 'message', status: final ?? otherwise, role: 'assistant', content: parts.map(toPart) })
  const at = (part: TextPart): JsonObject => ({ item_id: id, content_index: part.index })
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
      return {
        delta (text) {
          part.text += text
          emit(`${kind}.delta`, { ...at(part), delta: text, ...(kind === 'refusal' ? {} : { logprobs: [] }) })
        },
        end (citations, logprobs) {
          if (kind === 'output_text') cite(part, from, citations)
          for (const entry of logprobs) part.logprobs.push(entry)
          part.isOwned = false
          writers--
          // The last part may still go on.
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
    const part: TextPart = { kind, index: parts.length, text: '', annotations: [], logprobs: [], isOwned: false, isDone: false }
    parts.push(part)
    emit('content_part.added', { ...at(part), part: toPart(part) })
    return part
  }

  /** The passage that is cited where the citation says it, else the whole text of the block. */
  function cite (part: TextPart, from: number, citations: readonly Citation[]): void {
    const own = part.text.slice(from)
    let searched = 0
    for (const { url, title, citedText } of citations) {
      const isWorth = citedText !== null && citedText !== '' && searched++ < maxSearches
      const found = isWorth ? own.indexOf(citedText) : -1
      const start = found === -1 ? from : from + found
      const annotation = { type: 'url_citation', start_index: start, end_index: found === -1 ? part.text.length : start + (citedText ?? '').length, url, title }
      emit('output_text.annotation.added', { ...at(part), annotation_index: part.annotations.length, annotation })
      part.annotations.push(annotation)
    }
  }
}

/** So many citations of a text are looked up in it; each costs a pass over the text. */
const maxSearches = 256

function toPart ({ kind, text, annotations, logprobs }: TextPart): JsonObject {
  return kind === 'refusal' ? { type: 'refusal', refusal: text } : { type: 'output_text', text, annotations: [...annotations], logprobs: [...logprobs] }
}

export interface ReasoningItem extends OutputItem {
  readonly delta: (text: string) => void
  readonly end: (carrier: Carrier | null) => void
}

/** @param shown whether the client asked to see it; @param isKept whether it asked for its state */
export function createReasoningItem (emit: Emit, id: string, shown: boolean, isKept: boolean): ReasoningItem {
  let text = ''
  let state: string | null = null
  let isDone = false
  const at = { item_id: id, summary_index: 0 }
  const snapshot = (): JsonObject => ({ id, type: 'reasoning', summary: text === '' ? [] : [{ type: 'summary_text', text }], ...(state === null ? {} : { encrypted_content: state }) })
  emit('output_item.added', { item: snapshot() })

  const done = (): void => {
    if (isDone) return
    isDone = true
    if (text !== '') {
      emit('reasoning_summary_text.done', { ...at, text })
      emit('reasoning_summary_part.done', { ...at, part: { type: 'summary_text', text } })
    }
    emit('output_item.done', { item: snapshot() })
  }
  return {
    snapshot,
    done,
    delta (delta) {
      if (!shown) return
      if (text === '') emit('reasoning_summary_part.added', { ...at, part: { type: 'summary_text', text: '' } })
      text += delta
      emit('reasoning_summary_text.delta', { ...at, delta })
    },
    end (carrier) {
      if (isKept && carrier !== null) state = packCarrier(carrier)
      done()
    },
  }
}

export interface CallItem extends OutputItem {
  readonly delta: (text: string) => void
}
type CallStart = Extract<Part, { type: 'tool-call-start' }>

/** @param callId unique in the answer */
export function createCallItem (emit: Emit, newId: () => string, { kind, name, namespace }: Pick<CallStart, 'kind' | 'name' | 'namespace'>, callId: string): CallItem {
  const isCustom = kind === 'custom'
  const id = `${isCustom ? 'ctc' : 'fc'}_${newId()}`
  const [type, field, event] = isCustom ? ['custom_tool_call', 'input', 'custom_tool_call_input'] : ['function_call', 'arguments', 'function_call_arguments']
  let input = ''
  let final: ItemStatus | null = null
  const snapshot = (otherwise: ItemStatus | 'in_progress'): JsonObject =>
    ({ id, type, status: final ?? otherwise, call_id: callId, name, ...(namespace === null ? {} : { namespace }), [field]: input })
  const delta = (text: string): void => {
    input += text
    emit(`${event}.delta`, { item_id: id, delta: text })
  }
  emit('output_item.added', { item: snapshot('in_progress') })

  return {
    snapshot,
    delta,
    done (status) {
      if (final !== null) return
      // A custom call has no other status.
      final = isCustom ? 'completed' : status
      // A client would parse an empty text.
      if (!isCustom && input.trim() === '') delta('{}')
      emit(`${event}.done`, { item_id: id, ...(isCustom ? {} : { name }), [field]: input })
      emit('output_item.done', { item: snapshot(status) })
    },
  }
}

/** A call of a tool that OpenAI defines: it has no deltas, so it is said whole. */
export function createBuiltinItem (emit: Emit, newId: () => string, start: CallStart & { readonly builtin: string }, callId: string, input: string): OutputItem {
  const written = writeBuiltinCall(start.builtin, input)
  if (written === null) {
    // Not what the tool takes: as a function's call the client can at least refuse it.
    const call = createCallItem(emit, newId, start, callId)
    if (input !== '') call.delta(input)
    call.done('completed')
    return call
  }
  const { type, ...fields } = written.fields
  const item: JsonObject = { id: `${written.prefix}_${newId()}`, type, status: 'completed', call_id: callId, ...fields }
  emit('output_item.added', { item: { ...item, status: 'in_progress' } })
  emit('output_item.done', { item })
  return { snapshot: () => item, done: () => {} }
}
