// The types of what encoders write in an answer: the vendor's own, with the exceptions that are named here.
import type { Response, ResponseCustomToolCall, ResponseFunctionToolCall, ResponseFunctionWebSearch,
  ResponseOutputMessage, ResponseOutputRefusal, ResponseOutputText, ResponseReasoningItem, ResponseStreamEvent,
  ResponseUsage } from 'openai/resources/responses/responses'
import type { JsonObject } from '../../json.ts'

type Replace<T, More> = Omit<T, keyof More> & More

export type AnswerItem =
  | MessageItem
  | ResponseReasoningItem
  | FunctionCall
  | CustomCall
  | BuiltinCall
  | SearchCall
/** Without an action until it is known. */
export type SearchCall = Replace<ResponseFunctionWebSearch, { action?: ResponseFunctionWebSearch['action'] }>
export type MessageItem = Replace<ResponseOutputMessage, { content: AnswerPart[] }>
/** The entries of `logprobs` are upstream's. */
export type AnswerPart = Replace<ResponseOutputText, { logprobs: JsonObject[] }> | ResponseOutputRefusal
export type UrlCitation = ResponseOutputText.URLCitation
export type FunctionCall = ResponseFunctionToolCall
/** The API's own items have a status; the vendor's type has none. */
export type CustomCall =
  & ResponseCustomToolCall
  & { status?: 'in_progress' | 'completed' | 'incomplete' }
/** A call of a tool that OpenAI defines: `wire-builtins.ts` writes its fields. */
export interface BuiltinCall {
  id: string
  type: 'local_shell_call' | 'shell_call' | 'apply_patch_call' | 'tool_search_call'
  status: 'in_progress' | 'completed'
  call_id: string
  [field: string]: unknown
}
export type BuiltinFields =
  & Pick<BuiltinCall, 'type'>
  & JsonObject

/** The fields of a response that change while it grows. */
export type ResponseState = Replace<Pick<Response, 'status' | 'incomplete_details' | 'completed_at'>, {
  /** Codex acts on codes that the vendor's type does not list. */
  error: { readonly code: string, readonly message: string } | null,
  output: AnswerItem[],
  usage: ResponseUsage | null,
}>
/** Adds the fields that stay the same: the client's own settings, and the API's defaults. */
export type AnswerResponse = JsonObject & Partial<ResponseState>
export type AnswerUsage = ResponseUsage

/** The events of an item, without the prefix that all share. */
export type ItemEvent = ResponseStreamEvent['type'] extends infer Type
  ? Type extends `response.${infer Name}` ? Name : never
  : never
/** The fields of an event, except those that every event of an item has. */
export type ItemPayload<Name extends ItemEvent> = Payload<Extract<ResponseStreamEvent, { type: `response.${Name}` }>>
type Payload<Event> = Event extends { item: unknown } ? { item: AnswerItem }
  : Event extends { part: unknown } ? Own<Replace<Event, { part: AnswerPart | SummaryPart }>>
  : Event extends { logprobs: unknown } ? Own<Replace<Event, { logprobs: JsonObject[] }>>
  : Own<Event>
/** A call's name goes with its arguments, which the vendor's type does not list. */
type Own<Event> = Omit<Event, 'type' | 'sequence_number' | 'output_index'>
  & (Event extends { arguments: string } ? { name: string } : unknown)
type SummaryPart = ResponseReasoningItem.Summary
