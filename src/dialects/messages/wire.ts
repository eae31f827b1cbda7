// Messages on the wire: helpers that several files of this folder share, which trust no input; and the types of what
// encoders write: the vendor's own, where Copilot takes the same.
import type { CacheControlEphemeral, DocumentBlockParam, ImageBlockParam, Message, MessageCreateParamsBase,
  OutputConfig, RawContentBlockDelta, RedactedThinkingBlockParam, RefusalStopDetails, StopReason, TextBlockParam,
  TextCitationParam, ThinkingBlockParam, ThinkingConfigParam, Tool, ToolChoice, ServerToolUseBlock, ServerToolUsage,
  ToolResultBlockParam, ToolUseBlockParam, Usage, WebFetchToolResultBlock,
  WebSearchToolResultBlock } from '@anthropic-ai/sdk/resources/messages/messages'
import { GatewayError } from '../../errors.ts'
import { isObject, parseJson, text, type JsonObject } from '../../json.ts'
import { sameOf } from '../../steps.ts'

export { list, text } from '../../json.ts'
export { cutOff } from '../shared/cut-off.ts'

type Replace<T, More> =
  & Omit<T, keyof More>
  & More

/** A request to Copilot. `docs/spec/copilot.md#messages-body`. */
export type MessagesRequest = Replace<MessageCreateParamsBase, {
  /** Undefined for a model whose limit is unknown: a rule sets it. */
  max_tokens: number | undefined,
  top_k?: number,
  top_p?: number,
  temperature?: number,
  output_config?: WireOutput,
  system?: SystemBlock[],
  tools?: WireTool[],
  messages: WireMessage[],
}>
export type WireMessage = { readonly role: 'user' | 'assistant' | 'system', readonly content: readonly WireBlock[] }
export type WireBlock =
  | TextBlockParam
  | ImageBlock
  | DocumentBlock
  | Thought
  | ToolUseBlockParam
  | ToolResultBlock
/** Goes back as it came: the client keeps it, and upstream checks it. */
export type Thought =
  & JsonObject
  & { type: 'thinking' | 'redacted_thinking' }
/** The media type that the client declared, unless the bytes show another. */
export type ImageBlock = Replace<ImageBlockParam, { source: Source }>
export type DocumentBlock = Replace<DocumentBlockParam, { source: Source | TextSource }>
export type Source = { type: 'base64', media_type: string, data: string } | { type: 'url', url: string }
export type TextSource = { type: 'text', media_type: 'text/plain', data: string }
export type ToolResultBlock = Replace<ToolResultBlockParam, { content: string | WireBlock[] }>
/** A rule fits the effort to the model. */
export type WireOutput = Replace<OutputConfig, { effort?: string }>
export type SystemBlock = TextBlockParam
export type WireTool = Replace<Tool, { input_schema: JsonObject }>
export type { ServerToolUsage, CacheControlEphemeral, ThinkingConfigParam, ToolChoice }

/** An answer to a client. Its blocks have the form in which clients send them back. */
export type MessagesAnswer = Replace<Pick<Message, 'id' | 'type' | 'role' | 'model' | 'stop_sequence'>,
  { content: AnswerBlock[], stop_reason: StopReason | null, stop_details?: RefusalStopDetails, usage: WireUsage }>
export type TextAnswer = Replace<TextBlockParam, { citations?: WireCitation[] }>
export type AnswerBlock = TextAnswer | ThinkingBlockParam | RedactedThinkingBlockParam | ToolUseBlockParam
  | SearchAnswer
export type SearchAnswer = ServerToolUseBlock | WebSearchToolResultBlock | WebFetchToolResultBlock
export type WireCitation = Extract<TextCitationParam, { type: 'web_search_result_location' }>
export type WireDelta = Exclude<RawContentBlockDelta, { type: 'citations_delta' }> | { type: 'citations_delta',
  citation: WireCitation }
export type WireUsage =
  & Pick<Usage, 'input_tokens' | 'output_tokens' | 'cache_creation_input_tokens' | 'cache_read_input_tokens'>
  & { output_tokens_details?: Pick<NonNullable<Usage['output_tokens_details']>, 'thinking_tokens'>,
    server_tool_use?: ServerToolUsage }

/** The content of a message, or `system`: a string counts as one text block. */
export function blocksOf (content: unknown): JsonObject[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }]
  return Array.isArray(content) ? content.filter(isObject) : []
}

export function numberOf (value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** Upstream refuses empty texts and white space. */
export function isEmptyText (block: unknown): boolean {
  return isObject(block) && block['type'] === 'text' && text(block['text']).trim() === ''
}

export function isCached (block: { readonly type?: unknown, readonly cache_control?: unknown }): boolean {
  return isObject(block.cache_control)
}

/** Writes parsed JSON; gives `{}` for nesting too deep for a writer. */
export function stringify (value: JsonObject): string {
  try {
    return JSON.stringify(value)
  } catch {
    return '{}'
  }
}

/** Maps each item and drops those that become null. Returns the same array if nothing changes. */
export function mapSame<T> (items: T[], fit: (item: T, at: number) => T | null): T[] {
  return sameOf(items, items.map(fit))
}

/** An event needs both its name and its type, because SDKs read one or the other. */
export function writeEvent (type: string, fields: JsonObject = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`
}

export function invalid (param: string, wanted: string): GatewayError {
  return new GatewayError('invalid_request', `\`${param}\` must be ${wanted}.`, { param })
}

/** @throws {GatewayError} `upstream_error` */
export function parseEvent (data: string): JsonObject {
  try {
    const value = parseJson(data)
    if (isObject(value)) return value
  } catch { /* The next line throws the error. */ }
  throw new GatewayError('upstream_error', 'Copilot sent an event that is not JSON.')
}
