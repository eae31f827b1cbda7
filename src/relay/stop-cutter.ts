// Stop sequences for upstreams that know none: the text is cut before the first of them, and the answer ends there.
// `translation.md` 2.7.
import type { Part } from '../dialects/part.ts'

export interface StopCutter {
  readonly push: (part: Part) => Part[]
  /** A stop sequence was met: upstream need not go on. */
  readonly isCut: () => boolean
}

export function createStopCutter (stops: readonly string[]): StopCutter {
  /** Of each open text block: the end of its text that may be the start of a stop sequence. */
  const held = new Map<number, string>()
  const open = new Set<number>()
  let isCut = false

  return {
    isCut: () => isCut,
    push (part) {
      if (isCut) return []
      if (part.type.endsWith('-start') && 'block' in part) open.add(part.block)
      if (part.type === 'text-delta') return text(part.block, (held.get(part.block) ?? '') + part.text)
      if (part.type !== 'block-end') return [part]
      open.delete(part.block)
      const rest = held.get(part.block) ?? ''
      held.delete(part.block)
      return rest === '' ? [part] : [{ type: 'text-delta', block: part.block, text: rest }, part]
    },
  }

  function text (block: number, whole: string): Part[] {
    const hits = stops.map(stop => ({ stop, at: whole.indexOf(stop) })).filter(({ at }) => at !== -1).sort((a, b) => a.at - b.at)
    const hit = hits[0]
    if (hit !== undefined) {
      isCut = true
      return [
        ...delta(block, whole.slice(0, hit.at)),
        ...[...open].map((each): Part => ({ type: 'block-end', block: each })),
        { type: 'message-end', reason: 'stop_sequence', stopSequence: hit.stop, explanation: null },
      ]
    }
    const keep = Math.max(0, ...stops.map(stop => overlap(whole, stop)))
    held.set(block, whole.slice(whole.length - keep))
    return delta(block, whole.slice(0, whole.length - keep))
  }
}

function delta (block: number, text: string): Part[] {
  return text === '' ? [] : [{ type: 'text-delta', block, text }]
}

/** The length of the longest end of `text` that is a start of `stop`. */
function overlap (text: string, stop: string): number {
  for (let length = Math.min(text.length, stop.length - 1); length > 0; length--) if (text.endsWith(stop.slice(0, length))) return length
  return 0
}
