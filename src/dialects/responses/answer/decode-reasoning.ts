// Decodes one reasoning item while it streams, and its state once it is complete.
import type { Part } from '../../contract/part.ts'
import { goesOn } from './decode-held-text.ts'
import type { ItemDecoder } from './decode-item.ts'
import { objects, text } from '../wire.ts'

/** @param next numbers the blocks of the answer */
export function createReasoningDecoder (next: () => number): ItemDecoder {
  let block: number | null = null
  /** The text sent so far of each part of the summary, or of the open reasoning. */
  const sent = new Map<string, string>()
  let isEnded = false

  const begin = (out: Part[]): number => {
    if (block === null) out.push({ type: 'reasoning-start', block: block = next() })
    return block
  }
  const write = (key: string, delta: string, out: Part[]): void => {
    if (delta === '' || isEnded) return
    const at = begin(out)
    const before = sent.get(key)
    // Separates the parts of a summary.
    const gap = before === undefined && sent.size > 0 ? '\n\n' : ''
    sent.set(key, (before ?? '') + delta)
    out.push({ type: 'reasoning-delta', block: at, text: gap + delta })
  }
  const complete = (key: string, whole: string, out: Part[]): void => {
    const before = sent.get(key) ?? ''
    if (goesOn(whole, before)) write(key, whole.slice(before.length), out)
  }
  return {
    delta (kind, index, delta) {
      const out: Part[] = []
      write(`${kind}${index}`, delta, out)
      return out
    },
    continued (kind, index) {
      const key = `${kind}${index}`
      if (block === null || isEnded || !sent.has(key)) return null
      return { type: 'reasoning-delta', block, take (delta) {
        sent.set(key, (sent.get(key) ?? '') + delta)
      } }
    },
    whole (kind, index, whole) {
      const out: Part[] = []
      complete(`${kind}${index}`, whole ?? '', out)
      return out
    },
    annotation: () => [],
    endPart: () => [],
    begin () {
      const out: Part[] = []
      if (!isEnded) begin(out)
      return out
    },
    end (item) {
      const out: Part[] = []
      objects(item['summary']).forEach((part, index) => complete(`summary${index}`, text(part['text']), out))
      objects(item['content']).forEach((part, index) => complete(`reasoning${index}`, text(part['text']), out))
      const hasState = typeof item['encrypted_content'] === 'string' && item['encrypted_content'] !== ''
      // Ignores reasoning without text and state: Copilot sends such items even when the client asked for none.
      if (hasState && !isEnded) begin(out)
      if (block !== null && !isEnded) {
        out.push({ type: 'block-end', block, carrier: hasState ? { kind: 'r', item, model: null } : null })
      }
      isEnded = true
      return out
    },
  }
}
