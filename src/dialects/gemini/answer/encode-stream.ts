// Encodes an answer as a stream. The parts of Google's API come strictly one after another, while blocks may overlap:
// the first open block is written, and the others wait. `docs/spec/gemini.md#stream`.
import type { EncodeOptions, StreamEncoder } from '../../contract/dialect.ts'
import type { AnswerBlock, Citation, FinishReason, Part, Usage } from '../../contract/part.ts'
import type { GeminiPart } from '../wire.ts'
import { createArrayFrame, createEventFrame, type Frame } from './encode-frame.ts'
import { createPartWriter } from './encode-parts.ts'
import { toResponseId, writeResponse } from './encode-response.ts'

type Start = Extract<Part, { type: `${string}-start`, block: number }>

/** A block that has begun, with what it holds and has not sent. */
interface Open {
  readonly start: Start
  readonly pieces: string[]
  /** How many of the pieces were sent. */
  sent: number
  readonly citations: Citation[]
  end: Extract<Part, { type: 'block-end' }> | null
}

export function createEncoder (options: EncodeOptions): StreamEncoder {
  return createStream(options, createEventFrame())
}

export function createArrayEncoder (options: EncodeOptions): StreamEncoder {
  return createStream(options, createArrayFrame())
}

function createStream (options: EncodeOptions, frame: Frame): StreamEncoder {
  const writer = createPartWriter(options)
  const open = new Map<number, Open>()
  /** In the order in which they began; the first that is not over is at `first`. */
  const order: Open[] = []
  let first = 0
  let id = ''
  let usage: Usage | null = null
  let isOver = false

  const event = (parts: GeminiPart[]): string =>
    parts.length === 0 ? '' : frame.write(JSON.stringify(writeResponse(id, options, parts)))

  return {
    push (part) {
      if (isOver) return ''
      if (id === '') id = toResponseId(part.type === 'message-start' ? part.id : '', options.newId)
      return take(part)
    },
    end () {
      const rest = isOver ? '' : finish('stop', null)
      return rest + frame.end()
    },
    fail (error) {
      if (isOver) return ''
      isOver = true
      return frame.fail(error)
    },
  }

  function take (part: Part): string {
    switch (part.type) {
      case 'message-start':
        return ''
      case 'usage':
        usage = part.usage
        return ''
      case 'message-end':
        return finish(part.reason, part.explanation)
      case 'text-start':
      case 'refusal-start':
      case 'reasoning-start':
      case 'tool-call-start':
      case 'search-start':
        return begin(part)
      case 'citation':
        open.get(part.block)?.citations.push(part)
        return ''
      case 'block-end': {
        const block = open.get(part.block)
        if (block === undefined) return ''
        block.end = part
        open.delete(part.block)
        return block === order[first] ? advance() : ''
      }
      default: {
        const block = open.get(part.block)
        block?.pieces.push(part.text)
        return block !== undefined && block === order[first] ? writeMore(block) : ''
      }
    }
  }

  function begin (start: Start): string {
    const block: Open = { start, pieces: [], sent: 0, citations: [], end: null }
    open.set(start.block, block)
    order.push(block)
    return ''
  }

  /** Text goes out as it comes. A thought and a call go out whole. */
  function writeMore (block: Open): string {
    if (block.start.type !== 'text-start' && block.start.type !== 'refusal-start') return ''
    const text = block.pieces.slice(block.sent).join('')
    block.sent = block.pieces.length
    return text === '' ? '' : event([writer.writeText(text)])
  }

  function advance (): string {
    let out = ''
    for (let block = order[first]; block !== undefined; block = order[first]) {
      out += writeMore(block)
      if (block.end === null) break
      const whole = toBlock(block, block.end)
      if (whole === null) {
        first++
        continue
      }
      if (whole.type === 'text' || whole.type === 'refusal') writer.endText(whole)
      else out += event(writer.write(whole))
      first++
    }
    return out
  }

  /** The finish reason and the usage are in the last event. */
  function finish (reason: FinishReason, explanation: string | null): string {
    for (const block of open.values()) block.end ??= { type: 'block-end', block: block.start.block }
    const out = advance()
    isOver = true
    const { parts, ...ending } = writer.end(reason, explanation)
    return out
      + frame.write(JSON.stringify(writeResponse(id, options, parts, { ...ending, reason, explanation, usage })))
  }
}

function toBlock ({ start, pieces, citations }: Open, end: NonNullable<Open['end']>): AnswerBlock | null {
  const text = pieces.join('')
  switch (start.type) {
    case 'text-start':
      return { type: 'text', text, apart: start.apart, citations, logprobs: end.logprobs ?? null }
    case 'refusal-start':
      return { type: 'refusal', text }
    case 'reasoning-start':
      return { type: 'reasoning', text, carrier: end.carrier ?? null }
    case 'search-start':
      return end.search === undefined ? null : { type: 'search', callId: start.callId, search: end.search }
    case 'tool-call-start': {
      const { callId, name, namespace, kind, builtin } = start
      return { type: 'tool-call', callId, name, namespace, kind, builtin, input: text, isCut: end.isCut === true }
    }
  }
}
