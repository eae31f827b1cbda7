// Encodes parts as a Responses answer. One machine writes streams and whole answers, so that they cannot differ.
// `docs/spec/translation.md#responses-events`, `docs/spec/translation.md#sdk-responses`.
import type { GatewayError } from '../../../errors.ts'
import type { EncodeOptions, StreamEncoder } from '../../contract/dialect.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { Citation, FinishReason, Part, Usage } from '../../contract/part.ts'
import type { Counter, PlainText } from '../../contract/plain-event.ts'
import { createBuiltinItem, createCallItem } from './encode-call.ts'
import { encryptedReasoning } from '../request/decode-request.ts'
import { toResponseError } from '../errors.ts'
import { incompleteReason } from '../stop-reason.ts'
import { createMessageItem, type MessageItem, type TextSlot } from './encode-message.ts'
import type { Emit, OutputItem } from './encode-item.ts'
import { createSearchItem } from './encode-search.ts'
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
  })
  const counter: Counter = { path: 'sequence_number', next: () => sequence++ }
  const flush = (): string => {
    const written = out
    out = ''
    return written
  }
  return {
    push (part) {
      machine.push(part)
      return flush()
    },
    continueText (_type, block) {
      const more = machine.continued(block)
      return more && { ...more, counter }
    },
    end: () => '',
    fail (error) {
      machine.fail(error)
      return flush()
    },
  }
}

interface Machine {
  readonly push: (part: Part) => void
  readonly fail: (error: GatewayError) => void
  /** How more text of an open block is written. Changes nothing until `take` is called. */
  readonly continued: (block: number) => Continued | null
}

type Continued = Pick<PlainText, 'path' | 'take'>

/** Writes the deltas and the end of a block. */
interface Writer {
  readonly delta: (text: string) => void
  readonly continued: () => Continued | null
  readonly cite?: (citation: Citation) => void
  readonly end: (part: Extract<Part, { type: 'block-end' }>) => void
}

/** @param emitEvent takes every event, without its number */
export function createMachine (
  { prompt, model, now, newId }: EncodeOptions,
  emitEvent: (event: MachineEvent) => void,
): Machine {
  /** In the order of their `output_index`. */
  const items: OutputItem[] = []
  const writers = new Map<number, Writer>()
  const callIds = new Set<string>()
  /** The message at the end of the answer, while more text may be put into it. */
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
    continued: block => isDone ? null : writers.get(block)?.continued() ?? null,
    fail (error) {
      if (isDone) return
      isDone = true
      const head = begin('', null)
      const state: ResponseState = { status: 'failed', error: toResponseError(error), incomplete_details: null,
        output: items.map(item => item.snapshot('incomplete')), usage: usage === null ? null : writeUsage(usage) }
      emitEvent({ type: 'response.failed', response: { ...head, ...state } })
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
        writers.set(part.block, { delta: item.delta, continued: item.continued,
          end: ({ carrier }) => item.end(carrier ?? null) })
        return
      }
      case 'tool-call-start':
        call(part)
        return
      case 'search-start': {
        const item = add(emit =>
          createSearchItem(emit, `ws_${newId()}`, prompt.webTools?.search?.showsSources === true)
        )
        writers.set(part.block, { delta () {}, continued: () => null, end: ({ search }) => item.end(search) })
        return
      }
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
    emitEvent({ type: 'response.created', response })
    emitEvent({ type: 'response.in_progress', response })
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
      emitEvent({ type: `response.${type}`, ...(id === undefined ? {} : { item_id: id }), output_index: index,
        ...payload })
    }
    const item = create(emit)
    items.push(item)
    return item
  }

  /** Text begins with its first delta: an empty block leaves no trace. */
  function text (block: number, kind: 'output_text' | 'refusal', isApart: boolean): void {
    const citations: Citation[] = []
    let message: MessageItem | null = null
    let slot: TextSlot | null = null
    writers.set(block, {
      continued: () => slot && continueBy(slot.keep),
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
    // Clients distinguish calls by this id, and their SDKs throw if one comes twice.
    const callId = part.callId === '' || callIds.has(part.callId) ? `call_${newId()}` : part.callId
    callIds.add(callId)
    const { builtin } = part
    if (builtin !== null) {
      let input = ''
      const delta = (more: string): void => {
        input += more
      }
      writers.set(part.block, { delta, continued: () => ({ path: null, take (more) {
        delta(more)
        return ''
      } }), end: ({ isCut }) => {
        add(emit => createBuiltinItem(emit, newId, { ...part, builtin }, callId, input, isCut === true))
      } })
      return
    }
    const item = add(emit => createCallItem(emit, newId, part, callId))
    writers.set(part.block, { delta: item.delta, continued: () => continueBy(item.keep),
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
    emitEvent({ type: `response.${status}`, response: { ...head, ...state } })
  }
}

/** How the fast path continues a text: the delta is sent unchanged, and `keep` gets its text. */
function continueBy (keep: (text: string) => void): Continued {
  return { path: 'delta', take (text) {
    keep(text)
    return text
  } }
}
