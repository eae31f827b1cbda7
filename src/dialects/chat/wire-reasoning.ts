// The fields for reasoning in Chat. `docs/spec/copilot.md#chat-reasoning`.
import type { JsonObject } from '../../json.ts'

/** Copilot's own field, then other vendors' conventions, then Azure's field. */
const textFields = ['reasoning_text', 'reasoning_content', 'reasoning', 'cot_summary'] as const

/** The reasoning text of a message or a delta; `''` if there is none. */
export function reasoningOf (fields: JsonObject): string {
  for (const name of textFields) {
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

/** Copies Copilot's reasoning to the field where clients look for it. Returns whether there was any. */
export function showReasoning (fields: JsonObject): boolean {
  if (fields['reasoning_content'] !== undefined && fields['reasoning_content'] !== null) return false
  const text = reasoningOf(fields)
  if (text === '') return false
  fields['reasoning_content'] = text
  return true
}

/** The fields of an assistant message that return the state to upstream. */
export function stateOf (text: unknown, opaque: string): JsonObject {
  return { ...(typeof text === 'string' && text !== '' ? { reasoning_text: text } : {}), reasoning_opaque: opaque }
}
