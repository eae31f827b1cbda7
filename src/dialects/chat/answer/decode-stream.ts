// Decodes Copilot's Chat answers to parts; a whole answer counts as a stream of one chunk. Text and reasoning are one
// block until something else begins. A tool call stays open to the end, because its number may come again.
// `docs/spec/copilot.md#chat-stream`, `docs/spec/copilot.md#chat-reasoning`,
// `docs/spec/translation.md#chat-to-messages`.
import { append } from '../../../append.ts'
import { isObject, type JsonObject } from '../../../json.ts'
import type { StreamDecoder } from '../../contract/dialect.ts'
import type { Part } from '../../contract/part.ts'
import { createPassages } from '../../shared/passages.ts'
import { createCallBlocks } from './decode-calls.ts'
import { plainChunk } from './decode-plain.ts'
import { brokenOff, cutOff, readError } from '../errors.ts'
import { readFinish } from '../stop-reason.ts'
import { reasoningOf } from '../wire-reasoning.ts'
import { createUsageMeter } from '../usage.ts'
import { choicesOf, isFailure, isFinishReason, parseChunk, requireEnding, textOf, type WireAnswer,
  type WireChoice } from '../wire.ts'

/** The kinds that Chat has only one of at a time. */
interface OpenBlock {
  readonly type: 'text' | 'reasoning' | 'refusal'
  readonly block: number
  readonly logprobs: JsonObject[]
}

export interface ChatDecoder extends StreamDecoder {
  /** Decodes a whole answer. */
  readonly whole: (answer: WireAnswer) => Part[]
}

/** The most blocks that carry the state before the end: each carries all of it, and upstream may send many pieces. */
const maxCarriers = 8

