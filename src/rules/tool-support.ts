// Tools for models that support none or few: support, parallel calls, and counts.
import { isObject, type JsonObject } from '../json.ts'
import { list, mapField, objects, text, withFields } from './fields.ts'
import { isForeign, takesParallelChoice } from './model-facts.ts'
import type { Rule } from './rule.ts'
import { toolName } from './tool-wire.ts'

const maxTools = 128

const isForced = (choice: unknown): boolean =>
  choice === 'required' || (isObject(choice) && !['auto', 'none', 'allowed_tools'].includes(text(choice['type'])))

export const toolSupport = (prefix: string): readonly Rule[] => [{
  id: `${prefix}-tools-none`,
  what: 'Tools are left out; a forced call is refused.',
  models: 'entries without `tool_calls`',
  applies: target => target.isListed && !target.supports.tools,
  fix: 'drop',
  loses: 'yes',
  when: 'always',
  source: { mark: 'read', reference: 'microsoft/vscode: chatEndpoint.ts' },
  answers: [/'tools' is not supported with this model/],
  apply (body, { lose, refuse }) {
    if (list(body['tools']).length === 0) return body
    if (isForced(body['tool_choice'])) return refuse('tool_choice', 'a forced tool call')
    lose('tools')
    return withFields(body, { tools: undefined, tool_choice: undefined, parallel_tool_calls: undefined })
  },
}, ...(prefix === 'messages' ? [] : [{
  id: `${prefix}-parallel-calls`,
  what: '`parallel_tool_calls` is left out.',
  models: 'the o series, and entries that say false',
  applies: target => !takesParallelChoice(target),
  fix: 'drop',
  loses: 'small',
  when: 'always',
  source: { mark: 'read', reference: 'OpenAI API reference: not supported with o-series models' },
  answers: [/Unsupported parameter: 'parallel_tool_calls'/],
  apply (body, { lose }) {
    if (body['parallel_tool_calls'] === undefined) return body
    if (body['parallel_tool_calls'] === false) lose('parallel_tool_calls')
    return withFields(body, { parallel_tool_calls: undefined })
  },
} satisfies Rule]), {
  id: `${prefix}-tool-count`,
  what: `More than ${maxTools} tools are refused with the number.`,
  models: prefix === 'messages' ? 'none up front' : 'OpenAI',
  applies: target => prefix !== 'messages' && !isForeign(target),
  fix: 'refuse',
  loses: 'yes',
  when: 'always',
  source: { mark: 'live', reference: 'anomalyco/opencode#4909, caozhiyuan/copilot-api#188' },
  apply (body, { target, refuse }) {
    const count = list(body['tools']).length
    return count <= maxTools ? body : refuse('tools', `${count} tools (${target.id} takes at most ${maxTools})`)
  },
}]

/** Runs after the rules for names: by then, the choice and the tools have upstream's names. */
export const toolChoice = (prefix: string): Rule => ({
  id: `${prefix}-tool-choice`,
  what: 'A choice of a tool that the request does not offer is left out; a list of allowed tools keeps those that it '
    + 'offers.',
  models: 'all',
  applies: () => true,
  fix: 'drop',
  loses: 'yes',
  when: 'always',
  source: { mark: 'guess', reference: "OpenAI: \"Tool choice '…' not found in 'tools' parameter\"" },
  apply (body, { lose }) {
    const choices = ['tool_choice', 'function_call'].filter(field => isObject(body[field]))
    if (choices.length === 0) return body
    const offered = new Set([...objects(body['tools']), ...objects(body['functions'])].map(toolName))
    const isOffered = (choice: JsonObject): boolean => toolName(choice) === '' || offered.has(toolName(choice))
    const fitted = withFields(body,
      Object.fromEntries(choices.map(field => [field, fitChoice(body[field] as JsonObject, isOffered)])))
    if (fitted !== body) lose('tool_choice')
    return fitted
  },
})

/** Undefined for a choice that names no offered tool. Chat nests the list of allowed tools one level deeper. */
function fitChoice (choice: JsonObject, isOffered: (choice: JsonObject) => boolean): JsonObject | undefined {
  if (choice['type'] !== 'allowed_tools') return isOffered(choice) ? choice : undefined
  const holder = isObject(choice['allowed_tools']) ? choice['allowed_tools'] : choice
  const kept = mapField(holder, 'tools', tool => isOffered(tool) ? tool : null)
  if (kept === holder) return choice
  if (list(kept['tools']).length === 0) return undefined
  return holder === choice ? kept : { ...choice, allowed_tools: kept }
}

/** One answer may contain more calls than a request may. */
export const chatCalls: readonly Rule[] = [{
  id: 'chat-call-type',
  what: "A tool call without a type is a function's.",
  models: 'all',
  applies: () => true,
  fix: 'rewrite',
  loses: 'no',
  when: 'always',
  source: { mark: 'read', reference: 'github/gh-aw-firewall: body-transform.js' },
  apply: body =>
    mapField(body, 'messages', message =>
      mapField(message, 'tool_calls', call =>
        call['type'] === null || call['type'] === undefined
          ? { ...call, type: isObject(call['custom']) ? 'custom' : 'function' }
          : call)),
}, {
  id: 'chat-call-count',
  what: `A message with more than ${maxTools} tool calls becomes several, each with its results behind it.`,
  models: 'OpenAI',
  applies: target => !isForeign(target),
  fix: 'rewrite',
  loses: 'no',
  when: 'always',
  source: { mark: 'live', reference: 'github/copilot-cli#669' },
  apply (body) {
    const messages = list(body['messages'])
    if (!messages.some(hasManyCalls)) return body
    return { ...body, messages: splitCalls(messages) }
  },
}]

function hasManyCalls (message: unknown): message is JsonObject {
  return isObject(message) && list(message['tool_calls']).length > maxTools
}

function splitCalls (messages: readonly unknown[]): readonly unknown[] {
  const out: unknown[] = []
  for (let at = 0; at < messages.length; at++) {
    const message = messages[at]
    if (!hasManyCalls(message)) {
      out.push(message)
      continue
    }
    const results = new Map<unknown, unknown>()
    while (isObject(messages[at + 1]) && (messages[at + 1] as JsonObject)['role'] === 'tool') {
      const result = messages[++at] as JsonObject
      results.set(result['tool_call_id'], result)
    }
    const calls = list(message['tool_calls'])
    for (let from = 0; from < calls.length; from += maxTools) {
      const some = calls.slice(from, from + maxTools)
      out.push({ ...message, ...(from === 0 ? {} : { content: null }), tool_calls: some })
      for (const call of some) {
        const id = isObject(call) ? call['id'] : undefined
        if (results.has(id)) out.push(results.get(id))
      }
    }
  }
  return out
}
