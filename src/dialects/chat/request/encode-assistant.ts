// Encodes an assistant's turn as one message: its reasoning state, its joined text, its calls.
// `docs/spec/translation.md#assistant-turns`, `docs/spec/translation.md#carriers`.
import { fits } from '../../shared/carrier.ts'
import { wrapInput } from '../../shared/custom-tool.ts'
import { mapInSteps, type Steps } from '../../../steps.ts'
import { isOpenAi } from '../../../rules/model-facts.ts'
import type { Target } from '../../contract/dialect.ts'
import type { Ledger } from '../../contract/ledger.ts'
import type { Block, ToolCallBlock } from '../../contract/prompt.ts'
import { joinTexts } from '../../shared/text.ts'
import type { ToolNames } from '../../shared/tool-names.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { ChatAssistantMessage, ChatReasoning } from '../wire.ts'
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
    message: omitUndefined<ChatAssistantMessage>({
      role: 'assistant',
      content: content === '' && calls.length > 0 ? null : content,
      ...reasoning,
      tool_calls: calls.length === 0 ? undefined : encoded,
    }),
    cache: blocks.some(block => block.type !== 'reasoning' && block.type !== 'refusal' && block.cache === true),
  }]
}

function encodeContent (blocks: readonly Block[], target: Target): NonNullable<ChatAssistantMessage['content']> {
  const refusals = blocks.filter(block => block.type === 'refusal')
  if (refusals.length === 0 || !isOpenAi(target)) return joinTexts(blocks)
  const text = joinTexts(blocks.filter(block => block.type !== 'refusal'))
  return [...(text === '' ? [] : [{ type: 'text' as const, text }]),
    ...refusals.map(block => ({ type: 'refusal' as const, refusal: block.text }))]
}

/** The latest state that this model can read: a message holds only one. */
function encodeReasoning (blocks: readonly Block[], target: Target, ledger: Ledger): ChatReasoning {
  const reasoning = blocks.filter(block => block.type === 'reasoning')
  const carrier = reasoning.map(block => block.carrier).findLast(each => each !== null && fits(each, ['c'], target.id))
  // The state goes back as it came: the client keeps it, and upstream checks it.
  if (carrier !== undefined && carrier !== null) return carrier.item
  if (reasoning.length > 0) ledger.lose('reasoning')
  return {}
}

function encodeCall (call: ToolCallBlock, names: ToolNames): NonNullable<ChatAssistantMessage['tool_calls']>[number] {
  const json = call.kind === 'custom' ? wrapInput(call.input) : call.input.trim() === '' ? '{}' : call.input
  return { id: call.id, type: 'function', function: { name: names.toUpstream(call), arguments: json } }
}
