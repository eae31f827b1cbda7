// The kinds of tools that Responses knows, sorted by who runs them and by what Copilot takes. `translation.md` 1.2.3,
// `copilot-upstream.md` 8.1.
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

/** Run by OpenAI's servers; Copilot has none of them. Types that nobody knows yet are taken for such. */
export function isServerTool (tool: JsonObject): boolean {
  const type = text(tool['type'])
  if (type === 'tool_search') return tool['execution'] === 'server'
  return type !== '' && type !== 'function' && type !== 'custom' && type !== 'namespace' && !isBuiltinType(type)
}

/** What Copilot's own Responses endpoint refuses, while a translation carries it as plain functions and back. */
export function isTranslatedTool (tool: JsonObject): boolean {
  const type = text(tool['type'])
  return type === 'namespace' || tool['defer_loading'] === true || (isBuiltinType(type) && !isServerTool(tool))
}

/** A tool that only the server's own programs may call is none to the model. */
export function isCallable (tool: JsonObject): boolean {
  return !Array.isArray(tool['allowed_callers']) || list(tool['allowed_callers']).includes('direct')
}
