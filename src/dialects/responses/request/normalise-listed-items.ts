// The items of a request as the API lists them: clients may leave out ids, types and statuses, a list may not.
// `docs/spec/translation.md#response-store`.
import type { JsonObject } from '../../../json.ts'
import { prefixOf } from '../native/repair-item.ts'
import { isGiven, text, typeOf } from '../wire.ts'

/** Items that have a status. */
const running = /^(?:message|(?:function|custom_tool|local_shell|shell|apply_patch)_call(?:_output)?)$/

/** @param responseId makes the ids of items without one, which are the same each time */
export function listItems (items: readonly JsonObject[], responseId: string): readonly JsonObject[] {
  const taken = new Set<string>()
  return items.map((item, at) => {
    const type = typeOf(item)
    const own = text(item['id'])
    const id = own !== '' && !taken.has(own) ? own : `${prefixOf(type)}_${responseId.replace(/^resp_/, '')}_${at}`
    taken.add(id)
    return { ...item, type, id, ...(running.test(type) && !isGiven(item['status']) ? { status: 'completed' } : {}),
      ...(type === 'message' ? { content: contentOf(item) } : {}) }
  })
}

function contentOf ({ role, content }: JsonObject): unknown {
  if (typeof content !== 'string') return content
  return role === 'assistant'
    ? [{ type: 'output_text', text: content, annotations: [], logprobs: [] }]
    : [{ type: 'input_text', text: content }]
}
