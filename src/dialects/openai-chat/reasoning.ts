// The fields in which reasoning comes through Chat. `copilot-upstream.md` 7.5.
import type { JsonObject } from '../../json.ts'

/** Copilot's own, then the conventions of others, then Azure's. */
const textFields = ['reasoning_text', 'reasoning_content', 'reasoning', 'cot_summary'] as const

/** The text of a message's or a delta's reasoning, `''` where there is none. */
export function reasoningOf (fields: JsonObject): string {
  for (const name of textFields) {
    const value = fields[name]
    if (typeof value === 'string' && value !== '') return value
  }
  return ''
}

/** Puts Copilot's reasoning where clients look for it, beside where it was. Whether there was anything to put. */
export function showReasoning (fields: JsonObject): boolean {
  if (fields['reasoning_content'] !== undefined && fields['reasoning_content'] !== null) return false
  const text = reasoningOf(fields)
  if (text === '') return false
  fields['reasoning_content'] = text
  return true
}
