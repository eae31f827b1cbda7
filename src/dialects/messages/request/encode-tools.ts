// Encodes a prompt's tools for upstream's Messages endpoint. `docs/spec/translation.md#function-tools`.
import { stepSize, type Steps } from '../../../steps.ts'
import { asFunction } from '../../shared/custom-tool.ts'
import type { Ledger } from '../../contract/ledger.ts'
import type { Prompt, Tool } from '../../contract/prompt.ts'
import { allowedTools, type ToolNames } from '../../shared/tool-names.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { ToolChoice, WireTool } from '../wire.ts'
import { ephemeral } from './encode-cache-marks.ts'

export interface EncodedTools {
  readonly tools: WireTool[]
  readonly choice:
    | ToolChoice
    | null
  /** Whether the model must call a tool. */
  readonly isForced: boolean
}

export function* encodeTools (
  { tools, toolChoice, parallelToolCalls }: Prompt,
  names: ToolNames,
  ledger: Ledger,
): Steps<EncodedTools> {
  const offered = yield* allowedTools(tools, toolChoice)
  if (offered.length === 0) return { tools: [], choice: null, isForced: false }
  if (offered.some(tool => tool.strict === true)) ledger.lose('tools.strict')
  /** If several definitions have the same name, the last one counts. */
  const encoded = new Map<string, WireTool>()
  for (const [at, tool] of offered.entries()) {
    if (at % stepSize === stepSize - 1) yield
    const name = names.toUpstream(tool)
    encoded.set(name, encodeTool(name, tool))
  }
  const single = parallelToolCalls === false ? { disable_parallel_tool_use: true } : {}
  const choice = encodeChoice(toolChoice, names)
  return {
    tools: [...encoded.values()],
    choice: choice.type === 'none'
      ? choice
      : choice.type === 'auto' && parallelToolCalls !== false
      ? null
      : { ...choice, ...single },
    isForced: choice.type === 'any' || choice.type === 'tool',
  }
}

function encodeTool (name: string, tool: Tool): WireTool {
  const { description, schema } = tool.kind === 'custom' ? asFunction(tool) : tool
  return omitUndefined<WireTool>({
    name,
    description: description === null || description === '' ? undefined : description,
    input_schema: schema ?? {},
    cache_control: tool.cache ? ephemeral : undefined,
  })
}

function encodeChoice (choice: Prompt['toolChoice'], names: ToolNames): ToolChoice {
  switch (choice?.type) {
    case undefined:
    case 'auto':
      return { type: 'auto' }
    case 'none':
      return { type: 'none' }
    case 'required':
      return { type: 'any' }
    case 'tool':
      return { type: 'tool', name: names.toUpstream(choice.tool) }
    case 'allowed':
      return { type: choice.mode === 'required' ? 'any' : 'auto' }
  }
}
