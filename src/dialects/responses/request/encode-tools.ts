// Encodes tools for a Responses upstream: flat names, and `strict` always set.
// `docs/spec/translation.md#function-tools`.
import type { JsonObject } from '../../../json.ts'
import { mapInSteps, type Steps } from '../../../steps.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { Prompt, Tool, ToolId } from '../../contract/prompt.ts'
import { bareDomain } from '../../shared/web-tools.ts'
import type { SearchSettings } from '../../contract/search.ts'
import type { ToolNames } from '../../shared/tool-names.ts'
import type { ResponsesRequest } from '../wire.ts'

type Fields = Pick<ResponsesRequest, 'tools' | 'tool_choice' | 'parallel_tool_calls'>
type WireTool = NonNullable<Fields['tools']>[number]
type FunctionTool = Extract<WireTool, { type: 'function' }>
type SearchTool =
  & Omit<Extract<WireTool, { type: 'web_search' | 'web_search_2025_08_26' }>, 'filters'>
  & { filters?: SearchFilters }
/** The vendor's type lacks the second. */
interface SearchFilters {
  allowed_domains?: string[]
  blocked_domains?: string[]
}
type CustomTool = Extract<WireTool, { type: 'custom' }>
type Choice = NonNullable<Fields['tool_choice']>

/** The request's fields about tools. Without a tool there are none, because upstream refuses them. */
export function* encodeTools (
  { tools, webTools, toolChoice, parallelToolCalls }: Prompt,
  names: ToolNames,
): Steps<Fields> {
  const search = webTools?.functions === undefined ? webTools?.search ?? null : null
  if (tools.length === 0 && search === null) return {}
  const functions = yield* mapInSteps(tools, tool => encodeTool(tool, names))
  const encoded = search === null ? functions : [...functions, encodeSearch(search)]
  yield
  return omitUndefined<Fields>({
    tools: encoded,
    tool_choice: toolChoice === null ? undefined : yield* encodeChoice(toolChoice, tools, names),
    parallel_tool_calls: parallelToolCalls ?? undefined,
  })
}

function encodeTool (tool: Tool, names: ToolNames): WireTool {
  const { kind, description, schema, strict, grammar } = tool
  const head = { name: names.toUpstream(tool),
    description: description === null || description === '' ? undefined : description }
  if (kind === 'custom') {
    return omitUndefined<CustomTool>({ type: kind, ...head, format: grammar === null
      ? undefined
      // The syntax is the client's own word.
      : { type: 'grammar', syntax: grammar.syntax as 'lark' | 'regex', definition: grammar.definition } })
  }
  // Without `strict`, upstream assumes true and refuses most schemas.
  return omitUndefined<FunctionTool>({ type: kind, ...head, parameters: bare(schema), strict: strict === true })
}

/** A client that speaks Responses gets its own tool. The choice stays the model's: some backends refuse to force it. */
export function encodeSearch (
  { tool, allowedDomains, blockedDomains, location, size, isCached }: SearchSettings,
): WireTool {
  if (tool !== null) return tool as unknown as WireTool
  const filters = omitUndefined<SearchFilters>({
    allowed_domains: allowedDomains.length > 0 ? allowedDomains.map(bareDomain) : undefined,
    blocked_domains: blockedDomains.length > 0 ? blockedDomains.map(bareDomain) : undefined,
  })
  return omitUndefined<SearchTool>({ type: 'web_search', filters: Object.keys(filters).length > 0 ? filters : undefined,
    user_location: location === null ? undefined : { type: 'approximate', ...location },
    search_context_size: size ?? undefined, external_web_access: isCached === true ? false : undefined })
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
): Steps<Choice> {
  const kinds = new Map(yield* mapInSteps(tools, tool => [keyOf(tool), tool.kind] as const))
  const reference = (tool: ToolId): { type: 'function' | 'custom', name: string } => ({
    type: kinds.get(keyOf(tool)) ?? 'function',
    name: names.toUpstream(tool),
  })
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
