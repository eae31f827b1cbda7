// Prepares a request's tools for upstream's own Messages endpoint: keeps definitions, removes tools that a server would
// run. `docs/spec/copilot.md#messages-body`.
import { isObject, type JsonObject } from '../../../json.ts'
import type { Ledger } from '../../contract/ledger.ts'
import { describe } from '../request/decode-tools.ts'
import { kindOf } from '../wire-tool-kinds.ts'
import { mapSame, text } from '../wire.ts'

/**
 * Returns the same array if all are valid. @throws {GatewayError} for a server tool that the answer depends on
 * @param choice the request's `tool_choice`
 */
export function fitTools (tools: unknown[], choice: unknown, ledger: Ledger): unknown[] {
  const forced = isObject(choice) ? text(choice['name']) : ''
  let server: string | null = null
  const fitted = mapSame(tools, (tool, at) => {
    if (!isObject(tool)) return null
    const kind = kindOf(tool)
    switch (kind.kind) {
      case 'custom':
        return fitCustom(tool, ledger)
      case 'search':
        return tool
      case 'client':
        return { name: kind.name, description: kind.description, input_schema: kind.schema,
          ...('cache_control' in tool ? { cache_control: tool['cache_control'] } : {}) }
      case 'trained':
        return ledger.refuse(`tools.${at}`, `The tool ${kind.label}`)
      // Only counts of tokens come here with one: the gateway runs it.
      case 'web':
        ledger.lose(`tools.${kind.label.slice(0, 64)}`)
        return null
      case 'server':
        server ??= kind.label
        if (forced !== '' && text(tool['name']) === forced) {
          ledger.refuse('tool_choice', `The server tool ${kind.label}`)
        }
        ledger.lose(`tools.${kind.label.slice(0, 64)}`)
        return null
    }
  })
  if (fitted.length === 0 && server !== null) ledger.refuse('tools', `The server tool ${text(server).slice(0, 64)}`)
  return fitted
}

/** Copilot has no field for examples of the input. */
function fitCustom (tool: JsonObject, ledger: Ledger): JsonObject {
  if (!('input_examples' in tool)) return tool
  const { input_examples: _examples, ...rest } = tool
  const description = describe(tool, ledger)
  return description === null ? rest : { ...rest, description }
}
