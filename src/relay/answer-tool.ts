// Turns the arguments of a forced tool into the text that the client asked for: `rules/output-tool.ts`. Text next to
// the call does not belong to the answer, and is only used if there was no call.
import type { Part } from '../dialects/contract/part.ts'

/** One object serves one answer. @param name of the tool */
export function createAnswerReader (name: string): (part: Part) => readonly Part[] {
  const blocks = new Set<number>()
  /** Parts of text blocks; null once there is a call. */
  let held: Part[] | null = []
  const sideTexts = new Set<number>()
  return part => {
    switch (part.type) {
      case 'text-start':
        sideTexts.add(part.block)
        held?.push(part)
        return []
      case 'text-delta':
      case 'citation':
        held?.push(part)
        return []
      case 'tool-call-start':
        if (part.name !== name) return [part]
        held = null
        blocks.add(part.block)
        return [{ type: 'text-start', block: part.block, apart: false }]
      case 'tool-call-delta':
        return [blocks.has(part.block) ? { type: 'text-delta', block: part.block, text: part.text } : part]
      case 'block-end':
        if (sideTexts.delete(part.block)) {
          held?.push(part)
          return []
        }
        return [blocks.delete(part.block) ? { type: 'block-end', block: part.block } : part]
      case 'message-end':
        return [...held ?? [], part.reason === 'tool' ? { ...part, reason: 'stop' } : part]
      default:
        return [part]
    }
  }
}
