// Opaque reasoning state on the chat endpoint: the client must send it back whole and unchanged, or, if it is optional,
// leave it out.
import { callsOf, messagesOf } from './places.ts'
import { firstOf } from './rule.ts'
import { isGemini } from './kinds.ts'
import { text } from '../json.ts'
import type { Fields } from '../json.ts'
import type { Rule, Seen } from './rule.ts'

export const opaqueRules: readonly Rule[] = [{ id: 'opaque-owed', on: ['chat'], mark: 'read',
  source: 'docs/spec/copilot.md#chat-reasoning', by: 'opaque', envelope: 'wrapped',
  check: seen =>
    firstOf(messagesOf(seen), (message, index) =>
      isRequired(seen) && message.role === 'assistant'
        && message.reasoning_opaque === undefined && owed(seen, message) !== undefined
        ? `Function call is missing a thought_signature in messages[${index}].`
        : null) }, { id: 'opaque-origin', on: ['chat'], mark: 'read', source: 'docs/spec/copilot.md#chat-reasoning',
  by: 'reasoningOrigin', envelope: 'wrapped', check: origin }]

function isRequired ({ model, world: { strict } }: Seen): boolean {
  return strict.opaqueRequired === 'all' || (strict.opaqueRequired === 'gemini' && isGemini(model))
}

/** The state that belongs to a message's calls. This model never signed another maker's calls. */
function owed ({ model, world: { memory, models } }: Seen, message: Fields): string | undefined {
  const isOwn = (opaque: string): boolean =>
    models.some(({ id, vendor }) => id === memory.issued.get(opaque)?.model && vendor === model.vendor)
  return callsOf(message).map(({ id }) => memory.opaqueOfCall.get(text(id))).find(known =>
    known !== undefined && isOwn(known)
  )
}

function origin (seen: Seen): string | null {
  return firstOf(messagesOf(seen), (message, index) => {
    const opaque = message.reasoning_opaque
    if (message.role !== 'assistant' || opaque === undefined) return null
    const issued = seen.world.memory.issued.get(text(opaque))
    const belongs = owed(seen, message)
    if (issued === undefined || (belongs !== undefined && belongs !== opaque)) {
      return `messages[${index}].reasoning_opaque: invalid thought signature`
    }
    return issued.text !== '' && message.reasoning_text !== undefined && message.reasoning_text !== issued.text
      ? `messages[${index}].reasoning_text was modified`
      : null
  })
}
