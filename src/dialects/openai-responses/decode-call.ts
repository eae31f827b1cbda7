// One call while it streams.
import type { JsonObject } from '../../json.ts'
import type { Part } from '../part.ts'
import { createHeldText } from './held-text.ts'
import type { ItemDecoder } from './item-decoder.ts'
import { text } from './wire.ts'

/** @param item as it was added; its id of the call must be known */
export function createCallDecoder (next: () => number, item: JsonObject): ItemDecoder & { readonly start: () => Part[] } {
  const kind = item['type'] === 'custom_tool_call' ? 'custom' : 'function'
  const block = next()
  const input = createHeldText()
  let isEnded = false
  let isEmpty = true

  const say = (delta: string): Part[] => {
    if (delta === '' || isEnded) return []
    isEmpty = false
    return [{ type: 'tool-call-delta', block, text: delta }]
  }
  return {
    start: () => [{ type: 'tool-call-start', block, callId: text(item['call_id']), name: text(item['name']), namespace: null, kind, builtin: null }],
    delta: (_kind, _index, delta) => say(input.push(delta)),
    whole: (_kind, _index, whole) => whole === null ? [] : say(input.end(whole)),
    annotation: () => [],
    endPart: () => [],
    begin: () => [],
    end (done) {
      const whole = done[kind === 'custom' ? 'input' : 'arguments']
      const rest = say(input.end(typeof whole === 'string' ? whole : null))
      // A client would parse an empty text.
      const out: Part[] = isEmpty && !isEnded && kind === 'function' ? [...rest, { type: 'tool-call-delta', block, text: '{}' }] : rest
      if (!isEnded) out.push({ type: 'block-end', block })
      isEnded = true
      return out
    },
  }
}
