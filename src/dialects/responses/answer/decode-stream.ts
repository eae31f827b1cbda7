// Decodes a Responses stream to parts. Only `output_index` identifies an item: Copilot encrypts the ids again in every
// event. `docs/spec/translation.md#responses-to-chat`,
// `docs/spec/translation.md#responses-to-messages`; `docs/spec/copilot.md#responses-stream`.
import { GatewayError } from '../../../errors.ts'
import { isObject, type JsonObject } from '../../../json.ts'
import type { StreamDecoder } from '../../contract/dialect.ts'
import type { Part } from '../../contract/part.ts'
import type { PlainDelta } from '../../contract/plain-event.ts'
import { droppedString } from '../../shared/varying.ts'
import { createCallDecoder } from './decode-call.ts'
import { createMessageDecoder } from './decode-message.ts'
import { createReasoningDecoder } from './decode-reasoning.ts'
import { cutOff, refuseUnended, toFailure } from '../errors.ts'
import { readEnding } from '../stop-reason.ts'
import type { ItemDecoder, PartKind } from './decode-item.ts'
import { createSearchDecoder } from './decode-search.ts'
import { unstreamed } from './decode-unstreamed.ts'
import { readUsage } from '../usage.ts'
import { fields, objects, parseObject, text } from '../wire.ts'

const deltas: ReadonlyMap<string, PartKind> = new Map([['response.output_text.delta', 'text'], [
  'response.refusal.delta',
  'refusal',
], ['response.reasoning_text.delta', 'reasoning'], ['response.reasoning_summary_text.delta', 'summary'], [
  'response.function_call_arguments.delta',
  'input',
], ['response.custom_tool_call_input.delta', 'input']])

function kindOfDelta (type: string): PartKind | null {
  return deltas.get(type) ?? null
}

function partOf (kind: PartKind, event: JsonObject): number {
  return kind === 'input' ? 0 : index(event[kind === 'summary' ? 'summary_index' : 'content_index'])
}

interface Item {
  readonly type: string
  decoder: ItemDecoder | null
  isDone: boolean
}

export function createDecoder (): StreamDecoder {
  const reader = createReader()
  return {
    push (data, _name, parsed) {
      if (reader.isDone() || data === '' || data === '[DONE]') return []
      const event = parsed ?? parseObject(data)
      if (event === null) throw new GatewayError('upstream_error', 'Copilot sent an event that is not JSON.')
      return reader.read(event)
    },
    plain (event) {
      const found = reader.isDone() ? null : reader.continued(event)
      return found
        && { ...found, path: 'delta',
          values: [...droppedString('item_id', event['item_id']), ...droppedString('obfuscation', event['obfuscation']),
            ...Number.isSafeInteger(event['sequence_number'])
              ? [{ kind: 'integer', path: 'sequence_number', sent: [] } as const]
              : []] }
    },
    end () {
      if (!reader.isDone()) throw cutOff()
      return []
    },
  }
}

export interface Reader {
  /** @throws {GatewayError} for upstream's own error */
  readonly read: (event: JsonObject) => Part[]
  /** The block that such an event only adds text to; null if it may do more. Changes nothing. */
  readonly continued: (event: JsonObject) => Pick<PlainDelta, 'type' | 'block' | 'take'> | null
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

  return { read, continued, isDone: () => isDone }

  function read (event: JsonObject): Part[] {
    const at = typeof event['output_index'] === 'number' ? event['output_index'] : 0
    const type = text(event['type'])
    const kind = kindOfDelta(type)
    if (kind !== null) return delta(at, kind, event)
    switch (type) {
      case 'response.created':
      case 'response.queued':
      case 'response.in_progress':
        return start(fields(event['response']))
      case 'response.output_item.added':
        return [...start({}), ...added(at, fields(event['item']))]
      case 'response.output_item.done':
        return [...start({}), ...done(at, fields(event['item']))]
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
    // Reasoning without text so far keeps its place before the new item.
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
      case 'web_search_call': {
        const decoder = createSearchDecoder(next, item)
        made.decoder = decoder
        return decoder.start()
      }
      default:
        return [] // a tool that upstream runs
    }
  }

  function call (made: Item, item: JsonObject): Part[] {
    const decoder = createCallDecoder(next, item)
    made.decoder = decoder
    hasCall = true
    return decoder.start()
  }

  function delta (at: number, kind: PartKind, event: JsonObject): Part[] {
    hasRefusal ||= kind === 'refusal'
    return items.get(at)?.decoder?.delta(kind, partOf(kind, event), text(event['delta']), objects(event['logprobs']))
      ?? []
  }

  function continued (event: JsonObject): ReturnType<Reader['continued']> {
    const kind = kindOfDelta(text(event['type']))
    const at = typeof event['output_index'] === 'number' ? event['output_index'] : 0
    return kind === null || text(event['delta']) === '' || objects(event['logprobs']).length > 0
        || (kind === 'refusal' && !hasRefusal)
      ? null
      : items.get(at)?.decoder?.continued(kind, partOf(kind, event)) ?? null
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
