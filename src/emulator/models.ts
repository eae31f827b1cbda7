// GET /models, GET /models/{id} and the consent to a model's terms.
import { fields, text } from './json.ts'
import { findModel } from './model-list.ts'
import { json, plain, refuse } from './reply.ts'
import type { ModelEntry } from './model-entry.ts'
import type { Reply } from './reply.ts'
import type { RecordedRequest, Seat } from './types.ts'
import type { World } from './world.ts'

export function serveModels ({ models }: World, request: RecordedRequest, seat: Seat): Reply {
  const [, id, action] = /^\/models(?:\/([^/]+)(\/policy)?)?$/.exec(request.path) ?? []
  if (id === undefined) {
    return json(200, { data: models.filter(model => hasModel(seat, model)).map(model => seenBy(seat, model)),
      object: 'list' })
  }
  const model = findModel(models, decodeURIComponent(id))
  if (model === undefined || !hasModel(seat, model)) return plain(404, 'model not found')
  if (action === undefined) return json(200, seenBy(seat, model))
  return request.method === 'POST' ? consent(request, seat, model) : plain(404, '404 page not found')
}

export function hasModel ({ models }: Seat, { id }: ModelEntry): boolean {
  return models === null || models.includes(id)
}

/** Each seat has its own state of consent. */
export function policyState (seat: Seat, model: ModelEntry): string | undefined {
  return model.policy === undefined ? undefined : seat.policies.get(model.id) ?? model.policy.state
}

function seenBy (seat: Seat, model: ModelEntry): object {
  return { ...model, ...(seat.autoOnly ? { model_picker_enabled: false } : {}),
    ...(model.policy === undefined ? {} : { policy: { ...model.policy, state: policyState(seat, model) } }) }
}

/** In an organisation, the administrator decides. */
function consent (request: RecordedRequest, seat: Seat, model: ModelEntry): Reply {
  const state = text(fields(request.json).state)
  if (seat.plan !== 'individual') return refuse(403, 'model policy is managed by your organization')
  if (model.policy === undefined || !['enabled', 'disabled'].includes(state)) return refuse(400, 'invalid policy')
  seat.policies.set(model.id, state)
  return json(200, { state, terms: model.policy.terms })
}
