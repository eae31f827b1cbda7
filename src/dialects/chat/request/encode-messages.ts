// Encodes turns as Chat messages: one for an assistant's turn, one for each tool result, one for the rest of a user's
// turn. `docs/spec/translation.md#instructions`, `docs/spec/translation.md#tool-results`.
import { append } from '../../../append.ts'
import { stepSize, type Steps } from '../../../steps.ts'
import { isClaude } from '../../../rules/model-facts.ts'
import type { Target } from '../../contract/dialect.ts'
import type { Ledger } from '../../contract/ledger.ts'
import type { Prompt, TextBlock, Turn } from '../../contract/prompt.ts'
import { joinApart } from '../../shared/text.ts'
import type { ToolNames } from '../../shared/tool-names.ts'
import type { ChatMessage } from '../wire.ts'
import { encodeAssistant } from './encode-assistant.ts'
import type { Draft } from './encode-draft.ts'
import { encodeUser } from './encode-user.ts'

export function* encodeMessages (
  prompt: Prompt,
  target: Target,
  ledger: Ledger,
  names: ToolNames,
): Steps<ChatMessage[]> {
  const drafts = encodeSystem(prompt, target)
  for (const [at, turn] of prompt.turns.entries()) {
    if (at % stepSize === stepSize - 1) yield
    append(drafts, yield* encodeTurn(turn, target, ledger, names))
  }
  yield
  // Claude continues the text, or a rule closes the turn. Other models do neither.
  if (prompt.turns.at(-1)?.role === 'assistant' && !isClaude(target)) ledger.lose('prefill')
  return mark(drafts, prompt.tools, target, ledger)
}

/** One message for each message of the client; texts of one message stay separate. */
function encodeSystem ({ system, tools }: Prompt, target: Target): Draft[] {
  const texts: TextBlock[][] = []
  for (const block of system) {
    const group = texts.at(-1)
    if (group === undefined || block.apart === true || block.role !== group[0]?.role) texts.push([block])
    else group.push(block)
  }
  const drafts = texts.map((group): Draft => ({
    message: { role: 'system', content: group.map(block => block.text).join('\n\n') },
    cache: group.some(block => block.cache === true),
  }))
  // In Claude's prompt, tools come before the instructions: a mark after the tools moves to after the instructions.
  const first = drafts[0]
  if (first !== undefined && isClaude(target) && tools.some(tool => tool.cache)) drafts[0] = { ...first, cache: true }
  return drafts
}

function* encodeTurn (turn: Turn, target: Target, ledger: Ledger, names: ToolNames): Steps<Draft[]> {
  switch (turn.role) {
    case 'assistant':
      return yield* encodeAssistant(turn.blocks, target, ledger, names)
    case 'user':
      return yield* encodeUser(turn.blocks, ledger)
    case 'system': {
      const texts = turn.blocks.filter(block => block.type === 'text')
      const content = joinApart(texts.map(block => block.text))
      if (content === '') return []
      const cache = texts.some(block => block.cache === true)
      return [{ message: { role: 'system', content }, cache }]
    }
  }
}

/** Copilot marks messages, not parts. Other models cache by themselves. */
function mark (drafts: readonly Draft[], tools: Prompt['tools'], target: Target, ledger: Ledger): ChatMessage[] {
  if (isClaude(target)) {
    return drafts.map(({ message, cache }) =>
      cache ? { ...message, copilot_cache_control: { type: 'ephemeral' } } : message
    )
  }
  if (drafts.some(draft => draft.cache) || tools.some(tool => tool.cache)) ledger.lose('cache_control')
  return drafts.map(draft => draft.message)
}
