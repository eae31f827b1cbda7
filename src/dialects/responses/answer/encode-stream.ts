// Parts as a Responses answer, streamed or whole: one machine says both, so that they cannot differ.
// `docs/spec/translation.md#responses-events`, `docs/spec/translation.md#sdk-responses`.
import { utf8 } from '../../../bytes.ts'
import type { GatewayError } from '../../../errors.ts'
import type { EncodeOptions, StreamEncoder } from '../../contract/dialect.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import { numberedBytes, spliceText } from '../../shared/framed-bytes.ts'
import type { Citation, FinishReason, Part, Usage } from '../../contract/part.ts'
import { createBuiltinItem, createCallItem } from './encode-call.ts'
import { encryptedReasoning } from '../request/decode-request.ts'
import { toResponseError } from '../errors.ts'
import { incompleteReason } from '../stop-reason.ts'
import { createMessageItem, type MessageItem, type TextSlot } from './encode-message.ts'
import type { Emit, OutputItem } from './encode-item.ts'
import { createReasoningItem } from './encode-reasoning.ts'
import { createEcho, toResponseId } from '../wire-response.ts'
import { writeUsage } from '../usage.ts'
import type { AnswerResponse, ItemEvent, ItemPayload, ResponseState } from '../wire-answer.ts'
import { fields, list, writeEvent } from '../wire.ts'

/** An event as the machine writes it: without its number, and of its item already in JSON where it carries one. */
export type MachineEvent = { readonly type: ResponseEventType, readonly response: AnswerResponse } | {
  readonly type: `response.${ItemEvent}`,
  readonly output_index: number,
  readonly [field: string]: unknown,
}
type ResponseEventType = `response.${'created' | 'in_progress' | 'completed' | 'incomplete' | 'failed'}`

export function createEncoder (options: EncodeOptions): StreamEncoder {
  let out = ''
  let sequence = 0
  const machine = createMachine(options, event => {
    const { type, ...payload } = event
    out += writeEvent({ type, sequence_number: sequence++, ...payload })
    if (type === 'response.completed' && 'response' in event) options.completed?.(fields(event.response))
  }, (place, text) => {
    out += textDelta(place, text)
  })
  const textDelta = (place: string, text: string): string =>
    `${deltaOpening}${sequence++},${place},"delta":${JSON.stringify(text)}${deltaClosing}`
  const flush = (): string => {
    const said = out
    out = ''
    return said
  }
  return {
    push (part) {
      machine.push(part)
      return flush()
    },
    continueText (block) {
      const slot = machine.slotOf(block)
      const place = slot?.place ?? null
      if (slot === null || place === null) return null
      const before = numberedBytes(deltaOpening, `,${place},"delta":"`)
      return {
        write (text) {
          slot.keep(text)
          return textDelta(place, text)
        },
        writeAlone (text) {
          slot.keep(text)
          const bytes = spliceText(before(sequence), text, deltaEnd)
          if (bytes === null) return textDelta(place, text)
          sequence++
          return bytes
        },
      }
    },
    end: () => '',
    fail (error) {
      machine.fail(error)
      return flush()
    },
  }
}

const deltaOpening = 'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","sequence_number":'
const deltaClosing = ',"logprobs":[]}\n\n'
const deltaEnd = utf8(`"${deltaClosing}`)

interface Machine {
  readonly push: (part: Part) => void
  readonly fail: (error: GatewayError) => void
  /** Of an open block that has text: where more of it goes. */
  readonly slotOf: (block: number) => TextSlot | null
}

/** What a block does with its deltas and its end. */
interface Writer {
  readonly delta: (text: string) => void
  readonly slot?: () => TextSlot | null
  readonly cite?: (citation: Citation) => void
  readonly end: (part: Extract<Part, { type: 'block-end' }>) => void
}

/**
 * @param say hears every event, numbers aside, but for pieces of text
 * @param sayText hears those: where they belong, as the fields of an event in JSON, and the text
 */
