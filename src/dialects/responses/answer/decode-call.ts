// Decodes one call while it streams.
import type { JsonObject } from '../../../json.ts'
import type { Part } from '../../contract/part.ts'
import { createHeldText } from './decode-held-text.ts'
import type { ItemDecoder } from './decode-item.ts'
import { text } from '../wire.ts'

/** @param item the item as it was added, with its call id */
export function createCallDecoder (
  next: () => number,
  item: JsonObject,
): ItemDecoder & { readonly start: () => Part[] } {
  const kind = item['type'] === 'custom_tool_call' ? 'custom' : 'function'
  const block = next()
  const input = createHeldText()
  let isEnded = false
  let isEmpty = true

  const write = (delta: string): Part[] => {
    if (delta === '' || isEnded) return []
    isEmpty = false
    return [{ type: 'tool-call-delta', block, text: delta }]
  }
  return {
    start:
      () => [{ type: 'tool-call-start', block, callId: text(item['call_id']), name: text(item['name']), namespace: null,
        kind, builtin: null }],
    delta: (_kind, _index, delta) => write(input.push(delta)),
    continued: () =>
      isEnded || !input.isPassing() ? null : { type: 'tool-call-delta', block, take (delta) {
        input.push(delta)
        isEmpty = false
      } },
    whole: (_kind, _index, whole) => whole === null ? [] : write(input.end(whole)),
    annotation: () => [],
    endPart: () => [],
    begin: () => [],
    end (done) {
      const whole = done[kind === 'custom' ? 'input' : 'arguments']
      const rest = write(input.end(typeof whole === 'string' ? whole : null))
      // Free text looks complete wherever it ends, so only the item shows whether it is. `relay/whole-calls.ts` checks
      // arguments.
      const isCut = done['status'] === 'incomplete' || typeof whole !== 'string'
      const isCutCall = isCut && (kind === 'custom' || isEmpty)
      // Clients cannot parse an empty text.
      const out: Part[] = isEmpty && !isEnded && !isCutCall && kind === 'function'
        ? [...rest, { type: 'tool-call-delta', block, text: '{}' }]
        : rest
      if (!isEnded) out.push({ type: 'block-end', block, ...(isCutCall ? { isCut: true } : {}) })
      isEnded = true
      return out
    },
  }
}
