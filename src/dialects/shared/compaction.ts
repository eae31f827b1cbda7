// Recognises the request of an agent for a summary that replaces the conversation, and the message that brings the
// summary, by the words that the agent itself writes. docs/spec/interface.md#initiator
const beginnings = [
  'You are performing a CONTEXT CHECKPOINT COMPACTION. Create a handoff summary',
  'Your task is to create a detailed summary of the conversation so far, paying close attention',
  'Provide a detailed prompt for continuing our conversation above',
  // The gateway's own question: dialects/responses/compactions.ts
  'Write a hand-off summary of this conversation. Another instance of you',
] as const
/** An instruction may come before these words, but no conversation. */
const maxStart = 2_048

export function asksForSummary (userText: string): boolean {
  const start = userText.slice(0, maxStart)
  return beginnings.some(words => start.includes(words))
}

/** Claude Code and Codex put the summary in place of the conversation and go on with their own work. */
const continuations = ['This session is being continued from a previous conversation that ran out of context.',
  'Another language model started to solve this problem and produced a summary of its thinking'] as const

/** Whether an agent goes on after its own summary. If a person asks something next, that text comes in addition. */
export function continuesAfterSummary (userText: string): boolean {
  const start = userText.trimStart()
  return continuations.some(words => start.startsWith(words))
}
