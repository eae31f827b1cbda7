// Checks that a model exists, that this seat may use it, and that this endpoint serves it.
import { endpointsOfModel, styleOf } from './model-entry.ts'
import { hasModel, policyState } from './models.ts'
import { plain, refuse } from './reply.ts'
import type { ModelEntry } from './model-entry.ts'
import type { Reply } from './reply.ts'
import type { RecordedRequest, Seat } from './types.ts'
import type { World } from './world.ts'

export function refuseModel (
  world: World,
  request: RecordedRequest,
  seat: Seat,
  model: ModelEntry | undefined,
): Reply | null {
  const { strict } = world
  if (model === undefined || !hasModel(seat, model)) return strict.modelIds ? unsupported() : null
  const unadmitted = refuseSession(world, request, seat, model)
  if (unadmitted !== null) return unadmitted
  if (strict.modelPolicy && (policyState(seat, model) ?? 'enabled') !== 'enabled') return unsupported()
  const endpoints = endpointsOfModel(model)
  if (!strict.modelEndpoints || endpoints.includes(request.path)) return null
  // An embeddings model cannot chat on any endpoint; a chat model only not on this one.
  if (model.capabilities.type !== 'chat') return unsupported()
  const newer = request.path === '/responses' && styleOf(model) === 'claude'
    ? [`model ${model.id} does not support Responses API.`]
    : []
  return refuse(400,
    world.random.pick([`model "${model.id}" is not accessible via the ${request.path} endpoint`, ...newer]),
    'unsupported_api_for_model')
}

/** A session of Auto allows only its own model, and a seat of Auto needs a session. */
function refuseSession (
  { auto }: World,
  { headers, json }: RecordedRequest,
  seat: Seat,
  model: ModelEntry,
): Reply | null {
  const token = headers['copilot-session-token']
  if (token !== undefined) {
    const session = auto.find(token, seat)
    if (session === undefined) return plain(401, 'Invalid auto-mode selector')
    return session.model === model.id ? null : unsupported()
  }
  const isNamed = (json as { model?: unknown } | undefined)?.model !== undefined
  return seat.autoOnly && isNamed && model.capabilities.type === 'chat' ? unsupported() : null
}

export function unsupported (): Reply {
  return refuse(400, 'The requested model is not supported.', 'model_not_supported', { param: 'model',
    type: 'invalid_request_error' })
}
