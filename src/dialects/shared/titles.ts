// Recognises the request of an agent for the title of a session, by the words that the agent itself writes: no person
// asked for one. docs/spec/interface.md#initiator
import type { Utterance } from './initiator.ts'

/** opencode writes this turn, and then quotes what the person wrote. */
const lead = 'Generate a title for this conversation:'
/** Qwen Code puts the end of the conversation between these two. */
const [opening, closing] = ['Conversation so far:\n',
  '\n\nGenerate the session title now. Populate the schema with a single short title string.'] as const

export function asksForTitle (userText: string): boolean {
  return userText.startsWith(opening) && userText.endsWith(closing)
}

/**
 * Whether the user's turn at `at` only follows the lead, as a turn of its own or as the first text of the same turn. An
 * answer, or any other turn before it, makes it a conversation.
 */
export function isLedToTitle<T> (messages: readonly T[], at: number, read: (message: T) => Utterance): boolean {
  const first = messages.findIndex(message => read(message).from !== 'instruction')
  const { from, texts: [text = '', ...others], hasOther } = read(messages[first] as T)
  if (from !== 'user' || hasOther || !isLead(text)) return false
  return first === at
    ? others.length > 0
    : others.length === 0 && messages.slice(first + 1, at).every(message => read(message).from === 'instruction')
}

function isLead (text: string): boolean {
  return text.length <= lead.length + 2 && text.trim() === lead
}
