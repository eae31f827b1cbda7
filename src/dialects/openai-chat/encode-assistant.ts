// An assistant's turn as one message: its state of reasoning, its words joined, its calls. `translation.md` 2.4.2, 2.6.2.
import { fits } from '../carrier.ts'
import { wrapInput } from '../custom-tool.ts'
import type { JsonObject } from '../../json.ts'
import type { Target } from '../dialect.ts'
import type { Ledger } from '../ledger.ts'
import type { Block, ToolCallBlock } from '../prompt.ts'
import { joinTexts } from '../text.ts'
import { fitCallId, type ToolNames } from '../tool-names.ts'
import type { Draft } from './encode-messages.ts'

export function encodeAssistant (blocks: readonly Block[], target: Target, ledger: Ledger, names: ToolNames): Draft[] {
  const isClaude = target.family === 'claude'
  const calls = blocks.filter(block => block.type === 'tool-call')
  const content = encodeContent(blocks, target)
  const reasoning = encodeReasoning(blocks, target, ledger)
  // Claude refuses a message that says nothing, and text that ends in white space.
  if (isClaude && content === '' && calls.length === 0) return []
  return [{
    message: {
      role: 'assistant',
      content: content === '' && calls.length > 0 ? null : content,
      ...reasoning,
      ...(calls.length === 0 ? {} : { tool_calls: calls.map(call => encodeCall(call, names)) }),
    },
    cache: blocks.some(block => block.type !== 'reasoning' && block.type !== 'refusal' && block.cache === true),
  }]
}

function encodeContent (blocks: readonly Block[], { family }: Target): string | readonly JsonObject[] {
  const refusals = blocks.filter(block => block.type === 'refusal')
  if (refusals.length === 0 || family !== 'openai') {
    const text = joinTexts(blocks)
    return family === 'claude' ? text.trimEnd() : text
  }
  const text = joinTexts(blocks.filter(block => block.type !== 'refusal'))
  return [...(text === '' ? [] : [{ type: 'text', text }]), ...refusals.map(block => ({ type: 'refusal', refusal: block.text }))]
}

/** The latest state that this model can read: a message has one. */
function encodeReasoning (blocks: readonly Block[], target: Target, ledger: Ledger): JsonObject {
  const reasoning = blocks.filter(block => block.type === 'reasoning')
  const carrier = reasoning.map(block => block.carrier).findLast(each => each !== null && fits(each, ['c'], target.id))
  if (carrier !== undefined && carrier !== null) return carrier.item
  if (reasoning.length > 0) ledger.lose('reasoning')
  return {}
}

function encodeCall (call: ToolCallBlock, names: ToolNames): JsonObject {
  const json = call.kind === 'custom' ? wrapInput(call.input) : call.input.trim() === '' ? '{}' : call.input
  return { id: fitCallId(call.id), type: 'function', function: { name: names.toUpstream(call), arguments: json } }
}
