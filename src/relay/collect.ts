// Collects a stream of parts into a whole answer.
import { GatewayError } from '../errors.ts'
import type { Answer, AnswerBlock, Citation, Part, Usage } from '../dialects/contract/part.ts'

type Open =
  & { -readonly [key in 'type']: AnswerBlock['type'] }
  & { start: Extract<Part, { block: number }>, text: string[], citations: Citation[],
    end: Extract<Part, { type: 'block-end' }> | null }

/** @throws {GatewayError} `upstream_error` if the parts do not form a complete answer */
export function collectAnswer (parts: Iterable<Part>): Answer {
  let head: Extract<Part, { type: 'message-start' }> | null = null
  let tail: Extract<Part, { type: 'message-end' }> | null = null
  let usage: Usage | null = null
  const blocks = new Map<number, Open>()
  for (const part of parts) {
    switch (part.type) {
      case 'message-start':
        head = part
        break
      case 'text-start':
      case 'reasoning-start':
      case 'refusal-start':
      case 'tool-call-start':
      case 'search-start':
        blocks.set(part.block, { type: part.type.slice(0, -'-start'.length) as AnswerBlock['type'], start: part,
          text: [], citations: [], end: null })
        break
      case 'text-delta':
      case 'reasoning-delta':
      case 'refusal-delta':
      case 'tool-call-delta':
        blocks.get(part.block)?.text.push(part.text)
        break
      case 'citation':
        blocks.get(part.block)?.citations.push(citationOf(part))
        break
      case 'block-end': {
        const block = blocks.get(part.block)
        if (block !== undefined) block.end = part
        break
      }
      case 'usage':
        usage = part.usage
        break
      case 'message-end':
        tail = part
        break
    }
  }
  if (head === null || tail === null) {
    throw new GatewayError('upstream_error', "Copilot's answer ended before it was complete.")
  }
  return {
    id: head.id,
    model: head.model,
    created: head.created,
    usage,
    finish: tail.reason,
    stopSequence: tail.stopSequence,
    explanation: tail.explanation,
    blocks: [...blocks.values()].flatMap(toBlock).filter(block => block.type !== 'text' || block.text !== ''),
  }
}

function citationOf ({ type: _type, block: _block, ...citation }: Extract<Part, { type: 'citation' }>): Citation {
  return citation
}

function toBlock ({ start, text: pieces, citations, end }: Open): AnswerBlock | AnswerBlock[] {
  const text = pieces.join('')
  switch (start.type) {
    case 'text-start':
      return { type: 'text', text, apart: start.apart, citations, logprobs: end?.logprobs ?? null }
    case 'refusal-start':
      return { type: 'refusal', text }
    case 'reasoning-start':
      return { type: 'reasoning', text, carrier: end?.carrier ?? null }
    case 'tool-call-start': {
      const { callId, name, namespace, kind, builtin } = start
      const isCut = end?.isCut === true
      return { type: 'tool-call', callId, name, namespace, kind, builtin,
        input: kind === 'function' && !isCut && text.trim() === '' ? '{}' : text, isCut }
    }
    case 'search-start':
      return end?.search === undefined ? [] : { type: 'search', callId: start.callId, search: end.search }
    default:
      throw new Error(`no block starts with ${start.type}`)
  }
}
