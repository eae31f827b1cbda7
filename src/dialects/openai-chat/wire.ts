// The fields of Chat Completions that this proxy reads or writes. Everything else in a body is the client's and
// upstream's business. Vendor types where they fit; loose ones for what upstream sends, which is not to be trusted.
import type { ChatCompletion, ChatCompletionChunk } from 'openai/resources/chat/completions'

export type { ChatCompletion, ChatCompletionChunk }

/** Between several carriers in one `reasoning_opaque`: no base64 has it. `translation.md` 2.6.2. */
export const carrierSeparator = '~'

export interface WireToolCall {
  index?: unknown
  id?: unknown
  type?: unknown
  function?: { name?: unknown, arguments?: unknown }
  custom?: { name?: unknown, input?: unknown }
}
export interface WireMessage {
  role?: unknown
  content?: unknown
  tool_calls?: unknown
  padding?: unknown
  [name: string]: unknown
}
export interface WireChoice {
  index?: unknown
  finish_reason?: unknown
  delta?: unknown
  message?: unknown
  [name: string]: unknown
}
/** A whole answer or a chunk of one, as upstream sends it: fields may be missing, empty or null. */
export interface WireAnswer {
  id?: unknown
  object?: unknown
  created?: unknown
  model?: unknown
  choices?: unknown
  usage?: unknown
  error?: unknown
  copilot_usage?: unknown
  [name: string]: unknown
}

/** Whether an answer or a chunk tells of a failure and of nothing else. */
export function isFailure ({ error, choices }: WireAnswer): boolean {
  return error !== undefined && error !== null && (!Array.isArray(choices) || choices.length === 0)
}
