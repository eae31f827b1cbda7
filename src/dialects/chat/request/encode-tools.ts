// Encodes tools as Chat functions, also free-text tools, because no Chat model at Copilot knows those.
// `docs/spec/translation.md#function-tools`.
import type { JsonObject } from '../../../json.ts'
import { mapInSteps, type Steps } from '../../../steps.ts'
import { asFunction } from '../../shared/custom-tool.ts'
import type { Prompt, Tool } from '../../contract/prompt.ts'
import { allowedTools, type ToolNames } from '../../shared/tool-names.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { ChatRequest } from '../wire.ts'

type Fields = Pick<ChatRequest, 'tools' | 'tool_choice' | 'parallel_tool_calls'>
type ChatTool = Extract<NonNullable<ChatRequest['tools']>[number], { type: 'function' }>

type Known = Pick<Prompt, 'tools' | 'toolChoice' | 'parallelToolCalls'>

/** `tools`, `tool_choice` and `parallel_tool_calls`, or nothing. */
export function* encodeTools ({ tools, toolChoice, parallelToolCalls }: Known, names: ToolNames): Steps<Fields> {
  const offered = yield* allowedTools(tools, toolChoice)
  if (offered.length === 0) return {}
  // Of several tools with the same name, the last definition counts.
  const byName = new Map(yield* mapInSteps(offered, tool => [names.toUpstream(tool), tool] as const))
  const encoded = yield* mapInSteps([...byName], ([name, tool]) => encodeTool(name, tool))
  return omitUndefined<Fields>({
    tools: encoded,
    tool_choice: encodeChoice(toolChoice, names),
    parallel_tool_calls: parallelToolCalls === false ? false : undefined,
  })
}

function encodeTool (name: string, tool: Tool): ChatTool {
  const isStrict = tool.strict === true && tool.kind === 'function'
  const { description, schema } = tool.kind === 'custom'
    ? asFunction(tool)
    : { description: tool.description, schema: bare(tool.schema) }
  return {
    type: 'function',
    function: omitUndefined<ChatTool['function']>({ name,
      description: description === null || description === '' ? undefined : description, parameters: schema,
      strict: isStrict ? true : undefined }),
  }
}

/** Removes `$schema`: only the client needs it. */
function bare (schema: JsonObject | null): JsonObject {
  const { $schema: _dialect, ...rest } = schema ?? {}
  return rest
}

function encodeChoice (choice: Prompt['toolChoice'], names: ToolNames): Fields['tool_choice'] {
  switch (choice?.type) {
    case undefined:
    case 'auto':
      return undefined
    case 'none':
    case 'required':
      return choice.type
    case 'tool':
      return { type: 'function', function: { name: names.toUpstream(choice.tool) } }
    // Only the allowed tools were sent.
    case 'allowed':
      return choice.mode === 'required' ? 'required' : undefined
  }
}
