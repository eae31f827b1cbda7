// Decodes a request's tools into a form for any model. `docs/spec/translation.md#function-tools`.
import { isObject, type JsonObject } from '../../../json.ts'
import { mapInSteps, stepSize, type Steps } from '../../../steps.ts'
import type { Ledger } from '../../contract/ledger.ts'
import type { Tool, ToolChoice } from '../../contract/prompt.ts'
import { fitSchema, kindOf } from '../wire-tool-kinds.ts'
import { blocksOf, invalid, isCached, list, stringify, text } from '../wire.ts'

/** @param used names that the history calls or refers to */
export function* decodeTools (body: JsonObject, used: ReadonlySet<string>, ledger: Ledger): Steps<Tool[]> {
  const raw = list(body['tools'])
  const wrong = raw.findIndex(tool => !isObject(tool))
  if (wrong !== -1) throw invalid(`tools.${wrong}`, 'an object')
  const all = raw as JsonObject[]
  const forced = isObject(body['tool_choice']) ? text(body['tool_choice']['name']) : ''
  // The client's own search tool loads deferred tools; upstream's search tool has no equivalent elsewhere.
  const isSearched = all.some(tool =>
    kindOf(tool).kind === 'custom' && tool['defer_loading'] !== true && /tool_?search/i.test(text(tool['name']))
  )
  yield
  const decoded = yield* mapInSteps(all, (tool, at): Tool[] => {
    const kind = kindOf(tool)
    const name = text(tool['name'])
    switch (kind.kind) {
      case 'custom':
        if (name === '') throw invalid(`tools.${at}.name`, 'a name')
        if (tool['defer_loading'] === true && isSearched && !used.has(name) && name !== forced) return []
        return decodeCustom(tool, name, ledger)
      case 'client':
        return [{ name: kind.name, namespace: null, kind: 'function', builtin: kind.builtin,
          description: kind.description, schema: kind.schema, strict: false, grammar: null, cache: isCached(tool) }]
      case 'search':
        ledger.lose('tools.tool_search')
        return []
      case 'trained':
        return ledger.refuse(`tools.${at}`, `The tool ${kind.label}`)
      case 'web': // decode-web-tools.ts reads it.
        return []
      case 'server':
        if (name !== '' && name === forced) ledger.refuse('tool_choice', `The server tool ${kind.label}`)
        ledger.lose(`tools.${kind.label}`)
        return []
    }
  })
  const tools = decoded.flat()
  const server = all.map(kindOf).find(kind => kind.kind === 'server')
  if (tools.length === 0 && server !== undefined) ledger.refuse('tools', `The server tool ${server.label}`)
  return tools
}

/** Leaves out fields that only Anthropic's own service reads. */
function decodeCustom (tool: JsonObject, name: string, ledger: Ledger): Tool[] {
  const callers = tool['allowed_callers']
  if (Array.isArray(callers)) {
    ledger.lose('tools.allowed_callers')
    if (!callers.includes('direct')) return []
  }
  if (tool['eager_input_streaming'] === true) ledger.lose('tools.eager_input_streaming')
  return [{ name, namespace: null, kind: 'function', builtin: null, description: describe(tool, ledger),
    schema: fitSchema(tool['input_schema']), strict: tool['strict'] === true, grammar: null, cache: isCached(tool) }]
}

/** Includes examples of the input, which have no field in other dialects. */
export function describe (tool: JsonObject, ledger: Ledger): string | null {
  const examples = list(tool['input_examples']).filter(isObject)
  if (examples.length > 0) ledger.lose('tools.input_examples')
  const all = [text(tool['description']), ...examples.map(example => `Example input: ${stringify(example)}`)].filter(
    Boolean,
  )
  return all.length === 0 ? null : all.join('\n\n')
}

export function decodeToolChoice (
  choice: unknown,
): { toolChoice: ToolChoice | null, parallelToolCalls: boolean | null } {
  if (!isObject(choice)) return { toolChoice: null, parallelToolCalls: null }
  const parallelToolCalls = choice['disable_parallel_tool_use'] === true ? false : null
  switch (choice['type']) {
    case 'auto':
      return { toolChoice: { type: 'auto' }, parallelToolCalls }
    case 'none':
      return { toolChoice: { type: 'none' }, parallelToolCalls }
    case 'any':
      return { toolChoice: { type: 'required' }, parallelToolCalls }
    case 'tool':
      if (text(choice['name']) === '') throw invalid('tool_choice.name', 'the name of a tool')
      return { toolChoice: { type: 'tool', tool: { name: text(choice['name']), namespace: null } }, parallelToolCalls }
    default:
      throw invalid('tool_choice.type', 'auto, any, tool or none')
  }
}

/** Names of tools that were called or that a search has loaded. */
export function* usedTools (messages: readonly JsonObject[]): Steps<Set<string>> {
  const used = new Set<string>()
  let count = 0
  function* look (blocks: readonly JsonObject[]): Steps<void> {
    for (const block of blocks) {
      if (++count % stepSize === 0) yield
      if (block['type'] === 'tool_use') used.add(text(block['name']))
      else if (block['type'] === 'tool_reference') used.add(text(block['tool_name']))
      else if (block['type'] === 'tool_result') yield* look(blocksOf(block['content']))
      else if (block['type'] === 'tool_search_tool_result' && isObject(block['content'])) {
        yield* look(blocksOf(block['content']['tool_references']))
      } else if (block['type'] === 'tool_addition' && isObject(block['tool'])) used.add(text(block['tool']['name']))
    }
  }
  for (const { content } of messages) yield* look(blocksOf(content))
  return used
}
