// The fields of Chat Completions that this proxy reads or writes. The types are loose, because upstream's data is
// untrusted.
import { GatewayError } from '../../errors.ts'
import { isObject } from '../../json.ts'

/**
 * Separates several carriers in one `reasoning_opaque`. Base64 does not contain it.
 * `docs/spec/translation.md#carriers`.
 */
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
/** A whole answer or a chunk from upstream: fields may be missing, empty or null. */
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

/** Whether an answer or a chunk contains only a failure. */
export function isFailure ({ error, choices }: WireAnswer): boolean {
  return error !== undefined && error !== null && (!Array.isArray(choices) || choices.length === 0)
}

/** Null and `''` are not finish reasons: upstream sends them in chunks that do not end the answer. */
export function isFinishReason (reason: unknown): reason is string {
  return typeof reason === 'string' && reason !== ''
}

/**
 * @throws {GatewayError} for a whole answer that has no finished choice or no message: the gateway never invents an
 * empty answer
 */
export function requireEnding ({ choices }: WireAnswer): void {
  const given: readonly unknown[] = Array.isArray(choices) ? choices : []
  const ended = given.filter(isObject).filter(choice => isFinishReason(choice['finish_reason']))
  if (ended.length === 0) {
    throw new GatewayError('upstream_error', "Copilot's answer has no finished choice.")
  }
  const isCut = ended.some(({ finish_reason: reason }) => reason === 'length' || reason === 'content_filter')
  if (!isCut && !given.some(choice => isObject(choice) && isObject(choice['message']))) {
    throw new GatewayError('upstream_error', "Copilot's answer has no message.")
  }
}

/** @throws {GatewayError} for anything but a JSON object */
export function parseChunk (data: string): WireAnswer {
  try {
    const value: unknown = JSON.parse(data)
    if (isObject(value)) return value
  } catch { /* The next line throws the error. */ }
  throw new GatewayError('upstream_error', 'Copilot sent an event that is not JSON.')
}

/** Empty if they are missing or null, as in Copilot's first chunk. */
export function choicesOf ({ choices }: WireAnswer): WireChoice[] {
  return Array.isArray(choices) ? choices.filter(isObject) : []
}

/** Content is text; some backends send parts. */
export function textOf (content: unknown): string {
  if (typeof content === 'string') return content
  return Array.isArray(content)
    ? content.map((part: unknown) => isObject(part) && typeof part['text'] === 'string' ? part['text'] : '').join('')
    : ''
}
