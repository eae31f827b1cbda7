// Encodes one block of an answer as a stream for a Messages client: starts it when it has content, and ends it with
// everything that Anthropic's SDK needs. `encode-stream.ts` decides which block streams when.
import type { Carrier } from '../../contract/prompt.ts'
import type { SearchRecord } from '../../contract/search.ts'
import { packCarrier } from '../../shared/carrier.ts'
import type { Citation, Part } from '../../contract/part.ts'
import type { PlainText } from '../../contract/plain-event.ts'
import { GatewayError } from '../../../errors.ts'
import { createJsonGuard } from '../../shared/json-guard.ts'
import { writeSearch } from './encode-search.ts'
import { text, writeEvent, type AnswerBlock, type WireCitation, type WireDelta } from '../wire.ts'

export interface BlockEncoder {
  readonly push: (part: Part) => string
  /** How more text is written, once the block has begun. Changes nothing until `take` is called. */
  readonly continued: () =>
    | PlainText
    | null
  /**
   * Ends a block that has begun. The input of a cut-off call stays as it is.
   * @throws {GatewayError} for a call whose input is no object: Messages has no other form
   */
  readonly end: (
    part: { readonly carrier?: Carrier | null, readonly isCut?: boolean, readonly search?: SearchRecord },
  ) => string
}

export interface BlockOptions {
  /** The next free index. Empty blocks never take one. */
  readonly takeIndex: () => number
  readonly showReasoning: boolean
  readonly newId: () => string
}

type Start = Extract<Part, { type: `${string}-start`, block: number }>

export function createBlockEncoder (start: Start, options: BlockOptions): BlockEncoder {
  switch (start.type) {
    case 'text-start':
    case 'refusal-start':
      return createText(options)
    case 'reasoning-start':
      return createThinking(options)
    case 'tool-call-start':
      return createToolUse(start, options)
    case 'search-start':
      return createSearch(start.callId, options)
  }
}

/** The two blocks of a search go out whole, because the second has what the first led to. */
function createSearch (callId: string, { takeIndex, newId }: BlockOptions): BlockEncoder {
  return { push: () => '', continued: () => null, end ({ search }) {
    const [use, result] = search === undefined ? [] : writeSearch(search, callId, newId)
    if (use === undefined || result === undefined) return ''
    const called = createWriter(takeIndex)
    const input = called.open({ ...use, input: {} })
      + called.delta({ type: 'input_json_delta', partial_json: JSON.stringify(use.input) }) + called.close()
    const found = createWriter(takeIndex)
    return input + found.open(result) + found.close()
  } }
}

interface Writer {
  readonly open: (block: AnswerBlock) => string
  readonly delta: (delta: WireDelta) => string
  readonly close: () => string
  readonly isOpen: () => boolean
}

function createWriter (takeIndex: () => number): Writer {
  let index = -1
  return {
    open (block) {
      index = takeIndex()
      return writeEvent('content_block_start', { index, content_block: block })
    },
    delta: delta => writeEvent('content_block_delta', { index, delta }),
    close: () => writeEvent('content_block_stop', { index }),
    isOpen: () => index !== -1,
  }
}

function createText ({ takeIndex }: BlockOptions): BlockEncoder {
  const { open, delta, close, isOpen } = createWriter(takeIndex)
  /** Citations that arrived before the first text. */
  const early: WireDelta[] = []
  return {
    push (part) {
      if (part.type === 'citation') {
        const citation: WireDelta = { type: 'citations_delta', citation: toCitation(part) }
        if (isOpen()) return delta(citation)
        early.push(citation)
      }
      if ((part.type !== 'text-delta' && part.type !== 'refusal-delta') || part.text === '') return ''
      const before = isOpen() ? '' : open({ type: 'text', text: '' })
      const cited = early.length === 0 ? '' : early.splice(0).map(delta).join('')
      return before + cited + delta({ type: 'text_delta', text: part.text })
    },
    continued: () => isOpen() && early.length === 0 ? { path: 'delta.text', take: piece => piece } : null,
    end: () => isOpen() ? close() : '',
  }
}

