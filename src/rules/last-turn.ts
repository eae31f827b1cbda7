// A conversation must end with the user. Newer Claude models refuse an assistant's message at the end: a short user
// turn asks them to continue, as the official client does. Older Claude models accept it, but no white space at its
// end.
import { isObject, type JsonObject } from '../json.ts'
import { list, objects, text } from './fields.ts'
import { isClaude, takesPrefill } from './model-facts.ts'
import type { Rule } from './rule.ts'

const thinks = ({ thinking, thinking_budget: budget }: JsonObject): boolean =>
  (isObject(thinking) && (thinking['type'] === 'enabled' || thinking['type'] === 'adaptive'))
  || typeof budget === 'number'

const closed = (id: string): Rule => ({
  id,
  what: "An assistant's message at the end is followed by a user turn: the model starts a new turn and does not "
    + 'continue the text.',
  models: 'Claude 4.6 and later, and all Claude that think',
  applies: isClaude,
  fix: 'rewrite',
  loses: 'yes',
  when: 'always',
  source: { mark: 'read', reference: 'microsoft/vscode: messagesApi.ts' },
  answers: [/does not support assistant message prefill/],
  apply (body, { target, lose }) {
    const messages = list(body['messages'])
    const last = messages.at(-1)
    if (!isObject(last) || last['role'] !== 'assistant' || (takesPrefill(target) && !thinks(body))) return body
    // A call without its result: Copilot's own error explains it best.
    if (list(last['tool_calls']).length > 0 || objects(last['content']).some(block => block['type'] === 'tool_use')) {
      return body
    }
    lose('prefill')
    return { ...body, messages: [...messages, { role: 'user', content: 'Continue.' }] }
  },
})

const trimmed = (id: string): Rule => ({
  id,
  what: 'White space at the end of a last assistant text is cut.',
  models: 'Claude',
  applies: isClaude,
  fix: 'rewrite',
  loses: 'no',
  when: 'always',
  source: { mark: 'read', reference: 'microsoft/vscode: messagesApi.ts' },
  answers: [/final assistant content cannot end with trailing whitespace/],
  apply (body) {
    const messages = list(body['messages'])
    const last = messages.at(-1)
    if (!isObject(last) || last['role'] !== 'assistant') return body
    const fitted = withoutTail(last)
    return fitted === last ? body : { ...body, messages: [...messages.slice(0, -1), fitted] }
  },
})

function withoutTail (message: JsonObject): JsonObject {
  const { content } = message
  if (typeof content === 'string') return /\s$/.test(content) ? { ...message, content: content.trimEnd() } : message
  const last: unknown = list(content).at(-1)
  if (!isObject(last) || last['type'] !== 'text' || !/\s$/.test(text(last['text']))) return message
  return { ...message, content: [...list(content).slice(0, -1), { ...last, text: text(last['text']).trimEnd() }] }
}

export const lastTurnRules = (
  prefix: string,
): readonly Rule[] => [closed(`${prefix}-last-turn`), trimmed(`${prefix}-last-text`)]
