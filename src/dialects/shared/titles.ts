// Recognises the request of an agent for the title of a session, by the words that the agent itself writes: no person
// asked for one. docs/spec/interface.md#initiator

/** opencode writes this turn, and then quotes what the person wrote. */
const lead = 'Generate a title for this conversation:'
/** Qwen Code puts the end of the conversation between these two. */
const [opening, closing] = ['Conversation so far:\n',
  '\n\nGenerate the session title now. Populate the schema with a single short title string.'] as const

export function asksForTitle (userText: string): boolean {
  return userText.startsWith(opening) && userText.endsWith(closing)
}

export function leadsToTitle (text: string): boolean {
  return text.length <= lead.length + 2 && text.trim() === lead
}