export function createMachine (
  { prompt, model, now, newId }: EncodeOptions,
  say: (event: MachineEvent) => void,
  sayText: (place: string, text: string) => void = () => {},
): Machine {
  /** In the order of their `output_index`. */
  const items: OutputItem[] = []
  const writers = new Map<number, Writer>()
  const callIds = new Set<string>()
  /** The message at the end of the answer, as long as more text may be put into it. */
  let run: MessageItem | null = null
  let echo: AnswerResponse | null = null
  let usage: Usage | null = null
  let isDone = false
  const isKept = list(prompt.body['include']).includes(encryptedReasoning)
  const seconds = (): number => Math.floor(now() / 1_000)

  return {
    push (part) {
      if (!isDone) read(part)
    },
    slotOf: block => isDone ? null : writers.get(block)?.slot?.() ?? null,
    fail (error) {
      if (isDone) return
      isDone = true
      const head = begin('', null)
      const state: ResponseState = { status: 'failed', error: toResponseError(error), incomplete_details: null,
        output: items.map(item => item.snapshot('incomplete')), usage: usage === null ? null : writeUsage(usage) }
      say({ type: 'response.failed', response: { ...head, ...state } })
    },
  }

  function read (part: Part): void {
    switch (part.type) {
      case 'message-start':
        begin(part.id, part.created)
        return
      case 'text-start':
        text(part.block, 'output_text', part.apart)
        return
      case 'refusal-start':
        text(part.block, 'refusal', false)
        return
      case 'reasoning-start': {
        const item = add(emit => createReasoningItem(emit, `rs_${newId()}`, prompt.showReasoning, isKept))
        writers.set(part.block, { delta: item.delta, end: ({ carrier }) => item.end(carrier ?? null) })
        return
      }
      case 'tool-call-start':
        call(part)
        return
      case 'text-delta':
      case 'refusal-delta':
      case 'reasoning-delta':
      case 'tool-call-delta':
        writers.get(part.block)?.delta(part.text)
        return
      case 'citation':
        writers.get(part.block)?.cite?.(part)
        return
      case 'block-end':
        writers.get(part.block)?.end(part)
        writers.delete(part.block)
        return
      case 'usage':
        usage = part.usage
        return
      case 'message-end':
        finish(part.reason)
    }
  }

  /** `response.created`, once. @returns the part of the response that stays */
  function begin (id: string, created: number | null): AnswerResponse {
    if (echo !== null) return echo
    echo = createEcho(prompt.body, { id: toResponseId(id, newId), createdAt: created ?? seconds(), model })
    const state: ResponseState = { status: 'in_progress', error: null, incomplete_details: null, output: [],
      usage: null }
    const response = { ...echo, ...state }
    say({ type: 'response.created', response })
    say({ type: 'response.in_progress', response })
    return echo
  }

  /** A new item at the end; the message before it is complete, unless one of its blocks is not. */
  function add<Item extends OutputItem> (create: (emit: Emit) => Item): Item {
    begin('', null)
    if (run !== null && run.writers() === 0) run.done('completed')
    run = null
    const index = items.length
    const emit = <Name extends ItemEvent>(type: Name, fields: ItemPayload<Name>) => {
      const { item_id: id, ...payload } = fields as { item_id?: string }
      say({ type: `response.${type}`, ...(id === undefined ? {} : { item_id: id }), output_index: index, ...payload })
    }
    const placeOf = (id: string, contentIndex: number) =>
      `"item_id":${JSON.stringify(id)},"output_index":${index},"content_index":${contentIndex}`
    const item = create(Object.assign(emit, { textDelta: sayText, placeOf }))
    items.push(item)
    return item
  }

  /** Text begins with its first delta: an empty block leaves no trace. */
  function text (block: number, kind: 'output_text' | 'refusal', isApart: boolean): void {
    const citations: Citation[] = []
    let message: MessageItem | null = null
    let slot: TextSlot | null = null
    writers.set(block, {
      slot: () => slot,
      cite: citation => {
        citations.push(citation)
      },
      delta (delta) {
        if (slot === null) {
          message = run !== null && !isApart ? run : run = add(emit => createMessageItem(emit, `msg_${newId()}`))
          slot = message.open(kind)
        }
        slot.delta(delta)
      },
      end ({ logprobs }) {
        slot?.end(citations, logprobs ?? [])
        if (message !== null && message !== run && message.writers() === 0) message.done('completed')
      },
    })
  }

  function call (part: Extract<Part, { type: 'tool-call-start' }>): void {
    // Clients tell calls apart by this id, and their SDKs throw where one comes twice.
    const callId = part.callId === '' || callIds.has(part.callId) ? `call_${newId()}` : part.callId
    callIds.add(callId)
    const { builtin } = part
    if (builtin !== null) {
      let input = ''
      writers.set(part.block, { delta: more => {
        input += more
      }, end: ({ isCut }) => {
        add(emit => createBuiltinItem(emit, newId, { ...part, builtin }, callId, input, isCut === true))
      } })
      return
    }
    const item = add(emit => createCallItem(emit, newId, part, callId))
    writers.set(part.block, { delta: item.delta,
      end: ({ isCut }) => item.done(isCut === true ? 'incomplete' : 'completed') })
  }

  function finish (reason: FinishReason): void {
    const head = begin('', null)
    const incomplete = incompleteReason(reason)
    const status = incomplete === null ? 'completed' : 'incomplete'
    for (const [block, writer] of writers) writer.end({ type: 'block-end', block })
    for (const item of items) item.done(status)
    isDone = true
    const state = omitUndefined<ResponseState>({
      status,
      completed_at: incomplete === null ? seconds() : undefined,
      error: null,
      incomplete_details: incomplete === null ? null : { reason: incomplete },
      output: items.map(item => item.snapshot(status)),
      usage: writeUsage(usage),
    })
    say({ type: `response.${status}`, response: { ...head, ...state } })
  }
}
