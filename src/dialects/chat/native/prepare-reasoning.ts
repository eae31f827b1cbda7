// For Chat clients that drop unknown fields: puts the reasoning state back on the assistant message whose calls it led
// to. Gemini refuses a call without its signature. `docs/spec/copilot.md#chat-reasoning`.
import { isObject, type JsonObject } from '../../../json.ts'
import { mapInSteps, type Steps } from '../../../steps.ts'
import type { RememberedReasoning } from '../../contract/memory.ts'
import { fits } from '../../shared/carrier.ts'

/** Returns the same body if there is nothing to restore. */
export function* recallReasoning (
  body: JsonObject,
  model: string,
  { carriers }: Pick<RememberedReasoning, 'carriers'>,
): Steps<JsonObject> {
  const given = body['messages']
  if (!Array.isArray(given)) return body
  let hasChanged = false
  const messages = yield* mapInSteps(given as readonly unknown[], message => {
    const state = isObject(message) ? missingState(message, model, carriers) : undefined
    if (state === undefined) return message
    hasChanged = true
    return { ...message as JsonObject, ...state }
  })
  return hasChanged ? { ...body, messages } : body
}

function missingState (
  message: JsonObject,
  model: string,
  carriers: RememberedReasoning['carriers'],
): JsonObject | undefined {
  const { role, tool_calls: calls, reasoning_opaque: opaque } = message
  if (role !== 'assistant' || !Array.isArray(calls) || (typeof opaque === 'string' && opaque !== '')) return undefined
  const first: unknown = calls[0]
  if (!isObject(first) || typeof first['id'] !== 'string') return undefined
  return carriers(first['id']).findLast(carrier => fits(carrier, ['c'], model))?.item
}
