// Texts, tools and images that the cases share, in each dialect's form, and answers written event by event.
import type { Script } from '../../../src/emulator/emulator.ts'
import type { Json } from '../../fixtures/http.ts'

export const says = <T>(content: T) => [{ role: 'user' as const, content }]

const schemaOf = (property: string) => ({ type: 'object' as const,
  properties: { [property]: { type: 'string' as const } }, required: [property] })
export const weatherSchema = schemaOf('location')
const sketches = [['get_weather', 'location'], ['read_file', 'path']] as const

// The same two tools: `get_weather {location}` and `read_file {path}`.
export const chatTools = sketches.map(([name, property]) => ({ type: 'function' as const,
  function: { name, description: `for ${name}`, parameters: schemaOf(property) } })
)
export const responsesTools = sketches.map(([name, property]) => ({ type: 'function' as const, name,
  description: `for ${name}`, parameters: schemaOf(property), strict: false })
)
export const messagesTools = sketches.map(([name, property]) => ({ name, description: `for ${name}`,
  input_schema: schemaOf(property) })
)

export const rome = '{"location":"Rome"}'
export const romeCall = (id: string) => ({ id, name: 'get_weather', arguments: rome })
export const fileCall = (id: string) => ({ id, name: 'read_file', arguments: '{"path":"a.txt"}' })

/** One pixel. */
export const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
export const pngUrl = `data:image/png;base64,${png}`
export const pdf = Buffer.from('%PDF-1.4\n%%EOF\n').toString('base64')

/** A Messages history of one call and its result. */
export const calledInMessages = (
  id: string,
  result: unknown,
  more: object = {},
) => [...says('weather?'), { role: 'assistant' as const,
  content: [{ type: 'tool_use' as const, id, name: 'get_weather', input: { location: 'Rome' } }] }, {
  role: 'user' as const,
  content: [{ type: 'tool_result' as const, tool_use_id: id, content: result, ...more }],
}]
export const calledInChat = (
  id: string,
  result: string,
) => [...says('weather?'), { role: 'assistant' as const, content: null,
  tool_calls: [{ id, type: 'function' as const, function: { name: 'get_weather', arguments: rome } }] }, {
  role: 'tool' as const,
  tool_call_id: id,
  content: result,
}]
export const calledInResponses = (
  id: string,
  output: unknown,
) => [...says('weather?'), { type: 'function_call' as const, call_id: id, name: 'get_weather', arguments: rome }, {
  type: 'function_call_output' as const,
  call_id: id,
  output,
}]

const chunkHead = { id: 'chatcmpl-1', created: 1_774_700_000, model: 'gpt-4.1-2025-04-14' }
/** A Chat chunk with one choice. */
export const chunk = (delta: object, more: object = {}) => ({ ...chunkHead, choices: [{ index: 0, delta, ...more }] })
export const finished = (reason: string) => chunk({}, { finish_reason: reason })
export const chatUsage = { ...chunkHead, choices: [],
  usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 } }
export const done = 'data: [DONE]\n\n'

/** A whole Chat answer with this message. */
export const chatBody = (message: object, finish = 'stop') => ({ ...chunkHead,
  choices: [{ index: 0, finish_reason: finish, message: { role: 'assistant', ...message } }], usage: chatUsage.usage })

/** An answer of Responses, whole and as events, made of its items. */
export function responsesScript (output: readonly Json[], more: Json = {}): Script {
  const head = { id: 'resp_given', object: 'response', created_at: 1_774_700_000, model: 'gpt-5.3-codex' }
  const usage = { input_tokens: 10, input_tokens_details: { cached_tokens: 0 }, output_tokens: 5,
    output_tokens_details: { reasoning_tokens: 0 }, total_tokens: 15 }
  const body = { ...head, status: 'completed', output, usage, ...more }
  const chunks = [{ type: 'response.created', response: { ...head, status: 'in_progress', output: [] } },
    ...output.flatMap((item, output_index) => itemEvents(item, output_index)), { type: `response.${body.status}`,
    response: body }]
  return { body, chunks: chunks.map((event, sequence_number) => ({ ...event, sequence_number })) }
}

function itemEvents (item: Json, output_index: number): object[] {
  const at = { output_index, item_id: item.id }
  const done = { type: 'response.output_item.done', output_index, item }
  switch (item.type) {
    case 'message':
      return [{ type: 'response.output_item.added', output_index, item: { ...item, content: [] } },
        ...item.content.flatMap((
          part: Json,
          content_index: number,
        ) => [{ type: 'response.content_part.added', ...at, content_index,
          part: { ...part, text: '', annotations: [] } }, { type: 'response.output_text.delta', ...at, content_index,
          delta: part.text }, ...(part.annotations ?? []).map((annotation: Json, annotation_index: number) => ({
            type: 'response.output_text.annotation.added',
            ...at,
            content_index,
            annotation_index,
            annotation,
          })), { type: 'response.output_text.done', ...at, content_index, text: part.text }, {
          type: 'response.content_part.done',
          ...at,
          content_index,
          part,
        }]), done]
    case 'reasoning':
      return [{ type: 'response.output_item.added', output_index,
        item: { ...item, summary: [], encrypted_content: '' } }, done]
    default:
      return [{ type: 'response.output_item.added', output_index, item: { ...item, arguments: '' } }, {
        type: 'response.function_call_arguments.delta',
        ...at,
        delta: item.arguments,
      }, { type: 'response.function_call_arguments.done', ...at, arguments: item.arguments }, done]
  }
}

export const messageItem = (id: string, text: string, more: object = {}) => ({ type: 'message', id, role: 'assistant',
  status: 'completed', content: [{ type: 'output_text', text, annotations: [], logprobs: [] }], ...more })
