// Finds tools, calls and results in a request body of any of the three dialects.
import type { Json } from '../../fixtures/http.ts'

export interface NamedTool {
  readonly name: unknown
  readonly schema: Json
  readonly takesArguments: boolean
}
export interface CallMade {
  readonly id: unknown
  readonly name: unknown
}

export function toolsOf (body: Json): NamedTool[] {
  return (body.tools ?? []).flatMap((tool: Json): NamedTool[] => {
    if (tool.function !== undefined) {
      return [{ name: tool.function.name, schema: tool.function.parameters, takesArguments: true }]
    }
    if (tool.custom !== undefined) return [{ name: tool.custom.name, schema: undefined, takesArguments: false }]
    if (tool.type === 'namespace') return toolsOf(tool)
    if (tool.type === 'function') return [{ name: tool.name, schema: tool.parameters, takesArguments: true }]
    if (tool.name === undefined) return []
    // On Messages a tool without a type, or with the type `custom`, is the client's own; the others are Anthropic's.
    const isOwn = tool.type === undefined
      || (tool.type === 'custom' && tool.format === undefined && body.input === undefined)
    return [{ name: tool.name, schema: tool.input_schema, takesArguments: isOwn }]
  })
}

export function callsOf (body: Json): CallMade[] {
  return turnsOf(body).flatMap((
    turn: Json,
  ): CallMade[] => [
    ...(turn.tool_calls ?? []).map((call: Json) => ({ id: call.id, name: call.function?.name ?? call.custom?.name })),
    ...blocksOf(turn).filter(block => block?.type === 'tool_use').map(({ id, name }) => ({ id, name })),
    ...turn.type === 'function_call' || turn.type === 'custom_tool_call' ? [{ id: turn.call_id, name: turn.name }] : [],
  ])
}

export function resultIdsOf (body: Json): unknown[] {
  return turnsOf(body).flatMap((
    turn: Json,
  ): unknown[] => [...turn.role === 'tool' ? [turn.tool_call_id] : [],
    ...blocksOf(turn).filter(block => block?.type === 'tool_result').map(block => block.tool_use_id),
    ...turn.type === 'function_call_output' || turn.type === 'custom_tool_call_output' ? [turn.call_id] : []]
  )
}

/** The tool name that `tool_choice` forces, if any. */
export function chosenName ({ tool_choice: choice }: Json): unknown {
  return typeof choice === 'object' && choice !== null
    ? choice.function?.name ?? choice.custom?.name ?? choice.name
    : undefined
}

/** Messages, or the items of a Responses request. */
export function turnsOf ({ messages, input }: Json): Json[] {
  return messages ?? (Array.isArray(input) ? input : [])
}

export function blocksOf ({ content }: Json): Json[] {
  return Array.isArray(content) ? content : []
}
