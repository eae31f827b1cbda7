// Decides whether a person or an agent makes a request: GitHub charges for a person's request, not for an agent's next
// step. Only the content of the request counts; a client's own x-initiator does not. docs/spec/interface.md#initiator
import type { RequestFacts } from '../contract/dialect.ts'
import { asksForSummary, continuesAfterSummary } from './compaction.ts'
import { asksForTitle, leadsToTitle } from './titles.ts'

type Initiator = RequestFacts['initiator']

/** One message or item, reduced to what the rule needs. */
export interface Utterance {
  /** `instruction`: a system or developer message, or an item without content of its own. */
  readonly from:
    | 'instruction'
    | 'agent'
    | 'user'
  /** Whether it is, or contains, a tool's result. */
  readonly hasResult: boolean
  /** Its texts that are not empty. */
  readonly texts: readonly string[]
  /** Whether it contains an image, a file or anything else that is neither text nor a result. */
  readonly hasOther: boolean
}

export const instruction: Utterance = { from: 'instruction', hasResult: false, texts: [], hasOther: false }
export const agentStep: Utterance = { from: 'agent', hasResult: false, texts: [], hasOther: false }
export const toolResult: Utterance = { from: 'agent', hasResult: true, texts: [], hasOther: false }

/** Reads from the end, and only as far as necessary. @param read gives the utterance of a message or item */
export function initiatorOf<T> (messages: readonly T[], read: (message: T) => Utterance): Initiator {
  /** The last turn only reports that a tool was loaded. That counts if results come directly before it. */
  let isAfterLoadingNote = false
  for (let at = messages.length - 1; at >= 0; at--) {
    const { from, hasResult, texts, hasOther } = read(messages[at] as T)
    if (from === 'instruction') continue
    if (from === 'agent') return isAfterLoadingNote && !hasResult ? 'user' : 'agent'
    if (hasOther) return 'user'
    const words = texts.filter(text => !isReminder(text))
    if (words.length === 0) {
      if (hasResult) return 'agent'
      if (texts.length === 0) return 'user'
      continue
    }
    if (words.every(isWrittenByAgent)) return 'agent'
    if (isAfterLoadingNote || !words.every(isLoadingNote)) {
      return isLedToTitle(messages, at, read) ? 'agent' : 'user'
    }
    if (hasResult) return 'agent'
    isAfterLoadingNote = true
  }
  return 'user'
}

/**
 * Whether the user's turn at `at` only follows the lead, as a turn of its own or as the first text of the same turn. An
 * answer, or any other turn before it, makes it a conversation.
 */
function isLedToTitle<T> (messages: readonly T[], at: number, read: (message: T) => Utterance): boolean {
  const first = messages.findIndex(message => read(message).from !== 'instruction')
  const { from, texts: [text = '', ...others], hasOther } = read(messages[first] as T)
  if (from !== 'user' || hasOther || !leadsToTitle(text)) return false
  return first === at
    ? others.length > 0
    : others.length === 0 && messages.slice(first + 1, at).every(message => read(message).from === 'instruction')
}

/** No person typed such a text, although it is in a turn of the user. */
function isWrittenByAgent (text: string): boolean {
  return isSubagentNotification(text) || asksForSummary(text) || continuesAfterSummary(text) || asksForTitle(text)
}

/** Whether a text consists only of `<system-reminder>` blocks, which agents add to a user's turn. */
export function isReminder (text: string): boolean {
  return isWholly(text, 'system-reminder')
}

/** Codex writes this when a child agent ends; no person typed it. */
function isSubagentNotification (text: string): boolean {
  return isWholly(text, 'subagent_notification')
}

/** Claude Code writes this next to the result of its tool search. */
function isLoadingNote (text: string): boolean {
  return /^Tools? loaded\.?$/.test(text.trim())
}

function isWholly (text: string, tag: 'system-reminder' | 'subagent_notification'): boolean {
  const trimmed = text.trim()
  if (!trimmed.startsWith(`<${tag}>`) || !trimmed.endsWith(`</${tag}>`)) return false
  return trimmed.replaceAll(blocks[tag], '').trim() === ''
}

const blocks = {
  'system-reminder': /<system-reminder>[^]*?<\/system-reminder>/g,
  'subagent_notification': /<subagent_notification>[^]*?<\/subagent_notification>/g,
}
