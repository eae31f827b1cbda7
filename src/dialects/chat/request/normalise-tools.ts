// Rewrites tools and tool choices of other dialects as Chat's: flat functions and custom tools of Responses, bare tools
// of Anthropic.
import { isObject, type JsonObject } from '../../../json.ts'

/** Returns the same value for a Chat tool, and for a tool without a Chat form. */
export function toChatTool (tool: unknown): unknown {
  if (!isObject(tool)) return tool
  const { type, name } = tool
  const isUntyped = type === undefined || type === null
  for (const kind of ['function', 'custom']) if (isObject(tool[kind])) return isUntyped ? { ...tool, type: kind } : tool
  if (typeof name !== 'string') return tool
  if (type === 'custom' && !isObject(tool['input_schema'])) return customTool(tool)
  return type === 'function' || type === 'custom' || isUntyped ? functionTool(tool) : tool
}

function functionTool ({ name, description, input_schema: schema, parameters, strict }: JsonObject): JsonObject {
  return {
    type: 'function',
    function: {
      name,
      ...(typeof description === 'string' ? { description } : {}),
      ...(isObject(parameters) ? { parameters } : isObject(schema) ? { parameters: schema } : {}),
      ...(typeof strict === 'boolean' ? { strict } : {}),
    },
  }
}

/** In Responses a grammar is flat, in Chat it is one level deeper. */
function customTool ({ name, description, format }: JsonObject): JsonObject {
  const isFlat = isObject(format) && format['type'] === 'grammar' && !isObject(format['grammar'])
  const own = isFlat
    ? { type: 'grammar', grammar: { syntax: format['syntax'], definition: format['definition'] } }
    : format
  return {
    type: 'custom',
    custom: { name, ...(typeof description === 'string' ? { description } : {}),
      ...(isObject(own) ? { format: own } : {}) },
  }
}

/** The equivalent Chat fields. Null if the choice is already Chat's, or has no Chat form. */
export function toChatChoice (choice: unknown): JsonObject | null {
  if (!isObject(choice)) return null
  for (const kind of ['function', 'custom']) {
    if (isObject(choice[kind])) {
      return (choice['type'] ?? null) === null ? { tool_choice: { ...choice, type: kind } } : null
    }
  }
  const parallel = choice['disable_parallel_tool_use'] === true ? { parallel_tool_calls: false } : {}
  switch (choice['type']) {
    case 'auto':
    case 'none':
    case 'required':
      return { tool_choice: choice['type'], ...parallel }
    case 'any':
      return { tool_choice: 'required', ...parallel }
    case 'tool':
    case 'function':
      return named(choice, 'function', parallel)
    case 'custom':
      return named(choice, 'custom', parallel)
    default:
      return null
  }
}

function named (choice: JsonObject, type: 'function' | 'custom', parallel: JsonObject): JsonObject | null {
  const { name } = choice
  return typeof name === 'string' ? { tool_choice: { type, [type]: { name } }, ...parallel } : null
}
