// Encodes tools for a Responses upstream: flat names, and `strict` always set.
// `docs/spec/translation.md#function-tools`.
import type { JsonObject } from '../../../json.ts'
import { mapInSteps, type Steps } from '../../../steps.ts'
import type { Prompt, Tool, ToolId } from '../../contract/prompt.ts'
import type { ToolNames } from '../../shared/tool-names.ts'

/** The request's fields about tools. Without a tool there are none, because upstream refuses them. */
export function* encodeTools ({ tools, toolChoice, parallelToolCalls }: Prompt, names: ToolNames): Steps<JsonObject> {
  if (tools.length === 0) return {}
  const encoded = yield* mapInSteps(tools, tool => encodeTool(tool, names))
  yield
  return {
    tools: encoded,
    ...(toolChoice === null ? {} : { tool_choice: yield* encodeChoice(toolChoice, tools, names) }),
    ...(parallelToolCalls === null ? {} : { parallel_tool_calls: parallelToolCalls }),
  }
}

function encodeTool (tool: Tool, names: ToolNames): JsonObject {
  const { kind, description, schema, strict, grammar } = tool
  const head = { type: kind, name: names.toUpstream(tool),
    ...(description === null || description === '' ? {} : { description }) }
  if (kind === 'custom') {
    return { ...head, ...(grammar === null
      ? {}
      : { format: { type: 'grammar', syntax: grammar.syntax, definition: grammar.definition } }) }
  }
  // Without `strict`, upstream assumes true and refuses most schemas.
  return { ...head, parameters: bare(schema), strict: strict === true }
}

/** Removes `$schema`: only the client needs it. */
function bare (schema: JsonObject | null): JsonObject {
  const { $schema: _dialect, ...given } = schema ?? {}
  return given
}

function* encodeChoice (
  choice: NonNullable<Prompt['toolChoice']>,
  tools: readonly Tool[],
  names: ToolNames,
): Steps<unknown> {
  const kinds = new Map(yield* mapInSteps(tools, tool => [keyOf(tool), tool.kind] as const))
  const reference = (tool: ToolId): JsonObject => ({ type: kinds.get(keyOf(tool)) ?? 'function',
    name: names.toUpstream(tool) })
  switch (choice.type) {
    case 'auto':
    case 'none':
    case 'required':
      return choice.type
    case 'tool':
      return reference(choice.tool)
    case 'allowed':
      return { type: 'allowed_tools', mode: choice.mode, tools: yield* mapInSteps(choice.tools, reference) }
  }
}

function keyOf ({ name, namespace }: ToolId): string {
  return JSON.stringify([namespace, name])
}
