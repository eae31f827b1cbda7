// Encodes an assistant's turn as one message: its reasoning state, its joined text, its calls.
// `docs/spec/translation.md#assistant-turns`, `docs/spec/translation.md#carriers`.
import { fits } from '../../shared/carrier.ts'
import { wrapInput } from '../../shared/custom-tool.ts'
import type { JsonObject } from '../../../json.ts'
import { mapInSteps, type Steps } from '../../../steps.ts'
import { isOpenAi } from '../../../rules/model-facts.ts'
import type { Target } from '../../contract/dialect.ts'
import type { Ledger } from '../../contract/ledger.ts'
import type { Block, ToolCallBlock } from '../../contract/prompt.ts'
import { joinTexts } from '../../shared/text.ts'
import type { ToolNames } from '../../shared/tool-names.ts'
import type { Draft } from './encode-draft.ts'

export function* encodeAssistant (
  blocks: readonly Block[],
  target: Target,
  ledger: Ledger,
  names: ToolNames,
): Steps<Draft[]> {
  const calls = blocks.filter(block => block.type === 'tool-call')
  const content = encodeContent(blocks, target)
  const reasoning = encodeReasoning(blocks, target, ledger)
  yield
  const encoded = yield* mapInSteps(calls, call => encodeCall(call, names))
  return [{
    message: {
      role: 'assistant',
      content: content === '' && calls.length > 0 ? null : content,
      ...reasoning,
      ...(calls.length === 0 ? {} : { tool_calls: encoded }),
    },
    cache: blocks.some(block => block.type !== 'reasoning' && block.type !== 'refusal' && block.cache === true),
  }]
}

function encodeContent (blocks: readonly Block[], target: Target): string | readonly JsonObject[] {
  const refusals = blocks.filter(block => block.type === 'refusal')
  if (refusals.length === 0 || !isOpenAi(target)) return joinTexts(blocks)
  const text = joinTexts(blocks.filter(block => block.type !== 'refusal'))
  return [...(text === '' ? [] : [{ type: 'text', text }]),
    ...refusals.map(block => ({ type: 'refusal', refusal: block.text }))]
}

/** The latest state that this model can read: a message holds only one. */
function encodeReasoning (blocks: readonly Block[], target: Target, ledger: Ledger): JsonObject {
  const reasoning = blocks.filter(block => block.type === 'reasoning')
  const carrier = reasoning.map(block => block.carrier).findLast(each => each !== null && fits(each, ['c'], target.id))
  if (carrier !== undefined && carrier !== null) return carrier.item
  if (reasoning.length > 0) ledger.lose('reasoning')
  return {}
}

function encodeCall (call: ToolCallBlock, names: ToolNames): JsonObject {
  const json = call.kind === 'custom' ? wrapInput(call.input) : call.input.trim() === '' ? '{}' : call.input
  return { id: call.id, type: 'function', function: { name: names.toUpstream(call), arguments: json } }
}
