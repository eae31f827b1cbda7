// Decodes upstream's answer block by block into parts, for whole answers and streams alike: a whole block is one whose
// start contains everything.
import { isObject, type JsonObject } from '../../../json.ts'
import type { FinishReason, Part } from '../../contract/part.ts'
import type { DeltaType, PlainDelta } from '../../contract/plain-event.ts'
import type { Carrier } from '../../contract/prompt.ts'
import { readStopReason } from '../stop-reason.ts'
import { createUsageReader } from '../usage.ts'
import { list, stringify, text } from '../wire.ts'

export interface AnswerDecoder {
  readonly start: (message: JsonObject) => Part[]
  readonly open: (index: number, block: JsonObject) => Part[]
  readonly delta: (index: number, delta: JsonObject) => Part[]
  /** The block that such a delta only adds text to; null if it may do more. Changes nothing. */
  readonly continued: (index: number, delta: JsonObject) => Pick<PlainDelta, 'type' | 'block' | 'path' | 'take'> | null
  readonly close: (index: number) => Part[]
  /**
   * Reads the ending of an answer, or the part of it that an event contains.
   * @param usageHolder the object with `usage`
   * @param ending the object with the other fields
   */
  readonly readEnding: (usageHolder: JsonObject, ending: JsonObject) => void
  /** Whether upstream has sent a stop reason. */
  readonly isEnding: () => boolean
  readonly finish: () => Part[]
}

interface Open {
  readonly block: number
  readonly kind:
    | 'text'
    | 'thinking'
    | 'redacted'
    | 'tool'
  /** The block's first form: a thinking block goes back with all its fields. */
  readonly raw: JsonObject
  thinking: string
  signature: string
  hasInput: boolean
}

export function createAnswerDecoder (): AnswerDecoder {
  /** By upstream's index. Ignored blocks are not in the map, so their deltas are ignored too. */
  const blocks = new Map<number, Open>()
  const usage = createUsageReader()
  let isStarted = false
  let count = 0
  let hasCalls = false
  let stopReason: string | null = null
  let stopSequence: string | null = null
  let explanation: string | null = null

  return { start, open, delta, continued, close, readEnding, isEnding: () => stopReason !== null, finish }

  function start (message: JsonObject): Part[] {
    usage.read(message)
    if (isStarted) return []
    isStarted = true
    return [{ type: 'message-start', id: text(message['id']), model: text(message['model']), created: null }]
  }

  function open (index: number, raw: JsonObject): Part[] {
    const before = [...(isStarted ? [] : start({})), ...(blocks.has(index) ? close(index) : [])]
    const kind = kinds[text(raw['type'])]
    if (kind === undefined) return before
    const block = count++
    blocks.set(index, { block, kind, raw, thinking: '', signature: text(raw['signature']), hasInput: false })
    switch (kind) {
      case 'text':
        return [...before, { type: 'text-start', block, apart: false }, ...addText(index, 'text', text(raw['text'])),
          ...list(raw['citations']).flatMap(citation => cite(block, citation))]
      case 'thinking':
        return [...before, { type: 'reasoning-start', block }, ...addText(index, 'thinking', text(raw['thinking']))]
      case 'redacted':
        return [...before, { type: 'reasoning-start', block }]
      case 'tool': {
        hasCalls = true
        return [...before, { type: 'tool-call-start', block, callId: text(raw['id']), name: text(raw['name']),
          namespace: null, kind: 'function', builtin: null }]
      }
    }
  }

  function delta (index: number, delta: JsonObject): Part[] {
    switch (delta['type']) {
      case 'text_delta':
        return addText(index, 'text', text(delta['text']))
      case 'thinking_delta':
        return addText(index, 'thinking', text(delta['thinking']))
      case 'input_json_delta':
        return addText(index, 'tool', text(delta['partial_json']))
      case 'signature_delta': {
        const open = blocks.get(index)
        if (open?.kind === 'thinking') open.signature = text(delta['signature'])
        return []
      }
      case 'citations_delta': {
        const open = blocks.get(index)
        return open?.kind === 'text' ? cite(open.block, delta['citation']) : []
      }
      default:
        return []
    }
  }

  function addText (index: number, kind: Open['kind'], piece: string): Part[] {
    const open = blocks.get(index)
    if (piece === '' || open?.kind !== kind) return []
    const { block } = open
    keep(open, piece)
    switch (kind) {
      case 'text':
        return [{ type: 'text-delta', block, text: piece }]
      case 'thinking':
        return [{ type: 'reasoning-delta', block, text: piece }]
      case 'tool':
        return [{ type: 'tool-call-delta', block, text: piece }]
      case 'redacted':
        return []
    }
  }

  function continued (index: number, delta: JsonObject): ReturnType<AnswerDecoder['continued']> {
    const open = blocks.get(index)
    const known = deltaKinds[text(delta['type'])]
    if (open === undefined || known === undefined || open.kind !== known.kind) return null
    return text(delta[known.field]) === ''
      ? null
      : { type: known.type, block: open.block, path: known.field, take (piece) {
        keep(open, piece)
      } }
  }

  function close (index: number): Part[] {
    const open = blocks.get(index)
    if (open === undefined) return []
    blocks.delete(index)
    const { block, kind, raw, hasInput } = open
    if (kind === 'thinking' || kind === 'redacted') return [{ type: 'block-end', block, carrier: carrierOf(open) }]
    // A call without deltas has its input in its start event, unless that is empty.
    const input: Part[] = kind === 'tool' && !hasInput
      ? [{ type: 'tool-call-delta', block, text: isObject(raw['input']) ? stringify(raw['input']) : '{}' }]
      : []
    return [...input, { type: 'block-end', block }]
  }

  function readEnding (usageHolder: JsonObject, ending: JsonObject): void {
    usage.read(usageHolder)
    stopReason = text(ending['stop_reason']) || stopReason
    stopSequence = text(ending['stop_sequence']) || stopSequence
    const details = ending['stop_details']
    if (isObject(details)) explanation = text(details['explanation']) || explanation
  }

  function finish (): Part[] {
    const before = [...(isStarted ? [] : start({})), ...[...blocks.keys()].flatMap(close)]
    const known = usage.usage()
    const reason: FinishReason = readStopReason(stopReason, hasCalls)
    return [...before, ...(known === null ? [] : [{ type: 'usage', usage: known } as const]), { type: 'message-end',
      reason, stopSequence, explanation }]
  }
}

