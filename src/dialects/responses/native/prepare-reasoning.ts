// Encrypted reasoning that a client sends back. Upstream refuses another model's, and a user may switch models in the
// middle of a conversation. State of an unknown model passes.
import { isObject, type JsonObject } from '../../../json.ts'
import type { Steps } from '../../../steps.ts'
import type { Ledger } from '../../contract/ledger.ts'
import type { RememberedReasoning } from '../../contract/memory.ts'

/** The body without reasoning that another model certainly made; the same object if there is none. */
export function* recallReasoning (
  body: JsonObject,
  model: string,
  { makerOf }: Pick<RememberedReasoning, 'makerOf'>,
  ledger: Pick<Ledger, 'lose'>,
): Steps<JsonObject> {
  const input = body['input']
  if (!Array.isArray(input)) return body
  const kept = input.filter(item => {
    const state = isObject(item) ? stateOf(item) : null
    const maker = state === null ? undefined : makerOf(state)
    return maker === undefined || maker === model
  })
  yield
  if (kept.length === input.length) return body
  ledger.lose('reasoning')
  return { ...body, input: kept }
}

/** The encrypted state of a reasoning item; null for any other item. */
export function stateOf ({ type, encrypted_content: state }: JsonObject): string | null {
  return type === 'reasoning' && typeof state === 'string' ? state : null
}
