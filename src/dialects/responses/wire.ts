// Loose readers for Responses JSON, because neither clients nor upstream are trusted; the function that writes events;
// and the types of what encoders write: the vendor's own, where Copilot takes the same.
import type { EasyInputMessage, ResponseCreateParamsBase, ResponseFunctionToolCall, ResponseCustomToolCall,
  ResponseInputFile, ResponseInputItem, ResponseInputText, ResponseOutputRefusal,
  ResponseOutputText } from 'openai/resources/responses/responses'
import { isObject, list, type JsonObject } from '../../json.ts'

export { list, objects, text } from '../../json.ts'

type Replace<T, More> =
  & Omit<T, keyof More>
  & More

/** A request to Copilot. `docs/spec/copilot.md#responses-request`. */
export type ResponsesRequest = Replace<ResponseCreateParamsBase, {
  input: readonly InputItem[],
  /** The client's own word. */
  service_tier?: string,
}>
export type InputItem = InputMessage | OutputMessage | ResponseFunctionToolCall | ResponseCustomToolCall | CallOutput
  | ReasoningItem | CompactionItem | { readonly type: 'compaction_trigger' }
export type InputMessage = Replace<EasyInputMessage, { content: InputPart[] }>
/** An earlier answer. Copilot stores none, so that it has neither id nor status. */
export type OutputMessage = Replace<EasyInputMessage,
  { role: 'assistant', content: (ResponseOutputText | ResponseOutputRefusal)[] }>
export type InputPart = ResponseInputText | ResponseInputFile | {
  type: 'input_image',
  image_url: string,
  /** The client's own word. */
  detail: string,
}
export type CallOutput = Replace<Pick<ResponseInputItem.FunctionCallOutput, 'call_id' | 'output'>,
  { type: 'function_call_output' | 'custom_tool_call_output', output: string | InputPart[] }>
/** Goes back as it came: the client keeps it, and upstream checks it. */
export type ReasoningItem = JsonObject & { type: 'reasoning' }
export type CompactionItem = JsonObject & { type: 'compaction' }

export function fields (value: unknown): JsonObject {
  return isObject(value) ? value : {}
}

/** Null means the same as absent in this dialect. */
export function isGiven (value: unknown): boolean {
  return value !== undefined && value !== null
}

/** Returns the same object if there is nothing to leave out. */
export function withoutNulls (object: JsonObject): JsonObject {
  return Object.values(object).some(value => value === null)
    ? Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null))
    : object
}

/** The type of an item: a message may omit it, and an object with only an id is a reference. */
export function typeOf (item: JsonObject): string {
  if (typeof item['type'] === 'string') return item['type']
  if (typeof item['role'] === 'string') return 'message'
  return typeof item['id'] === 'string' ? 'item_reference' : ''
}

/** A plain string is one user message. */
export function readInput (input: unknown): readonly unknown[] {
  return typeof input === 'string' ? [{ type: 'message', role: 'user', content: input }] : list(input)
}

export function writeEvent (event: { readonly type: string } & JsonObject): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}

export { parseObjectWithin as parseObject } from '../../json.ts'
