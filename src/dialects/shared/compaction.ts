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

/** Claude Code puts the summary in place of the conversation and goes on with its own work. */
const continuation = 'This session is being continued from a previous conversation that ran out of context.'

/** Whether an agent goes on after its own summary. If a person asks something next, that text comes in addition. */
export function continuesAfterSummary (userText: string): boolean {
  return userText.trimStart().startsWith(continuation)
}
