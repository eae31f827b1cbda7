// A whole answer for a client of Messages: what its stream would have added up to.
import { isObject, type JsonObject } from '../../json.ts'
import { wrapInput } from '../custom-tool.ts'
import type { EncodeOptions } from '../dialect.ts'
import type { Answer, AnswerBlock } from '../part.ts'
import { redactedData, signatureOf, toCitation } from './encode-block.ts'
import { estimateUsage, startMessage } from './encode-message.ts'
import { createJsonGuard } from './json-guard.ts'
import { writeEnding } from './stop-reason.ts'
import { toWireUsage } from './usage.ts'

export function encodeAnswer (answer: Answer, options: EncodeOptions): JsonObject {
  const { blocks, finish, stopSequence, explanation, usage } = answer
  const hasCalls = blocks.some(block => block.type === 'tool-call')
  const textLength = blocks.reduce((sum, block) => sum + (block.type === 'tool-call' ? block.input : block.text).length, 0)
  return {
    ...startMessage(answer.id, options),
    content: blocks.flatMap(block => encodeBlock(block, options)),
    ...writeEnding({ reason: finish, stopSequence, explanation }, hasCalls),
    usage: toWireUsage(usage ?? estimateUsage(options, textLength)),
  }
}

function encodeBlock (block: AnswerBlock, { prompt: { thinking, showReasoning } }: EncodeOptions): JsonObject[] {
  switch (block.type) {
    case 'text': return block.text === '' ? [] : [{ type: 'text', text: block.text, citations: block.citations.length === 0 ? null : block.citations.map(toCitation) }]
    case 'refusal': return block.text === '' ? [] : [{ type: 'text', text: block.text, citations: null }]
    case 'reasoning': return thinking === 'on' || thinking === 'adaptive' ? encodeReasoning(block, showReasoning) : []
    case 'tool-call': return [{ type: 'tool_use', id: block.callId, name: block.name, input: readInput(block) }]
  }
}

function encodeReasoning ({ text, carrier }: Extract<AnswerBlock, { type: 'reasoning' }>, showReasoning: boolean): JsonObject[] {
  const shown = showReasoning ? text : ''
  if (carrier === null) return shown === '' ? [] : [{ type: 'thinking', thinking: shown, signature: '' }]
  const redacted = redactedData(carrier, text)
  if (redacted === null) return [{ type: 'thinking', thinking: shown, signature: signatureOf(carrier, shown) }]
  return [...(shown === '' ? [] : [{ type: 'thinking', thinking: shown, signature: '' }]), { type: 'redacted_thinking', data: redacted }]
}

function readInput ({ kind, input }: Extract<AnswerBlock, { type: 'tool-call' }>): JsonObject {
  const guard = createJsonGuard()
  const json = guard.push(kind === 'custom' ? wrapInput(input) : input) + guard.end()
  const value: unknown = JSON.parse(json)
  return isObject(value) ? value : {}
}
