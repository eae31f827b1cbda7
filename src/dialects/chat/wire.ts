// The fields of Chat Completions that this proxy reads or writes. What it reads has loose types, because clients and
// upstream are untrusted. What it writes has the vendor's own types, with Copilot's fields added.
import type { ChatCompletion, ChatCompletionAssistantMessageParam, ChatCompletionChunk, ChatCompletionContentPart,
  ChatCompletionContentPartImage, ChatCompletionCreateParamsBase, ChatCompletionMessage,
  ChatCompletionSystemMessageParam, ChatCompletionToolMessageParam,
  ChatCompletionUserMessageParam } from 'openai/resources/chat/completions/completions'
import type { CompletionUsage } from 'openai/resources/completions'
import { GatewayError } from '../../errors.ts'
import { isObject, parseJson, type JsonObject } from '../../json.ts'

type Replace<T, More> =
  & Omit<T, keyof More>
  & More

/** A request to Copilot. `docs/spec/copilot.md#chat-request`. */
export type ChatRequest = Replace<ChatCompletionCreateParamsBase, {
  messages: ChatMessage[],
  /** The client's own word. */
  service_tier?: string,
  /** Copilot's own field. */
  thinking_budget?: number,
}>
export type ChatMessage = (ChatCompletionSystemMessageParam | ChatUserMessage | ChatAssistantMessage | ChatToolMessage)
  & { copilot_cache_control?: { type: 'ephemeral' } }
export type ChatUserMessage = Replace<ChatCompletionUserMessageParam, { content: string | ChatPart[] }>
export type ChatAssistantMessage = ChatCompletionAssistantMessageParam & ChatReasoning
export type ChatToolMessage = ChatCompletionToolMessageParam
export type ChatPart =
  | Exclude<ChatCompletionContentPart, ChatCompletionContentPartImage>
  /** `detail` is the client's own word. */
  | Replace<ChatCompletionContentPartImage, { image_url: { url: string, detail?: string } }>
/** Copilot's fields of an assistant's reasoning. `docs/spec/copilot.md#chat-reasoning`. */
export interface ChatReasoning {
  reasoning_text?: string
  reasoning_opaque?: string
}

/** An answer to a client. Clients look for reasoning in `reasoning_content`; its state is Copilot's field. */
export type ChatAnswer = Replace<ChatCompletion, { choices: ChatChoice[], usage?: ChatUsage }>
export type ChatChoice = Replace<ChatCompletion.Choice, { message: ChatAnswerMessage, logprobs: ChatLogprobs | null }>
export type ChatAnswerMessage =
  & ChatCompletionMessage
  & ShownReasoning
/** The entries are upstream's. */
export interface ChatLogprobs {
  content: readonly JsonObject[]
  refusal: null
}
export type ChatUsage = CompletionUsage
export type ChatDelta = Replace<ChatCompletionChunk.Choice.Delta,
  { tool_calls?: readonly ToolCallDelta[], annotations?: readonly ChatCompletionMessage.Annotation[] }> & ShownReasoning
export interface ToolCallDelta {
  readonly index: number
  readonly id?: string
  readonly type?: 'function' | 'custom'
  readonly function?: { readonly name?: string, readonly arguments: string }
  /** For a tool with free-text input. */
  readonly custom?: { readonly name?: string, readonly input: string }
}
export type ChatChunkHead = Pick<ChatCompletionChunk, 'id' | 'object' | 'created' | 'model'>
interface ShownReasoning {
  reasoning_content?: string
  reasoning_opaque?: string
}

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
    const value = parseJson(data)
    if (isObject(value)) return value
  } catch { /* The next line throws the error. */ }
  throw new GatewayError('upstream_error', 'Copilot sent an event that is not JSON.')
}

/** The choice of a chunk that has one; null for any other chunk. */
export function onlyChoiceOf ({ choices }: WireAnswer): WireChoice | null {
  const choice: unknown = Array.isArray(choices) && choices.length === 1 ? choices[0] : null
  return isObject(choice) ? choice : null
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
