// Encodes a whole answer for a Messages client: the message that its stream would add up to.
import type { JsonObject } from '../../../json.ts'
import { wrapInput } from '../../shared/custom-tool.ts'
import type { EncodeOptions } from '../../contract/dialect.ts'
import type { Answer, AnswerBlock } from '../../contract/part.ts'
import { notAnObject, redactedData, signatureOf, toCitation } from './encode-block.ts'
import { createSearchCount, writeSearch } from './encode-search.ts'
import { fillSearches } from './encode-filled-searches.ts'
import { estimateUsage, startMessage } from './encode-message.ts'
import { repairObject } from '../../shared/json-guard.ts'
import { writeEnding } from '../stop-reason.ts'
import { toWireUsage } from '../usage.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { AnswerBlock as WireBlock, MessagesAnswer, TextAnswer } from '../wire.ts'

export function encodeAnswer (answer: Answer, options: EncodeOptions): MessagesAnswer {
  const { finish, stopSequence, explanation, usage } = answer
  const blocks = fillSearches(answer.blocks)
  const hasCalls = blocks.some(block => block.type === 'tool-call')
  const textLength = blocks.reduce((sum, block) => sum + lengthOf(block), 0)
  const searches = createSearchCount()
  for (const block of blocks) if (block.type === 'search') searches.add(block.search)
  return {
    ...startMessage(answer.id, options),
    content: withoutLateReasoning(blocks).flatMap(block => encodeBlock(block, options)),
    ...writeEnding({ reason: finish, stopSequence, explanation }, hasCalls),
    usage: toWireUsage(usage ?? estimateUsage(options, textLength), searches.usage()),
  }
}

function lengthOf (block: AnswerBlock): number {
  return block.type === 'search' ? 0 : (block.type === 'tool-call' ? block.input : block.text).length
}

/** As in a stream: leaves out reasoning after the last text or call. */
function withoutLateReasoning (blocks: readonly AnswerBlock[]): readonly AnswerBlock[] {
  const last = blocks.findLastIndex(block =>
    block.type === 'search'
      ? true
      : block.type === 'tool-call'
      ? block.isCut !== true
      : block.type !== 'reasoning' && block.text !== ''
  )
  return last < 0 ? blocks : blocks.slice(0, last + 1)
}

function encodeBlock (block: AnswerBlock, { newId, prompt: { thinking, showReasoning } }: EncodeOptions): WireBlock[] {
  switch (block.type) {
    case 'text':
      return block.text === ''
        ? []
        : [
          omitUndefined<TextAnswer>({ type: 'text', text: block.text,
            citations: block.citations.length > 0 ? block.citations.map(toCitation) : undefined }),
        ]
    case 'refusal':
      return block.text === '' ? [] : [{ type: 'text', text: block.text }]
    case 'reasoning':
      return thinking === 'on' || thinking === 'adaptive' ? encodeReasoning(block, showReasoning) : []
    case 'search':
      return writeSearch(block.search, block.callId, newId)
    // A whole answer cannot express half an input; its stop reason shows that the answer is incomplete.
    case 'tool-call':
      return block.isCut === true
        ? []
        : [{ type: 'tool_use', id: block.callId, name: block.name, input: readInput(block) }]
  }
}

function encodeReasoning (
  { text, carrier }: Extract<AnswerBlock, { type: 'reasoning' }>,
  showReasoning: boolean,
): WireBlock[] {
  const shown = showReasoning ? text : ''
  if (carrier === null) return shown === '' ? [] : [{ type: 'thinking', thinking: shown, signature: '' }]
  const redacted = redactedData(carrier, text)
  if (redacted === null) return [{ type: 'thinking', thinking: shown, signature: signatureOf(carrier, shown) }]
  const state: WireBlock = { type: 'redacted_thinking', data: redacted }
  return shown === '' ? [state] : [{ type: 'thinking', thinking: shown, signature: '' }, state]
}

function readInput ({ kind, name, input }: Extract<AnswerBlock, { type: 'tool-call' }>): JsonObject {
  const json = kind === 'custom' ? wrapInput(input) : input
  if (json.trim() === '' || json.trim() === 'null') return {}
  const repaired = repairObject(json)
  if (repaired === null) throw notAnObject(name)
  return JSON.parse(repaired) as JsonObject
}
