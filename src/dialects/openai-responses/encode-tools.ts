// Tools on their way to a Responses upstream: flat names, `strict` always said. `translation.md` 2.5.1.
import type { JsonObject } from '../../json.ts'
import type { Prompt, Tool, ToolId } from '../prompt.ts'
import type { ToolNames } from '../tool-names.ts'

/** The fields of the request that are about tools; none of them without a tool, for that is refused. */
export function encodeTools ({ tools, toolChoice, parallelToolCalls }: Prompt, names: ToolNames): JsonObject {
  if (tools.length === 0) return {}
  return {
    tools: tools.map(tool => encodeTool(tool, names)),
    ...(toolChoice === null ? {} : { tool_choice: encodeChoice(toolChoice, tools, names) }),
    ...(parallelToolCalls === null ? {} : { parallel_tool_calls: parallelToolCalls }),
  }
}

function encodeTool (tool: Tool, names: ToolNames): JsonObject {
  const { kind, description, schema, strict, grammar } = tool
  const head = { type: kind, name: names.toUpstream(tool), ...(description === null || description === '' ? {} : { description }) }
  if (kind === 'custom') return { ...head, ...(grammar === null ? {} : { format: { type: 'grammar', syntax: grammar.syntax, definition: grammar.definition } }) }
  // Left out, `strict` would be true, and most schemas refused.
  return { ...head, parameters: encodeSchema(schema), strict: strict === true }
}

/** OpenAI wants an object with properties, even with none. */
function encodeSchema (schema: JsonObject | null): JsonObject {
  const { $schema: _dialect, ...given } = schema ?? {}
  const type = given['type'] === undefined && given['anyOf'] === undefined && given['$ref'] === undefined ? { type: 'object' } : {}
  const isBare = (given['type'] ?? type.type) === 'object' && given['properties'] === undefined && given['anyOf'] === undefined && given['$ref'] === undefined
  return { ...type, ...given, ...(isBare ? { properties: {} } : {}) }
}

function encodeChoice (choice: NonNullable<Prompt['toolChoice']>, tools: readonly Tool[], names: ToolNames): unknown {
  const kinds = new Map(tools.map(tool => [keyOf(tool), tool.kind]))
  const reference = (tool: ToolId): JsonObject => ({ type: kinds.get(keyOf(tool)) ?? 'function', name: names.toUpstream(tool) })
  switch (choice.type) {
    case 'auto': case 'none': case 'required': return choice.type
    case 'tool': return reference(choice.tool)
    case 'allowed': return { type: 'allowed_tools', mode: choice.mode, tools: choice.tools.map(reference) }
  }
}

function keyOf ({ name, namespace }: ToolId): string {
  return JSON.stringify([namespace, name])
}
