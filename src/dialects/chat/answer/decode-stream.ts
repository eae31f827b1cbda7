// Copilot's Chat answers as parts, streamed or whole: a whole answer is taken for a stream of one chunk. Text and
// reasoning are one block until something else begins; a tool call stays open to the end, for its number may come
// again. `docs/spec/copilot.md#chat-stream`, `docs/spec/copilot.md#chat-reasoning`,
// `docs/spec/translation.md#chat-to-messages`.
import { append } from '../../../append.ts'
import { isObject, type JsonObject } from '../../../json.ts'
import type { StreamDecoder } from '../../contract/dialect.ts'
import { withFramedText } from '../../shared/framed-text.ts'
import type { Part } from '../../contract/part.ts'
import { createPassages } from '../../shared/passages.ts'
import { createCallBlocks } from './decode-calls.ts'
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
  /** Of a whole answer: its choices, all there is to come. */
  readonly whole: (answer: WireAnswer) => Part[]
}

/**
 * So often the state is told before the end: each time is all of it, and upstream could cut it into thousands of
 * pieces.
 */
const maxCarriers = 8

/** Beside their text. */
const saysMore = /"(?:usage":\{|copilot_usage":|logprobs":\{|annotations":\[|reasoning_opaque":"(?!"))/

export function createDecoder (): ChatDecoder {
  let out: Part[] = []
  let blocks = 0
  let open: OpenBlock | null = null
  let isStarted = false
  let isDone = false
  /** Finish reasons by choice; null while it goes on. */
  const reasons = new Map<number, unknown>()
  const calls = createCallBlocks({ begin: () => blocks++, emit: part => {
    out.push(part)
  } })
  const meter = createUsageMeter()
  /** The state of reasoning as far as it came, and how much of it a block has been ended with. */
  let opaque = ''
  let carried = ''
  /** How many blocks told the state so far: each tells all of it. */
  let carriers = 0
  /** The reasoning that came under Copilot's own name: only that goes back with its state. */
  let ownText = ''
  /** All text so far, which annotations point into. */
  const content = createPassages()
  let hasRefusal = false

  return withFramedText({ push, end, whole }, '"delta":{"content":"', saysMore, content.push)

  function push (data: string): Part[] {
    if (isDone || data === '') return []
    if (data === '[DONE]') {
      if (![...reasons.values()].some(isFinishReason)) throw cutOff()
      return finish()
    }
    const chunk = parseChunk(data)
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
    const said = textOf(delta['content'])
    const refused = typeof delta['refusal'] === 'string' ? delta['refusal'] : ''
    const toolCalls = Array.isArray(delta['tool_calls']) ? delta['tool_calls'] as unknown[] : []
    if (thought !== '') {
      write('reasoning', thought)
      if (delta['reasoning_text'] === thought) ownText += thought
    }
    const piece = typeof delta['reasoning_opaque'] === 'string' ? delta['reasoning_opaque'] : ''
    opaque += piece
    // The state may come in pieces: it is whole, as far as one can tell, when something else begins without any of it.
    const isTurning = (said !== '' && open?.type !== 'text') || (refused !== '' && open?.type !== 'refusal')
      || toolCalls.length > 0
    if (piece === '' && isTurning && carriers < maxCarriers) carry()
    if (said !== '') {
      content.push(said)
      write('text', said)
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

  /** Ends the open block; one of reasoning with the state that has come since. */
  function close (): void {
    if (open === null) return
    const { type, block, logprobs } = open
    open = null
    if (type === 'reasoning' && opaque !== carried && (isDone || carriers < maxCarriers)) {
      out.push({ type: 'block-end', block, carrier: carrier() })
    } else out.push({ type: 'block-end', block, ...(logprobs.length > 0 ? { logprobs } : {}) })
  }

  /** Sees to it that a block of reasoning tells the state, if need be an empty one. */
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
      ? content.slice(Math.max(0, from as number), Math.max(0, to as number))
      : ''
    out.push({ type: 'citation', block: open.block, url: cited['url'], title: typeof title === 'string' ? title : '',
      citedText: citedText === '' ? null : citedText })
  }
}

function randomId (): string {
  return crypto.randomUUID().replaceAll('-', '')
}
