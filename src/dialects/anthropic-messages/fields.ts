// Top-level fields of a request that nobody but Anthropic's own service reads. `translation.md` 2.8, 2.11.
import { isObject, type JsonObject } from '../../json.ts'
import type { Ledger } from '../ledger.ts'

/** Those that another dialect, or upstream, knows. */
const known = new Set(['model', 'messages', 'system', 'max_tokens', 'stop_sequences', 'stream', 'temperature', 'top_p', 'top_k', 'thinking', 'output_config', 'tools', 'tool_choice', 'metadata'])
/** These are no loss at any value: the one goes in a header, the others are read off the diagonal. */
const silent = new Set(['betas', 'output_format', 'cache_control', 'anthropic_version'])

/** Notes what will not be carried. @throws {GatewayError} for state that is kept on Anthropic's servers */
export function loseFields (body: JsonObject, ledger: Ledger): void {
  for (const [name, value] of Object.entries(body)) {
    if (known.has(name) || silent.has(name) || value === undefined || value === null || isDefault(name, value)) continue
    if (name === 'container' || name === 'thread' || name === 'mcp_servers') ledger.refuse(name, `\`${name}\``)
    if (name !== 'service_tier' || value !== 'standard_only') ledger.lose(name.slice(0, 64))
  }
}

/** Values that ask for nothing. */
export function isDefault (name: string, value: unknown): boolean {
  switch (name) {
    case 'service_tier': return value === 'auto'
    case 'speed': return value === 'standard'
    case 'mcp_servers': return Array.isArray(value) && value.length === 0
    case 'context_management': return isObject(value) && Array.isArray(value['edits']) && value['edits'].length === 0
    default: return false
  }
}
