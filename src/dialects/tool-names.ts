// Tools by the names that upstream takes: flat, short, of few characters, and back to what the client called them.
// Deterministic and per request, so no table outlives it. `translation.md` 2.5.1, 2.5.6.
import type { Block, Prompt, Tool, ToolId } from './prompt.ts'

export interface ToolNames {
  readonly toUpstream: (tool: ToolId) => string
  /** The tool behind upstream's name; null for a name that was never offered. */
  readonly fromUpstream: (name: string) => Pick<Tool, 'name' | 'namespace' | 'kind' | 'builtin'> | null
}

type Known = Pick<Tool, 'name' | 'namespace' | 'kind' | 'builtin'>

/** @param maxLength of a name: 64 for OpenAI's dialects, 128 for Anthropic's */
export function createToolNames ({ tools, turns }: Pick<Prompt, 'tools' | 'turns'>, maxLength: number): ToolNames {
  const byName = new Map<string, Known>()
  const byId = new Map<string, string>()
  const add = (tool: Known): void => {
    const id = JSON.stringify([tool.namespace, tool.name])
    if (byId.has(id)) return
    const flat = flatten(tool)
    let name = fit(flat, maxLength)
    // Two tools that look alike once flattened must not become one.
    if (byName.has(name)) name = `${name.slice(0, maxLength - 9)}_${hash(id)}`
    byId.set(id, name)
    byName.set(name, tool)
  }
  tools.forEach(add)
  for (const turn of turns) turn.blocks.filter((block: Block) => block.type === 'tool-call').forEach(add)

  return {
    toUpstream: tool => byId.get(JSON.stringify([tool.namespace, tool.name])) ?? fit(flatten(tool), maxLength),
    fromUpstream: name => byName.get(name) ?? null,
  }
}

function flatten ({ name, namespace }: ToolId): string {
  if (namespace === null || namespace === '') return name
  return namespace.endsWith('__') ? namespace + name : `${namespace}__${name}`
}

function fit (name: string, maxLength: number): string {
  const clean = name.replaceAll(/[^A-Za-z0-9_-]/g, '_')
  if (clean === name && name.length <= maxLength) return name
  return `${clean.slice(0, maxLength - 9)}_${hash(name)}`
}

/** A call id that upstream takes; the same for a call and its result. */
export function fitCallId (id: string): string {
  if (/^[A-Za-z0-9_-]{1,64}$/.test(id)) return id
  const clean = id.replaceAll(/[^A-Za-z0-9_-]/g, '_')
  return clean.length > 0 && clean.length <= 64 ? clean : `call_${hash(id)}${hash(`${id}.`)}${hash(`${id}..`)}`
}

/** Eight hexadecimal digits, FNV-1a: names are told apart by it, nothing is secured by it. */
function hash (text: string): string {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return (value >>> 0).toString(16).padStart(8, '0')
}
