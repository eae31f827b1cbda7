// Prepares items of earlier answers for upstream: removes what clients add for themselves, and reasoning state of other
// upstreams. `docs/spec/translation.md#carriers`, `docs/spec/translation.md#same-dialect`.
import { GatewayError } from '../../../errors.ts'
import { isObject, type JsonObject } from '../../../json.ts'
import { append } from '../../../append.ts'
import { stepSize, type Steps } from '../../../steps.ts'
import { fits, isCarrier, unpackCarrier } from '../../shared/carrier.ts'
import type { Target } from '../../contract/dialect.ts'
import type { Ledger } from '../../contract/ledger.ts'
import { readCompaction } from '../wire-compaction.ts'
import { toReadable } from '../wire-encrypted-part.ts'
import { nativeItem } from '../request/decode-items.ts'
import { text, typeOf } from '../wire.ts'

/** Returns the same value if nothing in it has to change. */
export function* prepareItems (input: unknown, target: Target, ledger: Ledger): Steps<unknown> {
  if (!Array.isArray(input)) return input
  const items: unknown[] = []
  for (const [at, item] of (input as readonly unknown[]).entries()) {
    if (at % stepSize === stepSize - 1) yield
    if (isObject(item)) append(items, prepareItem(item, `input[${at}]`, target, ledger))
    else items.push(item)
  }
  return items.length === input.length && items.every((item, at) => item === input[at]) ? input as unknown : items
}

function prepareItem (given: JsonObject, at: string, target: Target, ledger: Ledger): readonly JsonObject[] {
  const item = nativeItem(given)
  const type = typeOf(item)
  switch (type) {
    case 'reasoning':
      return prepareReasoningItem(item, target, ledger)
    case 'compaction':
    case 'compaction_summary':
    case 'context_compaction':
      return prepareCompaction(item, at)
    case 'function_call_output':
    case 'custom_tool_call_output':
      return [text(item['call_id']) === '' ? toMessage(item) : withReadableParts(item, 'output')]
    case 'message':
      return [withReadableParts(item, 'content')]
    case 'item_reference':
      throw new GatewayError('item_not_found', `Item with id '${text(item['id']).slice(0, 80)}' not found.`, {
        param: at,
      })
    default:
      return [item]
  }
}

/** Our own summary becomes a message. Upstream gets another state back as its own item. */
function prepareCompaction (item: JsonObject, at: string): readonly JsonObject[] {
  const read = readCompaction(item, at)
  switch (read.kind) {
    case 'summary':
      return [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: read.text }] }]
    case 'foreign':
      return [read.item]
    case 'empty':
      return []
  }
}

/** An output that answers no call, such as an agent's that reports by itself: upstream takes outputs of calls only. */
function toMessage (item: JsonObject): JsonObject {
  const { output } = withReadableParts(item, 'output')
  const parts: readonly unknown[] = Array.isArray(output) ? output : [{ type: 'input_text', text: text(output) }]
  return { type: 'message', role: 'user',
    content: [{ type: 'input_text', text: `[output of ${text(item['name']) || 'a tool'}]` }, ...parts] }
}

/** The same object if no part is prose under the type of a cipher. */
function withReadableParts (item: JsonObject, field: 'output' | 'content'): JsonObject {
  const parts = item[field]
  if (!Array.isArray(parts) || !parts.some(part => isObject(part) && toReadable(part) !== part)) return item
  return { ...item, [field]: parts.map((part: unknown) => isObject(part) ? toReadable(part) : part) }
}

/** Our own state goes back as the item that it came from. */
function prepareReasoningItem (item: JsonObject, target: Target, ledger: Ledger): readonly JsonObject[] {
  const state = item['encrypted_content']
  if (isCarrier(state)) {
    const carrier = unpackCarrier(state)
    if (carrier !== null && fits(carrier, ['r'], target.id) && carrier.item['type'] === 'reasoning') {
      return [carrier.item]
    }
    ledger.lose('reasoning')
    return []
  }
  return [item]
}
