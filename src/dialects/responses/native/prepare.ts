// Prepares a Responses request for upstream's own Responses endpoint: sets the model and the stream flag of the plan,
// and unpacks our items. `rules/` handles what Copilot refuses. `docs/spec/translation.md#same-dialect`.
import type { JsonObject } from '../../../json.ts'
import { atOnce, type Steps } from '../../../steps.ts'
import type { Target } from '../../contract/dialect.ts'
import type { Ledger } from '../../contract/ledger.ts'
import { refuseState } from '../request/decode-request.ts'
import { prepareItems } from './prepare-items.ts'

/**
 * @returns null if nothing has to change
 * @throws {GatewayError} for state that only OpenAI keeps
 */
export function prepare (body: JsonObject, target: Target, ledger: Ledger): JsonObject | null {
  return atOnce(prepareInSteps(body, target, ledger))
}

export function* prepareInSteps (body: JsonObject, target: Target, ledger: Ledger): Steps<JsonObject | null> {
  refuseState(body, ledger)
  const changes: JsonObject = {}
  if (body['model'] !== target.id) changes['model'] = target.id
  if ((body['stream'] === true) !== target.stream) changes['stream'] = target.stream
  const items = yield* prepareItems(body['input'], target, ledger)
  if (items !== body['input']) changes['input'] = items
  return Object.keys(changes).length === 0 ? null : { ...body, ...changes }
}