export function toCitation ({ url, title, citedText, claim }: Citation): WireCitation {
  return { type: 'web_search_result_location', url, title, cited_text: claim ?? citedText ?? '', encrypted_index: '' }
}

/** If state arrives without any reasoning text, and from Chat, it is late: its thinking block is already closed. */
function createThinking ({ takeIndex, showReasoning }: BlockOptions): BlockEncoder {
  const { open, delta, close, isOpen } = createWriter(takeIndex)
  let shown = ''
  return {
    push (part) {
      if (part.type !== 'reasoning-delta' || part.text === '') return ''
      shown += part.text
      if (!showReasoning) return ''
      const before = isOpen() ? '' : open({ type: 'thinking', thinking: '', signature: '' })
      return before + delta({ type: 'thinking_delta', thinking: part.text })
    },
    continued: () =>
      showReasoning && !isOpen() ? null : { path: showReasoning ? 'delta.thinking' : null, take (piece) {
        shown += piece
        return showReasoning ? piece : ''
      } },
    end ({ carrier = null }) {
      if (carrier === null) return isOpen() ? close() : ''
      const redacted = redactedData(carrier, shown)
      if (redacted !== null) {
        return (isOpen() ? close() : '') + open({ type: 'redacted_thinking', data: redacted }) + close()
      }
      const before = isOpen() ? '' : open({ type: 'thinking', thinking: '', signature: '' })
      return before + delta({ type: 'signature_delta', signature: signatureOf(carrier, showReasoning ? shown : '') })
        + close()
    },
  }
}

/** The content of a `redacted_thinking` block, or null if the carrier belongs to a thinking block. */
export function redactedData (carrier: Carrier, shown: string): string | null {
  if (carrier.kind === 'd') return text(carrier.item['data']) || packCarrier(carrier)
  return carrier.kind === 'c' && shown === '' ? packCarrier(carrier) : null
}

/** Anthropic's own signature is only valid with its original text. */
export function signatureOf (carrier: Carrier, shown: string): string {
  const { kind, item } = carrier
  return kind === 'm' && item['thinking'] === shown && text(item['signature']) !== ''
    ? text(item['signature'])
    : packCarrier(carrier)
}

/** Anthropic's SDK throws on input that is no JSON, and takes closed input for complete. */
export function notAnObject (name: string): GatewayError {
  return new GatewayError('upstream_error',
    `Copilot's answer calls ${name.slice(0, 128)} with arguments that are no JSON object.`)
}

const maxHeld = 64

function createToolUse (
  { callId, name, kind }: Extract<Start, { type: 'tool-call-start' }>,
  { takeIndex }: BlockOptions,
): BlockEncoder {
  const { open, delta, close, isOpen } = createWriter(takeIndex)
  const guard = createJsonGuard()
  const isCustom = kind === 'custom'
  const write = (json: string) => json === '' ? '' : delta({ type: 'input_json_delta', partial_json: json })
  /** Input that may still turn out to be empty: white space, or `null`. */
  let held = ''
  const take = (json: string): string => {
    held += json
    if (held.length < maxHeld && 'null'.startsWith(held.trim())) return ''
    const out = guard.push(held)
    held = ''
    return out
  }
  const begin = () =>
    isOpen()
      ? ''
      : open({ type: 'tool_use', id: callId, name, input: {} }) + (isCustom ? write(guard.push('{"input":"')) : '')
  const pass = (piece: string): string => isCustom ? guard.push(JSON.stringify(piece).slice(1, -1)) : take(piece)
  return {
    push (part) {
      if (part.type === 'tool-call-start') return begin()
      if (part.type !== 'tool-call-delta' || part.text === '') return ''
      return begin() + write(pass(part.text))
    },
    continued: () => isOpen() ? { path: 'delta.partial_json', take: pass } : null,
    end ({ isCut = false }) {
      if (isCut) return begin() + write(guard.push(held)) + close()
      const hasNone = held.trim() === '' || held.trim() === 'null'
      const closing = guard.push(isCustom ? '"}' : guard.state() !== 'empty' ? held : hasNone ? '{}' : held)
      const out = begin() + write(closing)
      if (guard.state() !== 'whole') throw notAnObject(name)
      return out + close()
    },
  }
}
