// Handles an empty list of tools, and calls in the history without their tools.
import { isObject, type JsonObject } from '../json.ts'
import { isGiven, list, objects, text, withFields } from './fields.ts'
import { isClaude } from './model-facts.ts'
import type { Rule } from './rule.ts'
import { toolName } from './tool-wire.ts'

const choices = ['tool_choice', 'parallel_tool_calls'] as const

export const emptyTools = (prefix: string): Rule => ({
  id: `${prefix}-tools-empty`,
  what: 'An empty list of tools is left out, and a choice among no tools with it.',
  models: 'all',
  applies: () => true,
  fix: 'drop',
  loses: 'no',
  when: 'always',
  source: { mark: 'read', reference: 'microsoft/vscode: chatEndpoint.ts' },
  answers: [/tools: array must not be empty/],
  apply (body) {
    if (list(body['tools']).length > 0 || objects(body['functions']).length > 0) return body
    return ['tools', ...choices].some(name => body[name] !== undefined)
      ? withFields(body, { tools: undefined, tool_choice: undefined, parallel_tool_calls: undefined })
      : body
  },
})

/** Names of the calls in the history, each once. */
function calledIn (body: JsonObject): readonly string[] {
  const names = new Set<string>()
  for (const message of objects(body['messages'])) {
    for (const call of objects(message['tool_calls'])) names.add(toolName(call))
    for (const block of list(message['content'])) {
      if (isObject(block) && block['type'] === 'tool_use') names.add(text(block['name']))
    }
  }
  names.delete('')
  return [...names]
}

const history = (
  id: string,
  models: string,
  applies: Rule['applies'],
  define: (name: string) => JsonObject,
  none: unknown,
): Rule => ({
  id,
  what: 'A history of calls without a list of tools gets one that may not be used.',
  models,
  applies,
  fix: 'rewrite',
  loses: 'no',
  when: 'always',
  source: { mark: 'read',
    reference: 'Anthropic API: "Requests which include `tool_use` or `tool_result` blocks must define tools"' },
  answers: [/must define tools/],
  apply (body) {
    if (isGiven(body['tools']) && list(body['tools']).length > 0) return body
    const names = calledIn(body)
    return names.length === 0 ? body : withFields(body, { tools: names.map(define), tool_choice: none })
  },
})

export const chatHistory = history('chat-tools-history', 'Claude', isClaude,
  name => ({ type: 'function', function: { name, parameters: { type: 'object', properties: {} } } }), 'none')
export const messagesHistory = history('messages-tools-history', 'all', () => true,
  name => ({ name, input_schema: { type: 'object', properties: {} } }), { type: 'none' })
