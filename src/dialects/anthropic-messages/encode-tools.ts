// Tools of a prompt as upstream's Messages endpoint takes them. `translation.md` 2.5.
import type { JsonObject } from '../../json.ts'
import { asFunction } from '../custom-tool.ts'
import type { Ledger } from '../ledger.ts'
import type { Prompt, Tool, ToolId } from '../prompt.ts'
import type { ToolNames } from '../tool-names.ts'
import { ephemeral } from './cache.ts'
import { fitSchema } from './tool-kinds.ts'

export interface EncodedTools {
  readonly tools: JsonObject[]
  readonly choice: JsonObject | null
  /** Whether the model must call a tool. */
  readonly isForced: boolean
}

export function encodeTools ({ tools, turns, toolChoice, parallelToolCalls }: Prompt, names: ToolNames, ledger: Ledger): EncodedTools {
  const offered = toolChoice?.type === 'allowed' ? tools.filter(tool => toolChoice.tools.some(allowed => isSame(allowed, tool))) : tools
  if (offered.length === 0) return { tools: fromHistory(turns, names), choice: hasCalls(turns) ? { type: 'none' } : null, isForced: false }
  if (offered.some(tool => tool.strict === true)) ledger.lose('tools.strict')
  /** By name: the last definition of a name is the one that holds. */
  const encoded = new Map<string, JsonObject>()
  for (const tool of offered) encoded.set(names.toUpstream(tool), encodeTool(tool, names))
  const single = parallelToolCalls === false ? { disable_parallel_tool_use: true } : {}
  const choice = encodeChoice(toolChoice, names)
  return {
    tools: [...encoded.values()],
    choice: choice['type'] === 'none' ? choice : choice['type'] === 'auto' && parallelToolCalls !== false ? null : { ...choice, ...single },
    isForced: choice['type'] === 'any' || choice['type'] === 'tool',
  }
}

function encodeTool (tool: Tool, names: ToolNames): JsonObject {
  const { description, schema } = tool.kind === 'custom' ? asFunction(tool) : tool
  return {
    name: names.toUpstream(tool),
    ...(description === null || description === '' ? {} : { description }),
    input_schema: fitSchema(schema),
    ...(tool.cache ? { cache_control: ephemeral } : {}),
  }
}

function encodeChoice (choice: Prompt['toolChoice'], names: ToolNames): JsonObject {
  switch (choice?.type) {
    case undefined: case 'auto': return { type: 'auto' }
    case 'none': return { type: 'none' }
    case 'required': return { type: 'any' }
    case 'tool': return { type: 'tool', name: names.toUpstream(choice.tool) }
    case 'allowed': return { type: choice.mode === 'required' ? 'any' : 'auto' }
  }
}

/** Upstream wants the tools that a history names to be defined, even where none may be called. */
function fromHistory (turns: Prompt['turns'], names: ToolNames): JsonObject[] {
  const used = new Set(turns.flatMap(turn => turn.blocks).filter(block => block.type === 'tool-call').map(block => names.toUpstream(block)))
  return [...used].map(name => ({ name, input_schema: { type: 'object' } }))
}

function hasCalls (turns: Prompt['turns']): boolean {
  return turns.some(turn => turn.blocks.some(block => block.type === 'tool-call'))
}

function isSame (one: ToolId, other: ToolId): boolean {
  return one.name === other.name && (one.namespace ?? '') === (other.namespace ?? '')
}
