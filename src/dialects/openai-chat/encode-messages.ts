// Turns as Chat's messages: one message for an assistant's turn, one for each result of a tool, one for the rest of a
// user's turn. `translation.md` 2.3, 2.4.
import type { JsonObject } from '../../json.ts'
import type { Target } from '../dialect.ts'
import type { Ledger } from '../ledger.ts'
import type { Prompt, TextBlock, Turn } from '../prompt.ts'
import { gap } from '../text.ts'
import type { ToolNames } from '../tool-names.ts'
import { encodeAssistant } from './encode-assistant.ts'
import { encodeUser } from './encode-user.ts'
import { isForeign, refusesPrefill, systemRole } from './model-rules.ts'

/** A message, and whether it ends a stretch of the prompt to be cached. */
export interface Draft { readonly message: JsonObject, readonly cache: boolean }

/** Anthropic takes no more marks than that in one request. */
const maxMarks = 4

/** @param instruction what the model must be told beside the client's own instructions */
export function encodeMessages (prompt: Prompt, target: Target, ledger: Ledger, names: ToolNames, instruction: string | null): JsonObject[] {
  const drafts = [
    ...encodeSystem(prompt, target, instruction),
    ...prompt.turns.flatMap(turn => encodeTurn(turn, target, ledger, names)),
  ]
  const last = prompt.turns.at(-1)
  if (last?.role === 'assistant') {
    ledger.lose('prefill')   // no Chat model goes on where the text ends
    if (refusesPrefill(target)) drafts.push({ message: { role: 'user', content: 'Continue.' }, cache: false })
  }
  return mark(drafts, target, ledger)
}

/** One message for each that the client had; texts of one message stand apart. */
function encodeSystem ({ system, tools }: Prompt, target: Target, instruction: string | null): Draft[] {
  const texts: TextBlock[][] = []
  for (const block of system) {
    const group = texts.at(-1)
    if (group === undefined || block.apart === true || block.role !== group[0]?.role) texts.push([block])
    else group.push(block)
  }
  const role = systemRole(target)
  const drafts = texts.map(group => ({ message: { role, content: group.map(block => block.text).join('\n\n') }, cache: group.some(block => block.cache === true) }))
  if (instruction !== null) drafts.push({ message: { role, content: instruction }, cache: false })
  // Tools stand before the instructions in Claude's prompt: a mark behind them lies behind these.
  const first = drafts[0]
  if (first !== undefined && target.family === 'claude' && tools.some(tool => tool.cache)) drafts[0] = { ...first, cache: true }
  return drafts
}

function encodeTurn (turn: Turn, target: Target, ledger: Ledger, names: ToolNames): Draft[] {
  switch (turn.role) {
    case 'assistant': return encodeAssistant(turn.blocks, target, ledger, names)
    case 'user': return encodeUser(turn.blocks, ledger)
    case 'system': {
      const texts = turn.blocks.filter(block => block.type === 'text')
      const content = texts.reduce((text, block) => text + gap(text, block.text) + block.text, '')
      if (content === '') return []
      const cache = texts.some(block => block.cache === true)
      // Other makers' models know instructions at the start only.
      return isForeign(target)
        ? [{ message: { role: 'user', content: `<system-reminder>\n${content}\n</system-reminder>` }, cache }]
        : [{ message: { role: systemRole(target), content }, cache }]
    }
  }
}

/** Copilot's mark is a message's, not a part's. Other models cache by themselves. */
function mark (drafts: readonly Draft[], { family }: Target, ledger: Ledger): JsonObject[] {
  const marked = drafts.filter(draft => draft.cache)
  if (marked.length === 0) return drafts.map(draft => draft.message)
  if (family !== 'claude') {
    ledger.lose('cache_control')
    return drafts.map(draft => draft.message)
  }
  const kept = new Set(marked.slice(-maxMarks))
  return drafts.map(draft => kept.has(draft) ? { ...draft.message, copilot_cache_control: { type: 'ephemeral' } } : draft.message)
}