/** Keeps what the end of the block needs. */
function keep (open: Open, piece: string): void {
  if (open.kind === 'thinking') open.thinking += piece
  if (open.kind === 'tool') open.hasInput = true
}

/** The deltas that add text to a block. */
const deltaKinds: Readonly<Record<string, { kind: Open['kind'], type: DeltaType, field: string } | undefined>> = Object
  .assign(Object.create(null) as object, {
    text_delta: { kind: 'text', type: 'text-delta', field: 'text' },
    thinking_delta: { kind: 'thinking', type: 'reasoning-delta', field: 'thinking' },
    input_json_delta: { kind: 'tool', type: 'tool-call-delta', field: 'partial_json' },
  } as const)

/** Server tools run upstream, and the client does not see them; their blocks are not in this table. */
const kinds: Readonly<Record<string, Open['kind'] | undefined>> = Object.assign(Object.create(null) as object, {
  text: 'text',
  thinking: 'thinking',
  redacted_thinking: 'redacted',
  tool_use: 'tool',
} as const)

/** Without its signature, a thought cannot go back to upstream. */
function carrierOf ({ kind, raw, thinking, signature }: Open): Carrier | null {
  if (kind === 'redacted') return text(raw['data']) === '' ? null : { kind: 'd', item: raw, model: null }
  return signature === '' ? null : { kind: 'm', item: { ...raw, thinking, signature }, model: null }
}

/** Only citations of web pages make sense in other dialects. */
function cite (block: number, citation: unknown): Part[] {
  if (!isObject(citation) || typeof citation['url'] !== 'string' || citation['url'] === '') return []
  return [{ type: 'citation', block, url: citation['url'], title: text(citation['title']),
    citedText: typeof citation['cited_text'] === 'string' ? citation['cited_text'] : null }]
}
