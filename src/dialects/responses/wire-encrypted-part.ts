// Parts of the type `encrypted_content`. Codex also stores plain prose in them, if the model ran elsewhere than at
// OpenAI.
// `docs/spec/translation.md#encrypted-parts`.
import type { JsonObject } from '../../json.ts'
import { text } from './wire.ts'

/** Takes the place of a part that only its own vendor can read. */
export const unreadable = '[encrypted message]'

export function isEncrypted (part: JsonObject): boolean {
  return part['type'] === 'encrypted_content'
}

/** The prose of the part; null if it is a cipher, which has no white space and ends in no punctuation. */
export function proseOf (part: JsonObject): string | null {
  const content = text(part['encrypted_content'])
  return !content.startsWith('gAAAA') && /\s|[.!?]$/.test(content) ? content : null
}

/** The part as one that Copilot takes, if it is prose. */
export function toReadable (part: JsonObject): JsonObject {
  const prose = isEncrypted(part) ? proseOf(part) : null
  return prose === null ? part : { type: 'input_text', text: prose }
}
