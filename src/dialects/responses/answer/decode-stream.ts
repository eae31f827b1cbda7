// A Responses stream as parts. Items are known by `output_index`
// alone: Copilot encrypts the ids anew in every event. `docs/spec/translation.md#responses-to-chat`,
// `docs/spec/translation.md#responses-to-messages`; `docs/spec/copilot.md#responses-stream`.
import { GatewayError } from '../../../errors.ts'
import { isObject, type JsonObject } from '../../../json.ts'
import type { StreamDecoder } from '../../contract/dialect.ts'
import { textOfJson } from '../../shared/framed-text.ts'
import type { Part } from '../../contract/part.ts'
import { createCallDecoder } from './decode-call.ts'
import { createDeltaShape } from '../native/repair-delta-shape.ts'
import { createMessageDecoder } from './decode-message.ts'
import { createReasoningDecoder } from './decode-reasoning.ts'
import { cutOff, refuseUnended, toFailure } from '../errors.ts'
import { readEnding } from '../stop-reason.ts'
import type { ItemDecoder, PartKind } from './decode-item.ts'
import { unstreamed } from './decode-unstreamed.ts'
import { readUsage } from '../usage.ts'
import { fields, objects, parseObject, text } from '../wire.ts'

const textDelta = 'response.output_text.delta'

interface Item {
  readonly type: string
  decoder: ItemDecoder | null
  isDone: boolean
}

export function createDecoder (): StreamDecoder {
  const reader = createReader()
  const shape = createDeltaShape()
  /** The last text: where it belongs, and the number of its block. */
  let last: Place = { at: 0, part: 0 }
  let block = 0
  const said = (delta: string): string => {
    reader.more(last, delta)
    return delta
  }
  return {
    push (data, name) {
      shape.forget()
      if (reader.isDone() || data === '' || data === '[DONE]') return []
      const event = parseObject(data)
      if (event === null) throw new GatewayError('upstream_error', 'Copilot sent an event that is not JSON.')
      const parts = reader.read(event)
      const [part] = parts
      if (parts.length === 1 && part?.type === 'text-delta' && event['type'] === textDelta
        && objects(event['logprobs']).length === 0 && shape.learn(data, name)) {
        last = { at: index(event['output_index']), part: index(event['content_index']) }
        block = part.block
      }
      return parts
    },
    framed: {
      end: shape.end,
      read: text => said(shape.read(text)),
      readPiece (piece, decode) {
        const range = shape.rangeIn(piece)
        return range === null ? null : said(textOfJson(decode(piece, range.from, range.to)))
      },
      block: () => block,
    },
    end () {
      if (!reader.isDone()) throw cutOff()
      return []
    },
  }
}

/** Of a piece of text: which item, and which of its parts. */
interface Place {
  readonly at: number
  readonly part: number
}

export interface Reader {
  /** @throws {GatewayError} for upstream's own error */
  readonly read: (event: JsonObject) => Part[]
  /** More of a text, as an event of its own would say it. */
  readonly more: (place: Place, delta: string) => void
  readonly isDone: () => boolean
}

