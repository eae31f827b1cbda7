// Classifies the tools of Responses by where they run and by what Copilot accepts.
// `docs/spec/translation.md#responses-tools`, `docs/spec/copilot.md#responses-request`.
import type { JsonObject } from '../../json.ts'
import { list, text } from './wire.ts'

/** Defined by OpenAI, run by the client. */
export const builtinTypes = ['local_shell', 'shell', 'apply_patch', 'tool_search'] as const
export type BuiltinType = typeof builtinTypes[number]

export function isBuiltinType (value: unknown): value is BuiltinType {
  return (builtinTypes as readonly unknown[]).includes(value)
}

export function isWebSearch (type: string): boolean {
  return type.startsWith('web_search')
}

/**
 * OpenAI's servers run these; Copilot has none of them. Unknown types count as such. A search of the web does not:
 * Copilot, or the gateway, runs it.
 */
export function isServerTool (tool: JsonObject): boolean {
  const type = text(tool['type'])
  if (type === 'tool_search') return tool['execution'] === 'server'
  return type !== '' && type !== 'function' && type !== 'custom' && type !== 'namespace' && !isBuiltinType(type)
    && !isWebSearch(type)
}

/** Copilot's own Responses endpoint refuses these, while a translation carries them as plain functions and back. */
export function isTranslatedTool (tool: JsonObject): boolean {
  const type = text(tool['type'])
  return type === 'namespace' || tool['defer_loading'] === true || (isBuiltinType(type) && !isServerTool(tool))
}

/** A tool that only the server's own programs may call does not exist for the model. */
export function isCallable (tool: JsonObject): boolean {
  return !Array.isArray(tool['allowed_callers']) || list(tool['allowed_callers']).includes('direct')
}
