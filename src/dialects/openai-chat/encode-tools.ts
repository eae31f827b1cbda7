// Tools as Chat's functions; free-text tools too, for no Chat model at Copilot knows them. `translation.md` 2.5.
import type { JsonObject } from '../../json.ts'
import { asFunction } from '../custom-tool.ts'
import type { Target } from '../dialect.ts'
import type { Ledger } from '../ledger.ts'
import type { Prompt, Tool, ToolCallBlock, ToolId } from '../prompt.ts'
import type { ToolNames } from '../tool-names.ts'
import { said } from './read.ts'

type Known = Pick<Prompt, 'tools' | 'toolChoice' | 'parallelToolCalls' | 'turns'>

/** `tools`, `tool_choice` and `parallel_tool_calls`, or nothing. @throws {GatewayError} for a forced tool that cannot be had */
export function encodeTools ({ tools, toolChoice, parallelToolCalls, turns }: Known, target: Target, ledger: Ledger, names: ToolNames): JsonObject {
  if (tools.length === 0) return target.family === 'claude' ? toolsOfHistory(turns, names) : {}
  if (target.isListed && !target.supports.tools) {
    if (toolChoice?.type === 'required' || toolChoice?.type === 'tool') ledger.refuse('tool_choice', 'a forced tool call')
    ledger.lose('tools')
    return {}
  }
  const offered = toolChoice?.type === 'allowed' ? tools.filter(tool => toolChoice.tools.some(id => isSame(id, tool))) : tools
  // The last definition of a name is the one that counts.
  const byName = new Map(offered.map(tool => [names.toUpstream(tool), tool]))
  if (byName.size === 0) return {}
  const isParallelFixed = /^o\d/.test(target.id)
  if (parallelToolCalls === false && isParallelFixed) ledger.lose('parallel_tool_calls')
  return said({
    tools: [...byName].map(([name, tool]) => encodeTool(name, tool, target, ledger)),
    tool_choice: encodeChoice(toolChoice, names),
    parallel_tool_calls: parallelToolCalls === false && !isParallelFixed ? false : undefined,
  })
}

function encodeTool (name: string, tool: Tool, target: Target, ledger: Ledger): JsonObject {
  if (tool.cache && target.family !== 'claude') ledger.lose('cache_control')
  const isStrict = tool.strict === true && tool.kind === 'function'
  if (isStrict && target.family !== 'openai') ledger.lose('tools.strict')
  const { description, schema } = tool.kind === 'custom' ? asFunction(tool) : { description: tool.description, schema: fitSchema(tool.schema) }
  return {
    type: 'function',
    function: said({ name, description: description === null || description === '' ? undefined : description, parameters: schema, strict: isStrict && target.family === 'openai' ? true : undefined }),
  }
}

/** OpenAI refuses a schema that is not said to be an object's, and an object's without properties. */
function fitSchema (schema: JsonObject | null): JsonObject {
  const { $schema: _dialect, ...rest } = schema ?? {}
  return { type: 'object', ...('properties' in rest || '$ref' in rest || 'anyOf' in rest ? {} : { properties: {} }), ...rest }
}

function encodeChoice (choice: Prompt['toolChoice'], names: ToolNames): unknown {
  switch (choice?.type) {
    case undefined: case 'auto': return undefined
    case 'none': case 'required': return choice.type
    case 'tool': return { type: 'function', function: { name: names.toUpstream(choice.tool) } }
    // Only what is allowed was offered.
    case 'allowed': return choice.mode === 'required' ? 'required' : undefined
  }
}

/** Claude takes no calls and results of tools that it was never told of. */
function toolsOfHistory (turns: Prompt['turns'], names: ToolNames): JsonObject {
  const calls = turns.flatMap(turn => turn.blocks).filter((block): block is ToolCallBlock => block.type === 'tool-call')
  const used = [...new Set(calls.map(call => names.toUpstream(call)))]
  if (used.length === 0) return {}
  return { tools: used.map(name => ({ type: 'function', function: { name, parameters: { type: 'object', properties: {} } } })), tool_choice: 'none' }
}

function isSame (a: ToolId, b: ToolId): boolean {
  return a.name === b.name && a.namespace === b.namespace
}