export function createDecoder (): ChatDecoder {
  let out: Part[] = []
  let blocks = 0
  let open: OpenBlock | null = null
  let isStarted = false
  let isDone = false
  /** Finish reasons by choice; null while the choice continues. */
  const reasons = new Map<number, unknown>()
  const calls = createCallBlocks({ begin: () => blocks++, emit: part => {
    out.push(part)
  } })
  const meter = createUsageMeter()
  /** The state of the reasoning so far, and the state that the last block carried. */
  let opaque = ''
  let carried = ''
  /** How many blocks carried the state so far. */
  let carriers = 0
  /** Reasoning under Copilot's own name: only this goes back with the state. */
  let ownText = ''
  /** All text so far, which annotations point into. */
  const passages = createPassages()
  let hasRefusal = false

  return { push, end, whole, plain: chunk =>
    isDone || !isStarted ? null : plainChunk(chunk, {
      open,
      owesState: opaque !== carried && carriers < maxCarriers,
      hasBegun: choice => reasons.has(choice),
      calls,
      meter,
      takeText: passages.push,
      takeOwn (text) {
        ownText += text
      },
    }) }

  function push (data: string, _name: string, parsed?: JsonObject | null): Part[] {
    if (isDone || data === '') return []
    if (data === '[DONE]') {
      if (![...reasons.values()].some(isFinishReason)) throw cutOff()
      return finish()
    }
    const chunk: WireAnswer = parsed ?? parseChunk(data)
    if (isFailure(chunk)) throw readError(chunk.error)
    meter.read(chunk)
    for (const choice of choicesOf(chunk)) {
      start(chunk)
      take(choice, isObject(choice.delta) ? choice.delta : {},
        Number.isInteger(choice.index) ? choice.index as number : 0)
    }
    return flush()
  }

  function whole (answer: WireAnswer): Part[] {
    if (isFailure(answer)) throw readError(answer.error)
    requireEnding(answer)
    meter.read(answer)
    start(answer)
    choicesOf(answer).forEach((choice, at) => {
      const message = isObject(choice.message) ? choice.message : {}
      const numbered = Array.isArray(message['tool_calls'])
        ? message['tool_calls'].map((call: unknown, index) => isObject(call) ? { ...call, index } : call)
        : undefined
      take(choice, { ...message, tool_calls: numbered }, at)
    })
    return finish()
  }

  function end (): Part[] {
    if (isDone) return []
    if (reasons.size > 0 && [...reasons.values()].every(isFinishReason)) return finish()
    throw cutOff()
  }

  function flush (): Part[] {
    const parts = out
    out = []
    return parts
  }

  function start ({ id, model, created }: WireAnswer): void {
    if (isStarted) return
    isStarted = true
    out.push({
      type: 'message-start',
      id: typeof id === 'string' && id !== '' ? id : `chatcmpl-${randomId()}`,
      model: typeof model === 'string' ? model : '',
      created: typeof created === 'number' && created > 0 ? created : null,
    })
  }

  function finish (): Part[] {
    isDone = true
    start({})
    carry()
    close()
    const reason = readFinish([...reasons.values()].filter(isFinishReason), calls.count() > 0, hasRefusal)
    calls.end(reason === 'length' || reason === 'filter')
    const usage = meter.usage()
    if (usage !== null) out.push({ type: 'usage', usage })
    out.push({ type: 'message-end', reason, stopSequence: null, explanation: null })
    return flush()
  }

  function take (choice: WireChoice, delta: JsonObject, key: number): void {
    if (!reasons.has(key)) reasons.set(key, null)
    const thought = reasoningOf(delta)
    const content = textOf(delta['content'])
    const refused = typeof delta['refusal'] === 'string' ? delta['refusal'] : ''
    const toolCalls = Array.isArray(delta['tool_calls']) ? delta['tool_calls'] as unknown[] : []
    if (thought !== '') {
      write('reasoning', thought)
      if (delta['reasoning_text'] === thought) ownText += thought
    }
    const piece = typeof delta['reasoning_opaque'] === 'string' ? delta['reasoning_opaque'] : ''
    opaque += piece
    // The state may come in pieces. It counts as complete when something else begins without more of it.
    const isTurning = (content !== '' && open?.type !== 'text') || (refused !== '' && open?.type !== 'refusal')
      || toolCalls.length > 0
    if (piece === '' && isTurning && carriers < maxCarriers) carry()
    if (content !== '') {
      passages.push(content)
      write('text', content)
    }
    if (refused !== '') {
      hasRefusal = true
      write('refusal', refused)
    }
    if (toolCalls.length > 0 || isObject(delta['function_call'])) close()
    calls.push(key, toolCalls)
    if (isObject(delta['function_call'])) calls.pushLegacy(key, delta['function_call'])
    takeLogprobs(choice['logprobs'])
    if (Array.isArray(delta['annotations'])) delta['annotations'].forEach(cite)
    if (choice.finish_reason === 'error') throw brokenOff()
    if (isFinishReason(choice.finish_reason)) reasons.set(key, choice.finish_reason)
  }

  function write (type: OpenBlock['type'], text: string): void {
    if (open?.type !== type) {
      close()
      open = { type, block: blocks++, logprobs: [] }
      out.push(
        type === 'text'
          ? { type: 'text-start', block: open.block, apart: false }
          : { type: `${type}-start`, block: open.block },
      )
    }
    out.push({ type: `${type}-delta`, block: open.block, text })
  }

  /** Ends the open block. A block of reasoning gets the state that came since. */
  function close (): void {
    if (open === null) return
    const { type, block, logprobs } = open
    open = null
    if (type === 'reasoning' && opaque !== carried && (isDone || carriers < maxCarriers)) {
      out.push({ type: 'block-end', block, carrier: carrier() })
    } else out.push({ type: 'block-end', block, ...(logprobs.length > 0 ? { logprobs } : {}) })
  }

  /** Makes a block of reasoning carry the state, an empty block if none is open. */
  function carry (): void {
    if (opaque === carried) return
    if (open?.type !== 'reasoning') {
      close()
      open = { type: 'reasoning', block: blocks++, logprobs: [] }
      out.push({ type: 'reasoning-start', block: open.block })
    }
    close()
  }

  function carrier () {
    carried = opaque
    carriers++
    return { kind: 'c', item: { ...(ownText === '' ? {} : { reasoning_text: ownText }), reasoning_opaque: opaque },
      model: null } as const
  }

  function takeLogprobs (logprobs: unknown): void {
    if (open?.type === 'text' && isObject(logprobs) && Array.isArray(logprobs['content'])) {
      append(open.logprobs, logprobs['content'].filter(isObject))
    }
  }

  function cite (annotation: unknown): void {
    const cited = isObject(annotation) && isObject(annotation['url_citation']) ? annotation['url_citation'] : null
    if (cited === null || open?.type !== 'text' || typeof cited['url'] !== 'string') return
    const { start_index: from, end_index: to, title } = cited
    const citedText = Number.isInteger(from) && Number.isInteger(to)
      ? passages.slice(Math.max(0, from as number), Math.max(0, to as number))
      : ''
    out.push({ type: 'citation', block: open.block, url: cited['url'], title: typeof title === 'string' ? title : '',
      citedText: citedText === '' ? null : citedText })
  }
}

function randomId (): string {
  return crypto.randomUUID().replaceAll('-', '')
}
