// The tools of a request that goes to upstream's own endpoint: functions and free-text tools stay, tools of OpenAI's
// servers go. What only a translation can carry is translated, and not prepared: see `RequestFacts.mustTranslate`.
import type { JsonObject } from '../../json.ts'
import type { Ledger } from '../ledger.ts'
import { isForcedServerTool } from './decode-tools.ts'
import { isCallable, isWebSearch } from './tool-types.ts'
import { fields, isGiven, list, objects, text } from './wire.ts'

const toolFields: readonly string[] = ['tools', 'tool_choice', 'parallel_tool_calls']
/** Of a function, unknown to upstream. */
const extras: readonly string[] = ['defer_loading', 'async', 'output_schema', 'allowed_callers']

/** @returns the fields that change, undefined for those that go @throws {GatewayError} for a forced tool of a server's */
export function prepareTools (body: JsonObject, ledger: Ledger): JsonObject {
  const given = list(body['tools'])
  const choice = body['tool_choice']
  if (isForcedServerTool(choice)) ledger.refuse('tool_choice', `The tool ${text(fields(choice)['type'])}`)
  const kept = objects(body['tools']).flatMap(tool => prepareTool(tool, ledger))
  const isSame = kept.length === given.length && kept.every((tool, at) => tool === given[at])
  if (kept.length > 0) return isSame ? {} : { tools: kept, ...prepareChoice(choice, kept) }
  const refused = objects(body['tools']).find(tool => !isWebSearch(text(tool['type'])))
  if (refused !== undefined) ledger.refuse('tools', `The tool ${text(refused['type'])}`)
  return Object.fromEntries(toolFields.filter(field => field in body).map(field => [field, undefined]))
}

function prepareTool (tool: JsonObject, ledger: Ledger): readonly JsonObject[] {
  const type = text(tool['type'])
  if (type !== 'function' && type !== 'custom') {
    ledger.lose(`tools.${type.slice(0, 64) || 'type'}`)
    return []
  }
  if (!isCallable(tool)) {
    ledger.lose('tools.allowed_callers')
    return []
  }
  const found = extras.filter(field => field in tool)
  if (found.length === 0) return [tool]
  for (const field of found) if (isGiven(tool[field]) && tool[field] !== false && field !== 'allowed_callers') ledger.lose(`tools.${field}`)
  return [Object.fromEntries(Object.entries(tool).filter(([field]) => !extras.includes(field)))]
}

/** A choice among tools names only such as are left. */
function prepareChoice (choice: unknown, kept: readonly JsonObject[]): JsonObject {
  const { type, tools, ...rest } = fields(choice)
  if (type !== 'allowed_tools') return {}
  const names = new Set(kept.map(tool => tool['name']))
  return { tool_choice: { type, ...rest, tools: objects(tools).filter(tool => names.has(tool['name'])) } }
}
