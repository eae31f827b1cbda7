// The fields of Chat Completions that this proxy reads or writes. Everything else in a body is the client's and
// upstream's business. Loose types: what upstream sends is not to be trusted.
import { GatewayError } from '../../errors.ts'
import { isObject } from '../../json.ts'

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

/** @throws {GatewayError} for what is no JSON object */
export function parseChunk (data: string): WireAnswer {
  try {
    const value: unknown = JSON.parse(data)
    if (isObject(value)) return value
  } catch { /* said below */ }
  throw new GatewayError('upstream_error', 'Copilot sent an event that is not JSON.')
}

/** Empty where they are missing or null, as Copilot's first chunk has them. */
export function choicesOf ({ choices }: WireAnswer): WireChoice[] {
  return Array.isArray(choices) ? choices.filter(isObject) : []
}

/** Content is text; some backends write it as parts. */
export function textOf (content: unknown): string {
  if (typeof content === 'string') return content
  return Array.isArray(content) ? content.map((part: unknown) => isObject(part) && typeof part['text'] === 'string' ? part['text'] : '').join('') : ''
}
