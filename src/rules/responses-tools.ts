// Tools of a Responses request: functions and free-text tools stay. Of the hosted tools, Copilot only runs a web
// search.
import { isObject, type JsonObject } from '../json.ts'
import { isGiven, list, mapField, objects, text } from './fields.ts'
import { searchesItself } from './model-facts.ts'
import type { Rule } from './rule.ts'

const typeOf = (tool: JsonObject): string => text(tool['type'])
const isWebSearch = (tool: JsonObject): boolean => typeOf(tool).startsWith('web_search')
/** A choice may also be a string, or a list. */
const known = new Set(['function', 'custom', 'namespace', 'allowed_tools', 'auto', 'none', 'required'])
const isServerTool = (tool: JsonObject): boolean =>
  !known.has(typeOf(tool)) && !isWebSearch(tool) && !(typeOf(tool) === 'tool_search' && tool['execution'] !== 'server')
/** Fields of a function that upstream does not know. */
const extras = ['defer_loading', 'async', 'output_schema', 'allowed_callers'] as const
const isCallable = ({ allowed_callers: callers }: JsonObject): boolean =>
  !Array.isArray(callers) || callers.includes('direct')

/** While this rule is on for a model, the gateway searches instead: `docs/spec/search.md#choice`. */
export const searchRuleId = 'responses-web-search'
const preview = /^web_search_preview/
const named = (tool: unknown): unknown =>
  isObject(tool) && preview.test(typeOf(tool)) ? { ...tool, type: 'web_search' } : tool

const all: Pick<Rule, 'models' | 'applies' | 'when'> = { models: 'all', applies: () => true, when: 'always' }

/**
 * Removes tools, also from the list of allowed ones.
 * @throws {GatewayError} if the choice forces one of them
 */
function without (
  body: JsonObject,
  isGone: (tool: JsonObject) => boolean,
  { lose, refuse }: Parameters<Rule['apply']>[1],
): JsonObject {
  const { tool_choice: choice } = body
  if (isObject(choice) && isGone(choice)) refuse('tool_choice', `The tool ${typeOf(choice)}`)
  const fitted = mapField(body, 'tools', tool => {
    if (!isGone(tool)) return tool
    lose(`tools.${typeOf(tool).slice(0, 64) || 'type'}`)
    return null
  })
  return isObject(choice) && choice['type'] === 'allowed_tools'
    ? { ...fitted, tool_choice: mapField(choice, 'tools', tool => isGone(tool) ? null : tool) }
    : fitted
}

export const responsesTools: readonly Rule[] = [{
  ...all,
  id: 'responses-server-tools',
  what: "Tools that OpenAI's servers run are left out; a request that depends on one is refused.",
  fix: 'drop',
  loses: 'yes',
  source: { mark: 'guess', reference: 'Menci/Floway: interceptors/openai-responses' },
  answers: [/image_generation/],
  apply (body, context) {
    const tools = objects(body['tools'])
    const gone = tools.find(isServerTool)
    const { tool_choice: choice } = body
    if (gone === undefined && !(isObject(choice) && isServerTool(choice))) return body
    if (gone !== undefined && tools.every(isServerTool)) {
      context.refuse('tools', `The tool ${typeOf(gone).slice(0, 64)}`)
    }
    return without(body, isServerTool, context)
  },
}, {
  ...all,
  id: searchRuleId,
  what: 'The tool `web_search` is left out: up front for other models than GPT, else after a refusal.',
  models: 'all but GPT up front; GPT differs by seat',
  applies: target => !searchesItself(target),
  fix: 'drop',
  loses: 'yes',
  source: { mark: 'live', reference: 'caozhiyuan/copilot-api#82 (refused), #273 (taken for GPT)' },
  answers: [/web search tool is not supported/i, /tool type:? '?web_search/i],
  apply: (body, context) =>
    list(body['tools']).some(tool => isObject(tool) && isWebSearch(tool))
      || (isObject(body['tool_choice']) && isWebSearch(body['tool_choice']))
      ? without(body, isWebSearch, context)
      : body,
}, {
  ...all,
  id: 'responses-search-name',
  what: '`web_search_preview` is sent as `web_search`.',
  fix: 'rewrite',
  loses: 'no',
  source: { mark: 'guess', reference: 'SigmaNight/basiliskLLM#938: some GPT-5 refuse the older name at OpenAI' },
  apply (body) {
    const fitted = mapField(body, 'tools', tool => named(tool) as JsonObject)
    return isObject(body['tool_choice']) && preview.test(typeOf(body['tool_choice']))
      ? { ...fitted, tool_choice: named(body['tool_choice']) }
      : fitted
  },
}, {
  ...all,
  id: 'responses-search-effort',
  what: 'With `web_search`, the effort `minimal` becomes `low`.',
  fix: 'clamp',
  loses: 'small',
  source: { mark: 'guess', reference: 'openclaw/openclaw#78573' },
  answers: [/cannot be used with reasoning\.effort 'minimal'/],
  apply (body, { lose }) {
    const { reasoning } = body
    if (!isObject(reasoning) || reasoning['effort'] !== 'minimal' || !objects(body['tools']).some(isWebSearch)) {
      return body
    }
    lose('reasoning.effort')
    return { ...body, reasoning: { ...reasoning, effort: 'low' } }
  },
}, {
  ...all,
  id: 'responses-tool-fields',
  what: `${
    extras.map(name => `\`${name}\``).join(', ')
  } of a tool are left out, and a tool that the model may not call itself.`,
  fix: 'drop',
  loses: 'small',
  source: { mark: 'guess', reference: 'microsoft/vscode: responsesApi.ts sends none of them' },
  apply: (body, { lose }) =>
    mapField(body, 'tools', tool => {
      if (!isCallable(tool)) lose('tools.allowed_callers')
      if (!isCallable(tool)) return null
      if (typeOf(tool) === 'tool_search' || !extras.some(name => name in tool)) return tool
      for (const name of extras) {
        if (isGiven(tool[name]) && tool[name] !== false && name !== 'allowed_callers') {
          lose(`tools.${name}`)
        }
      }
      return Object.fromEntries(Object.entries(tool).filter(([name]) => !(extras as readonly string[]).includes(name)))
    }),
}]
