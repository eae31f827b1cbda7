// Marks that end a cached part of the prompt, and edits of the context: their places and their number.
import { isObject, type JsonObject } from '../json.ts'
import { list, mapSame, withFields } from './fields.ts'
import { takesContextEdits } from './model-facts.ts'
import type { Rule } from './rule.ts'

const maxMarks = 4

export const chatMarks: Rule = {
  id: 'chat-cache-marks',
  what: `At most ${maxMarks} messages carry \`copilot_cache_control\`: the last ones keep it.`,
  models: 'all',
  applies: () => true,
  fix: 'drop',
  loses: 'small',
  when: 'always',
  source: { mark: 'read', reference: 'microsoft/vscode: networking.ts' },
  answers: [/maximum of 4 blocks with cache_control/],
  apply (body, { lose }) {
    const messages = list(body['messages'])
    const isMarked = (message: unknown): message is JsonObject =>
      isObject(message) && isObject(message['copilot_cache_control'])
    let surplus = messages.reduce<number>((count, message) => isMarked(message) ? count + 1 : count, -maxMarks)
    if (surplus <= 0) return body
    lose('cache_control')
    return {
      ...body,
      messages: mapSame(messages, message => {
        if (!isMarked(message) || surplus-- <= 0) return message
        const { copilot_cache_control: _mark, ...rest } = message
        return rest
      }),
    }
  },
}

export const contextEdits: Rule = {
  id: 'messages-context-management',
  what: '`context_management` is left out.',
  models: 'all but Haiku 4.5, Sonnet 4.x and Opus 4.x, and entries with `context_editing`',
  applies: target => !takesContextEdits(target),
  fix: 'drop',
  loses: 'small',
  when: 'always',
  source: { mark: 'read', reference: 'microsoft/vscode: chatModelCapabilities.ts, anthropic.ts' },
  answers: [/^context_management: /],
  apply (body, { lose }) {
    if (body['context_management'] === undefined) return body
    if (body['context_management'] !== null) lose('context_management')
    return withFields(body, { context_management: undefined })
  },
}
