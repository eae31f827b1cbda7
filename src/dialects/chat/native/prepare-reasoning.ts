// For Chat clients that drop unknown fields: puts the reasoning state back on the assistant message whose calls it led
// to. Gemini refuses a call without its signature. `docs/spec/copilot.md#chat-reasoning`.
import { isObject, type JsonObject } from '../../../json.ts'
import { mapInSteps, type MaybeSteps, type Steps } from '../../../steps.ts'
import type { RememberedReasoning } from '../../contract/memory.ts'
import { fits } from '../../shared/carrier.ts'

/** Returns the same body if there is nothing to restore. */
export function recallReasoning (
  body: JsonObject,
  model: string,
  { carriers }: Pick<RememberedReasoning, 'carriers'>,
): MaybeSteps<JsonObject> {
  const messages = body['messages']
  return Array.isArray(messages) && messages.some(message => isObject(message) && Array.isArray(message['tool_calls']))
    ? restore(body, messages, model, carriers)
    : body
}

function* restore (
  body: JsonObject,
  given: readonly unknown[],
  model: string,
  carriers: RememberedReasoning['carriers'],
): Steps<JsonObject> {
  let hasChanged = false
  const messages = yield* mapInSteps(given, message => {
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
