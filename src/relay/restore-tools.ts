// Restores the client's names and kinds of tool calls in an answer: namespaces, long names, free text.
import { createUnwrapper, type Unwrapper } from '../dialects/shared/custom-tool.ts'
import type { Part } from '../dialects/contract/part.ts'
import type { ToolNames } from '../dialects/shared/tool-names.ts'

export interface ToolRestorer {
  readonly push: (part: Part) => Part[]
  /** What becomes of more text of a block, as `push` would give it. */
  readonly text: (block: number, text: string) => string
}

/** One object serves one answer. */
export function createToolRestorer (names: ToolNames): ToolRestorer {
  /** Unwrappers of the blocks whose JSON becomes free text. */
  const unwrappers = new Map<number, Unwrapper>()
  return { text: (block, text) => unwrappers.get(block)?.push(text) ?? text, push (part) {
    switch (part.type) {
      case 'tool-call-start': {
        const known = names.fromUpstream(part.name)
        if (known === null) return [part]
        if (known.kind === 'custom' && part.kind === 'function') unwrappers.set(part.block, createUnwrapper())
        return [{ ...part, name: known.name, namespace: known.namespace, builtin: known.builtin, kind: known.kind }]
      }
      case 'tool-call-delta': {
        const unwrapper = unwrappers.get(part.block)
        if (unwrapper === undefined) return [part]
        const text = unwrapper.push(part.text)
        return text === '' ? [] : [{ ...part, text }]
      }
      case 'block-end': {
        const text = unwrappers.get(part.block)?.end() ?? ''
        unwrappers.delete(part.block)
        return text === '' ? [part] : [{ type: 'tool-call-delta', block: part.block, text }, part]
      }
      default:
        return [part]
    }
  } }
}
