// Requests for the table of rules: the smallest valid one of each endpoint, and one line for each case.
import { png } from './client.ts'
import type { Json } from './client.ts'

export interface Case {
  readonly path: string
  /** Breaks this rule and no other. */
  readonly bad: Json
  /** The most similar request that the rule accepts. */
  readonly good: Json
  /** The text of the refusal; several if chance chooses. */
  readonly words: string | readonly string[]
  readonly badHeaders?: Record<string, string>
  readonly goodHeaders?: Record<string, string>
  /** Further settings that the case needs. */
  readonly strict?: Record<string, unknown>
}
type Make = (more?: object) => Json

export const user = { role: 'user', content: 'hello' }
export const seeing = { 'copilot-vision-request': 'true' }
export const image = (url: string) => ({ type: 'image_url', image_url: { url } })
export const picture = image(png)
export const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }

export const chat = (model: string): Make => more => ({ model, messages: [user], ...more })
export const responses = (model: string): Make => more => ({ model, input: [user], ...more })
export const messages = (model: string): Make => more => ({ model, max_tokens: 2000, messages: [user], ...more })

export const chatTool = (parameters: unknown = schema, name = 'f') => ({ type: 'function',
  function: { name, parameters } })
export const flatTool = (parameters: unknown = schema, name = 'f') => ({ type: 'function', name, parameters })
export const claudeTool = (input_schema: unknown = schema, name = 'f') => ({ name, input_schema })

/** A question, a call and its result, in each dialect. */
export function chatRound (call: object = {}, result: object = {}, tool: string = 'f'): object[] {
  return [user, { role: 'assistant', content: null,
    tool_calls: [{ id: 'c1', type: 'function', function: { name: tool, arguments: '{}' }, ...call }] }, { role: 'tool',
    tool_call_id: 'c1', name: tool, content: 'done', ...result }]
}
export function responsesRound (call: object = {}, output: object = {}): object[] {
  return [user, { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}', ...call }, {
    type: 'function_call_output',
    call_id: 'c1',
    output: 'done',
    ...output,
  }]
}
export function messagesRound (use: object = {}, result: object = {}, before: object[] = []): object[] {
  return [user, { role: 'assistant',
    content: [...before, { type: 'tool_use', id: 't1', name: 'f', input: {}, ...use }] }, { role: 'user',
    content: [{ type: 'tool_result', tool_use_id: 't1', content: 'done', ...result }] }]
}

/** `path`, the function that makes requests, and the fields that each of the two adds. */
export function pair (
  path: string,
  make: Make,
  bad: object,
  good: object,
  words: string | readonly string[],
  more: Partial<Case> = {},
): Case {
  return { path, bad: make(bad), good: make(good), words, ...more }
}
export const C = '/chat/completions'
export const R = '/responses'
export const M = '/v1/messages'
