// Maps tools to names that upstream accepts (flat, short, with few different characters) and back to the client's
// names. Deterministic and per request, so no table outlives the request. `docs/spec/translation.md#function-tools`,
// `docs/spec/translation.md#namespaces`.
import { atOnce, mapInSteps, stepSize, type Steps } from '../../steps.ts'
import type { Prompt, Tool, ToolId } from '../contract/prompt.ts'

export interface ToolNames {
  readonly toUpstream: (tool: ToolId) => string
  /** The tool with this upstream name; null for a name that was never offered. */
  readonly fromUpstream: (name: string) => Pick<Tool, 'name' | 'namespace' | 'kind' | 'builtin'> | null
}

type Known = Pick<Tool, 'name' | 'namespace' | 'kind' | 'builtin'>

/** @param maxLength of a name: 64 for OpenAI's dialects, 128 for Anthropic's */
export function createToolNames (prompt: Pick<Prompt, 'tools' | 'turns'>, maxLength: number): ToolNames {
  return atOnce(toolNamesInSteps(prompt, maxLength))
}

export function* toolNamesInSteps (
  { tools, turns }: Pick<Prompt, 'tools' | 'turns'>,
  maxLength: number,
): Steps<ToolNames> {
  const byName = new Map<string, Known>()
  const byId = new Map<string, string>()
  const add = (tool: Known): void => {
    const id = JSON.stringify([tool.namespace, tool.name])
    if (byId.has(id)) return
    const flat = flatten(tool)
    let name = fitName(flat, maxLength)
    // Two tools must not get the same flat name.
    if (byName.has(name)) name = `${name.slice(0, maxLength - 9)}_${hashText(id)}`
    byId.set(id, name)
    byName.set(name, tool)
  }
  let count = 0
  for (const tool of tools) {
    if (++count % stepSize === 0) yield
    add(tool)
  }
  for (const { blocks } of turns) {
    if (++count % stepSize === 0) yield
    for (const block of blocks) if (block.type === 'tool-call') add(block)
  }

  return {
    toUpstream: tool => byId.get(JSON.stringify([tool.namespace, tool.name])) ?? fitName(flatten(tool), maxLength),
    fromUpstream: name => byName.get(name) ?? null,
  }
}

/** The tools that a choice leaves to the model: all of them, unless it names some. */
export function* allowedTools (tools: readonly Tool[], choice: Prompt['toolChoice']): Steps<readonly Tool[]> {
  if (choice?.type !== 'allowed') return tools
  const allowed = new Set(yield* mapInSteps(choice.tools, keyOf))
  const keys = yield* mapInSteps(tools, keyOf)
  return tools.filter((_tool, at) => allowed.has(keys[at] ?? ''))
}

/** No namespace equals an empty one. */
function keyOf ({ name, namespace }: ToolId): string {
  return JSON.stringify([namespace ?? '', name])
}

function flatten ({ name, namespace }: ToolId): string {
  if (namespace === null || namespace === '') return name
  return namespace.endsWith('__') ? namespace + name : `${namespace}__${name}`
}

/** A name in the alphabet that every upstream accepts, with a hash if it had to change. */
export function fitName (name: string, maxLength: number): string {
  const clean = name.replaceAll(/[^A-Za-z0-9_-]/g, '_')
  if (clean === name && name.length <= maxLength) return name
  return `${clean.slice(0, maxLength - 9)}_${hashText(name)}`
}

/** Eight hexadecimal digits: FNV-1a. Names only need to differ; nothing depends on its security. */
export function hashText (text: string): string {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return (value >>> 0).toString(16).padStart(8, '0')
}