export function createReader (): Reader {
  const items = new Map<number, Item>()
  let blocks = 0
  let messages = 0
  let isStarted = false
  let isDone = false
  let hasCall = false
  let hasRefusal = false

  /** The item that was added last. */
  let latest: Item | null = null

  const next = (): number => blocks++

  return { read, more, isDone: () => isDone }

  function read (event: JsonObject): Part[] {
    const at = typeof event['output_index'] === 'number' ? event['output_index'] : 0
    const type = text(event['type'])
    switch (type) {
      case 'response.created':
      case 'response.queued':
      case 'response.in_progress':
        return start(fields(event['response']))
      case 'response.output_item.added':
        return [...start({}), ...added(at, fields(event['item']))]
      case 'response.output_item.done':
        return [...start({}), ...done(at, fields(event['item']))]
      case textDelta:
        return delta(at, 'text', event['content_index'], event)
      case 'response.refusal.delta':
        return delta(at, 'refusal', event['content_index'], event)
      case 'response.reasoning_text.delta':
        return delta(at, 'reasoning', event['content_index'], event)
      case 'response.reasoning_summary_text.delta':
        return delta(at, 'summary', event['summary_index'], event)
      case 'response.function_call_arguments.delta':
      case 'response.custom_tool_call_input.delta':
        return delta(at, 'input', 0, event)
      case 'response.output_text.done':
        return whole(at, 'text', event['content_index'], event['text'], event)
      case 'response.refusal.done':
        return whole(at, 'refusal', event['content_index'], event['refusal'], event)
      case 'response.reasoning_text.done':
        return whole(at, 'reasoning', event['content_index'], event['text'], event)
      case 'response.reasoning_summary_text.done':
        return whole(at, 'summary', event['summary_index'], event['text'], event)
      case 'response.function_call_arguments.done':
        return whole(at, 'input', 0, event['arguments'], event)
      case 'response.custom_tool_call_input.done':
        return whole(at, 'input', 0, event['input'], event)
      case 'response.content_part.done':
        return items.get(at)?.decoder?.endPart(index(event['content_index']), fields(event['part'])) ?? []
      case 'response.output_text.annotation.added':
        return items.get(at)?.decoder?.annotation(index(event['content_index']), event['annotation']) ?? []
      case 'response.completed':
      case 'response.incomplete':
        return finish(event)
      case 'response.failed':
      case 'response.cancelled':
      case 'error':
        throw failure(event)
      default:
        if (type === '' && isObject(event['error'])) throw toFailure(event)
        return []
    }
  }

  function start ({ id, model, created_at: created }: JsonObject): Part[] {
    if (isStarted) return []
    isStarted = true
    return [{ type: 'message-start', id: text(id), model: text(model),
      created: typeof created === 'number' && created > 0 ? Math.floor(created) : null }]
  }

  function added (at: number, item: JsonObject): Part[] {
    if (items.has(at)) return []
    // Reasoning that showed nothing so far stands before what comes after it.
    const out = latest?.decoder?.begin() ?? []
    return [...out, ...open(at, item)]
  }

  function open (at: number, item: JsonObject): Part[] {
    const type = text(item['type'])
    const made: Item = { type, decoder: null, isDone: false }
    items.set(at, made)
    latest = made
    switch (type) {
      case 'message':
        made.decoder = createMessageDecoder(next, messages++ > 0)
        return []
      case 'reasoning':
        made.decoder = createReasoningDecoder(next)
        return []
      case 'function_call':
      case 'custom_tool_call': {
        // Without its id the call waits for the item's end, which has it.
        if (text(item['call_id']) === '' || text(item['name']) === '') return []
        return call(made, item)
      }
      default:
        return [] // a tool of the server's: its progress is nobody's business here
    }
  }

  function call (made: Item, item: JsonObject): Part[] {
    const decoder = createCallDecoder(next, item)
    made.decoder = decoder
    hasCall = true
    return decoder.start()
  }

  function delta (at: number, kind: PartKind, part: unknown, event: JsonObject): Part[] {
    hasRefusal ||= kind === 'refusal'
    return items.get(at)?.decoder?.delta(kind, index(part), text(event['delta']), objects(event['logprobs'])) ?? []
  }

  function more ({ at, part }: Place, delta: string): void {
    items.get(at)?.decoder?.delta('text', part, delta, [])
  }

  function whole (at: number, kind: PartKind, part: unknown, value: unknown, event: JsonObject): Part[] {
    return items.get(at)?.decoder?.whole(kind, index(part), typeof value === 'string' ? value : null, event) ?? []
  }

  function done (at: number, item: JsonObject): Part[] {
    const out = items.has(at) ? [] : open(at, item)
    const known = items.get(at)
    if (known === undefined || known.isDone) return out
    known.isDone = true
    if (known.type !== text(item['type']) && Object.keys(item).length > 0) {
      return [...out, ...known.decoder?.end({}) ?? []]
    }
    if (known.decoder === null && (known.type === 'function_call' || known.type === 'custom_tool_call')
      && text(item['name']) !== '') {
      out.push(
        ...call(known, text(item['call_id']) === '' ? { ...item, call_id: text(item['id']) || `call_${at}` } : item),
      )
    }
    hasRefusal ||= objects(item['content']).some(part => part['type'] === 'refusal')
    return [...out, ...known.decoder?.end(item) ?? []]
  }

  function finish (event: JsonObject): Part[] {
    const response = fields(event['response'])
    refuseUnended(response)
    if (items.size === 0 && !Array.isArray(response['output'])) throw cutOff()
    const out = [start(response), ...unstreamed(items, objects(response['output'])).map(([at, item]) => done(at, item)),
      ...[...items.keys()].map(at => done(at, {}))].flat()
    const usage = readUsage(response, event)
    if (usage !== null) out.push({ type: 'usage', usage })
    isDone = true
    out.push({ type: 'message-end', reason: readEnding(response, text(event['type']), hasCall, hasRefusal),
      stopSequence: null, explanation: null })
    return out
  }

  function failure (event: JsonObject): GatewayError {
    const response = fields(event['response'])
    if (event['type'] === 'response.cancelled') {
      return new GatewayError('upstream_error', 'Copilot cancelled the answer.')
    }
    return toFailure(event['type'] === 'error' ? event : response)
  }
}

function index (value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0
}
