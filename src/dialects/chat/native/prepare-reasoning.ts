// For Chat clients that drop unknown fields: puts the reasoning state back on the assistant message whose calls it led
// to. Gemini refuses a call without its signature. `docs/spec/copilot.md#chat-reasoning`.
import { isObject, type JsonObject } from '../../../json.ts'
import { mapInSteps, type MaybeSteps, type Steps } from '../../../steps.ts'
import type { ReasoningReferences, RememberedReasoning } from '../../contract/memory.ts'
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

export function stateInMessages ({ messages }: JsonObject): ReasoningReferences {
  const calls = (Array.isArray(messages) ? messages : []).map(message =>
    isObject(message) ? statelessCall(message) : null
  )
  return { calls: calls.filter(id => id !== null), states: [] }
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
  const first = statelessCall(message)
  return first === null ? undefined : carriers(first).findLast(carrier => fits(carrier, ['c'], model))?.item
}

/** The id of the first call, if the message lacks the state that led to it. */
function statelessCall ({ role, tool_calls: calls, reasoning_opaque: opaque }: JsonObject): string | null {
  if (role !== 'assistant' || !Array.isArray(calls) || (typeof opaque === 'string' && opaque !== '')) return null
  const first: unknown = calls[0]
  return isObject(first) && typeof first['id'] === 'string' ? first['id'] : null
}
