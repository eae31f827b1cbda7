// Recognises the request of an agent for a summary that replaces the conversation, by the words that the agent itself
// writes. docs/spec/interface.md#initiator
const beginnings = ['You are performing a CONTEXT CHECKPOINT COMPACTION. Create a handoff summary',
  'Your task is to create a detailed summary of the conversation so far, paying close attention',
  'Provide a detailed prompt for continuing our conversation above'] as const
/** An instruction may come before these words, but no conversation. */
const maxStart = 2_048

export function asksForSummary (userText: string): boolean {
  const start = userText.slice(0, maxStart)
  return beginnings.some(words => start.includes(words))
}
