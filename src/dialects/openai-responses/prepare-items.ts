// Items of earlier answers on their way back to upstream: without the ids that it does not know again, and without the
// state of reasoning that another upstream made. `copilot-upstream.md` 8.1, `translation.md` 2.6.2, 2.10.
import { GatewayError } from '../../errors.ts'
import { isObject, type JsonObject } from '../../json.ts'
import { fits, isCarrier, unpackCarrier } from '../carrier.ts'
import type { Target } from '../dialect.ts'
import type { Ledger } from '../ledger.ts'
import { nativeItem } from './decode-items.ts'
import { isGiven, text, typeOf } from './wire.ts'

/** The very same value when nothing in it has to change. */
export function prepareItems (input: unknown, target: Target, ledger: Ledger): unknown {
  if (!Array.isArray(input)) return input
  const items = (input as readonly unknown[]).flatMap((item, at): readonly unknown[] => isObject(item) ? prepareItem(item, `input[${at}]`, target, ledger) : [item])
  return items.length === input.length && items.every((item, at) => item === input[at]) ? input : items
}

function prepareItem (given: JsonObject, at: string, target: Target, ledger: Ledger): readonly JsonObject[] {
  const item = nativeItem(given)
  const type = typeOf(item)
  switch (type) {
    case 'message': return [withoutId(prepareMessage(item))]
    case 'function_call': case 'custom_tool_call': case 'function_call_output': case 'custom_tool_call_output': return [withoutId(item)]
    case 'reasoning': return prepareReasoningItem(item, target, ledger)
    case 'item_reference': throw new GatewayError('item_not_found', `Item with id '${text(item['id']).slice(0, 80)}' not found.`, { param: at })
    default: return [item]
  }
}

/** Its id belongs to its encrypted content; without that, upstream would look for the item and not find it. */
function prepareReasoningItem (item: JsonObject, target: Target, ledger: Ledger): readonly JsonObject[] {
  const state = item['encrypted_content']
  if (isCarrier(state)) {
    const carrier = unpackCarrier(state)
    if (carrier !== null && fits(carrier, ['r'], target.id) && carrier.item['type'] === 'reasoning') return [carrier.item]
    ledger.lose('reasoning')
    return []
  }
  return text(state) === '' ? [] : [item]
}

function withoutId (item: JsonObject): JsonObject {
  if (!('id' in item)) return item
  const { id: _id, ...rest } = item
  return rest
}

/** Each role has names of its own for its parts, and clients mix them up. */
function prepareMessage (item: JsonObject): JsonObject {
  const { content, role } = item
  if (!Array.isArray(content)) return item
  const wanted = role === 'assistant' ? 'output_text' : 'input_text'
  const parts = (content as readonly unknown[]).map(part => isObject(part) && isText(part) && part['type'] !== wanted ? renamed(part, wanted) : part)
  return parts.some((part, at) => part !== content[at]) ? { ...item, content: parts } : item
}

function isText (part: JsonObject): boolean {
  return part['type'] === 'input_text' || part['type'] === 'output_text' || part['type'] === 'text'
}

function renamed (part: JsonObject, type: string): JsonObject {
  if (type === 'output_text') return { ...part, type, annotations: isGiven(part['annotations']) ? part['annotations'] : [] }
  return { type, text: text(part['text']) }
}
