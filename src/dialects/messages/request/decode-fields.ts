// Top-level fields of a request that only Anthropic's own service reads. `docs/spec/translation.md#other-fields`,
// `docs/translation.md`.
import { isObject, type JsonObject } from '../../../json.ts'
import type { Ledger } from '../../contract/ledger.ts'

/** Fields that another dialect or upstream knows. */
const known = new Set(['model', 'messages', 'system', 'max_tokens', 'stop_sequences', 'stream', 'temperature', 'top_p',
  'top_k', 'thinking', 'output_config', 'tools', 'tool_choice', 'metadata'])
/** Never a loss, whatever their value: one becomes a header, and the translation reads the others. */
const silent = new Set(['betas', 'output_format', 'cache_control', 'anthropic_version'])

/** Records the fields that are not carried. @throws {GatewayError} for state on Anthropic's servers */
export function loseFields (body: JsonObject, ledger: Ledger): void {
  for (const [name, value] of Object.entries(body)) {
    if (known.has(name) || silent.has(name) || value === undefined || value === null || isDefault(name, value)) continue
    if (name === 'container' || name === 'mcp_servers') ledger.refuse(name, `\`${name}\``)
    if (name !== 'service_tier' || value !== 'standard_only') ledger.lose(name.slice(0, 64))
  }
}

/** Values that have no effect. */
function isDefault (name: string, value: unknown): boolean {
  switch (name) {
    case 'service_tier':
      return value === 'auto'
    case 'speed':
      return value === 'standard'
    case 'mcp_servers':
      return Array.isArray(value) && value.length === 0
    case 'context_management':
      return isObject(value) && Array.isArray(value['edits']) && value['edits'].length === 0
    default:
      return false
  }
}
