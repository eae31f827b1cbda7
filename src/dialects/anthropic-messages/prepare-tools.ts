// Tools of a request for upstream's own Messages endpoint: plain definitions, and nothing that a server would run.
// `copilot-upstream.md` 9.3.
import { isObject, type JsonObject } from '../../json.ts'
import type { Ledger } from '../ledger.ts'
import { fitCache } from './cache.ts'
import { describe } from './decode-tools.ts'
import { fitSchema, kindOf } from './tool-kinds.ts'
import { mapSame, text } from './wire.ts'

const known = new Set(['name', 'description', 'input_schema', 'type', 'cache_control', 'defer_loading'])

/**
 * The same array when all are well. @throws {GatewayError} for a server tool that the answer depends on
 * @param choice the request's `tool_choice`
 */
export function fitTools (tools: JsonObject[], choice: unknown, ledger: Ledger): JsonObject[] {
  const forced = isObject(choice) ? text(choice['name']) : ''
  const fitted = mapSame(tools, (tool, at) => {
    const kind = kindOf(tool)
    switch (kind.kind) {
      case 'custom': return fitCustom(tool, ledger)
      case 'search': return fitCache(tool, () => ledger.lose('cache_control'))
      case 'client': return fitCache({ name: kind.name, description: kind.description, input_schema: kind.schema, ...('cache_control' in tool ? { cache_control: tool['cache_control'] } : {}) }, () => ledger.lose('cache_control'))
      case 'trained': return ledger.refuse(`tools.${at}`, `The tool ${kind.label}`)
      case 'server':
        if (forced !== '' && text(tool['name']) === forced) ledger.refuse('tool_choice', `The server tool ${kind.label}`)
        ledger.lose(`tools.${kind.label.slice(0, 64)}`)
        return null
    }
  })
  const server = tools.map(kindOf).find(kind => kind.kind === 'server')
  if (fitted.length === 0 && server !== undefined) ledger.refuse('tools', `The server tool ${server.label.slice(0, 64)}`)
  return fitted
}

function fitCustom (tool: JsonObject, ledger: Ledger): JsonObject | null {
  const callers = tool['allowed_callers']
  if (Array.isArray(callers)) {
    ledger.lose('tools.allowed_callers')
    if (!callers.includes('direct')) return null
  }
  const cached = fitCache(tool, () => ledger.lose('cache_control'))
  const schema = isObject(tool['input_schema']) && tool['input_schema']['type'] === 'object' && !('$schema' in tool['input_schema']) ? tool['input_schema'] : fitSchema(tool['input_schema'])
  const isWell = cached === tool && schema === tool['input_schema'] && Object.entries(tool).every(([name, value]) => known.has(name) && value !== null)
  if (isWell) return tool
  if (tool['strict'] === true) ledger.lose('tools.strict')
  if (tool['eager_input_streaming'] === true) ledger.lose('tools.eager_input_streaming')
  const kept = Object.fromEntries(Object.entries(cached).filter(([name, value]) => known.has(name) && value !== null && value !== undefined))
  const description = describe(tool, ledger)
  return { ...kept, ...(description === null ? {} : { description }), input_schema: schema }
}
