// The list of tools: its length, its types and fields, and the models that accept it.
import { fields, isFields, list, text } from '../json.ts'
import { isClaude, isOpenAi } from './kinds.ts'
import { firstOf } from './rule.ts'
import { callsOf, messagesOf } from './places.ts'
import { searchRules } from './web-search.ts'
import type { Rule, Seen } from './rule.ts'

const serverTool = /^(?:web_search|web_fetch|code_execution|text_editor|computer|bash|memory|advisor|mcp_toolset)/
const claudeFields = new Set(['name', 'description', 'input_schema', 'type', 'cache_control', 'defer_loading'])
const responsesTypes = new Set(['function', 'custom', 'namespace', 'tool_search'])
const mostTools = 128

const sentOf = ({ body }: Seen) => list(body.tools).map(fields)
const tooMany = (name: string, length: number) =>
  `Invalid '${name}': array too long. Expected an array with maximum length ${mostTools}, but got an array with `
  + `length ${length} instead.`

export const toolListRules: readonly Rule[] = [{ id: 'tool-count', on: ['chat', 'responses'], mark: 'live',
  source: 'opencode#4909, copilot-api#188', by: 'toolCount', envelope: 'wrapped', models: isOpenAi,
  check: seen => sentOf(seen).length > mostTools ? tooMany('tools', sentOf(seen).length) : null }, {
  id: 'tool-count-messages',
  on: ['messages'],
  mark: 'guess',
  source: 'docs/spec/copilot.md#error-bodies',
  by: 'toolCount',
  envelope: 'flat',
  check: seen =>
    sentOf(seen).length > mostTools
      ? `tools: List should have at most 128 items after validation, not ${sentOf(seen).length}`
      : null,
}, { id: 'call-count', on: ['chat'], mark: 'live', source: 'copilot-cli#669', by: 'callCount', envelope: 'wrapped',
  models: isOpenAi,
  check: seen =>
    firstOf(messagesOf(seen), (message, index) =>
      callsOf(message).length > mostTools ? tooMany(`messages[${index}].tool_calls`, callsOf(message).length) : null) },
  { id: 'tools-empty', on: ['chat'], mark: 'read', source: 'docs/spec/copilot.md#chat-request', by: 'emptyTools',
    envelope: 'wrapped', models: isClaude,
    check: ({ body }) =>
      Array.isArray(body.tools) && body.tools.length === 0 ? 'tools: array must not be empty' : null }, {
  id: 'tools-unsupported',
  on: ['chat'],
  mark: 'read',
  source: 'chatEndpoint.ts',
  by: 'toolSupport',
  envelope: 'wrapped',
  models: ({ capabilities: { supports } }) => supports.tool_calls !== true,
  check: seen => sentOf(seen).length > 0 ? "'tools' is not supported with this model." : null,
}, { id: 'tool-shape-chat', on: ['chat'], mark: 'guess', source: 'docs/spec/copilot.md#rules', by: 'toolNames',
  envelope: 'wrapped',
  check: seen =>
    firstOf(sentOf(seen), (tool, index) =>
      isFields(tool.function) || isFields(tool.custom)
        ? null
        : `Missing required parameter: 'tools[${index}].function'.`) }, { id: 'tool-type-responses', on: ['responses'],
  mark: 'guess', source: 'docs/spec/copilot.md#rules, Floway', by: 'responsesTools', envelope: 'wrapped',
  check: seen =>
    firstOf(sentOf(seen), ({ type }) =>
      responsesTypes.has(text(type)) || text(type).startsWith('web_search')
        ? null
        : `Unsupported tool type: ${text(type)}`) }, ...searchRules, {
  id: 'namespace-description',
  on: ['responses'],
  mark: 'live',
  source: 'copilot-api#345',
  by: 'namespaceDescription',
  envelope: 'wrapped',
  check: namespaces,
}, { id: 'tool-type-messages', on: ['messages'], mark: 'live', source: 'docs/spec/copilot.md#messages-body',
  by: 'messagesTools', envelope: 'flat',
  check: seen =>
    firstOf(sentOf(seen), ({ type }, index) =>
      serverTool.test(text(type))
        ? `tools.${index}: Input tag '${text(type)}' found using 'type' does not match any of the expected tags`
        : null) }, { id: 'tool-fields-messages', on: ['messages'], mark: 'live', source: 'opencode#23193',
  by: 'messagesTools', envelope: 'flat', check: extraFields }]

function extraFields (seen: Seen): string | null {
  return firstOf(sentOf(seen), (tool, index) => {
    if (text(tool.type).startsWith('tool_search_tool_')) return null
    const extra = Object.keys(tool).find(name => !claudeFields.has(name))
    return extra === undefined ? null : `tools.${index}.custom.${extra}: Extra inputs are not permitted`
  })
}

/** A namespace of functions, among the tools or in an item that adds tools. */
function namespaces (seen: Seen): string | null {
  const places = [{ at: 'tools', tools: list(seen.body.tools) },
    ...list(seen.body.input).map(fields).flatMap((item, index) =>
      item.type === 'additional_tools' ? [{ at: `input[${index}].tools`, tools: list(item.tools) }] : []
    )]
  return firstOf(places, ({ at, tools }) =>
    firstOf(tools.map(fields), (tool, index) => {
      const place = `${at}[${index}].description`
      return tool.type === 'namespace' && text(tool.description) === ''
        ? `[StringParam] [${place}] [empty_string] Invalid '${place}': empty string. Expected a string with minimum `
          + `length 1, but got an empty string instead.`
        : null
    }))
}
