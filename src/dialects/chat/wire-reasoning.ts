// The fields for reasoning in Chat. `docs/spec/copilot.md#chat-reasoning`.
import type { JsonObject } from '../../json.ts'

/** Copilot's own field, then other vendors' conventions, then Azure's field. */
export const reasoningFields = ['reasoning_text', 'reasoning_content', 'reasoning', 'cot_summary'] as const

/** The reasoning text of a message or a delta; `''` if there is none. */
export function reasoningOf (fields: JsonObject): string {
  for (const name of reasoningFields) {
    const value = fields[name]
    if (typeof value === 'string' && value !== '') return value
  }
  return ''
}

/**
 * Anthropic's thinking blocks in the form that LiteLLM's clients keep. Upstream's Chat has no field for their state.
 */
export function hasThoughts ({ thinking_blocks: blocks }: JsonObject): boolean {
  return Array.isArray(blocks) && blocks.length > 0
}

/** The field that `showReasoning` would copy; null if it would copy none. Changes nothing. */
export function hiddenField (fields: JsonObject): string | null {
  if (fields['reasoning_content'] !== undefined && fields['reasoning_content'] !== null) return null
  return reasoningFields.find(name => typeof fields[name] === 'string' && fields[name] !== '') ?? null
}

/** Copies Copilot's reasoning to the field where clients look for it. Returns whether there was any. */
export function showReasoning (fields: JsonObject): boolean {
  const field = hiddenField(fields)
  if (field === null) return false
  fields['reasoning_content'] = fields[field]
  return true
}

/** The fields of an assistant message that return the state to upstream. */
export function stateOf (text: unknown, opaque: string): JsonObject {
  return { ...(typeof text === 'string' && text !== '' ? { reasoning_text: text } : {}), reasoning_opaque: opaque }
}
