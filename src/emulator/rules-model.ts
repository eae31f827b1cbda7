// What holds for a model on every endpoint: whether it exists, may be used, is served here, and sees what is sent.
import { endpointsOfModel } from './model-entry.ts'
import { policyState } from './models.ts'
import { refuse, refuseFlat } from './reply.ts'
import { tokensOf } from './ask.ts'
import type { Ask } from './ask.ts'
import type { ModelEntry } from './model-entry.ts'
import type { Reply } from './reply.ts'
import type { RecordedRequest, Seat } from './types.ts'
import type { World } from './world.ts'

export function refuseModel ({ strict }: World, request: RecordedRequest, seat: Seat, model: ModelEntry | undefined): Reply | null {
  if (model === undefined) return strict.modelIds ? unsupported() : null
  if (strict.modelPolicy && (policyState(seat, model) ?? 'enabled') !== 'enabled') return unsupported()
  const endpoints = endpointsOfModel(model)
  if (!strict.modelEndpoints || endpoints.includes(request.path)) return null
  // An embeddings model cannot chat at all; a chat model only not here.
  if (model.capabilities.type !== 'chat') return unsupported()
  return refuse(400, `model "${model.id}" is not accessible via the ${request.path} endpoint`, 'unsupported_api_for_model')
}

export function refusePrompt ({ strict }: World, ask: Ask): Reply | null {
  const { capabilities: { supports, limits } } = ask.model
  if (ask.stream && strict.modelStreaming && supports.streaming !== true) {
    return refuse(400, `Unsupported value: 'stream' does not support true with this model.`, 'invalid_request_body')
  }
  if (ask.images.length > 0 && strict.vision && ask.request.headers['copilot-vision-request'] !== 'true') {
    return refuse(400, 'missing required Copilot-Vision-Request header for vision requests')
  }
  if (strict.imageTypes && ask.images.some(image => !/^image\/(?:jpeg|png|gif|webp)$/.test(image.mediaType) && !(ask.dialect === 'messages' && image.mediaType === 'link'))) {
    return refuse(400, 'image media type not supported')
  }
  const tokens = tokensOf(ask.promptChars)
  const most = limits?.max_prompt_tokens ?? Infinity
  if (!strict.promptTokens || tokens <= most) return null
  return ask.dialect === 'messages'
    ? refuseFlat(`prompt is too long: ${tokens} tokens > ${most} maximum`)
    : refuse(400, `prompt token count of ${tokens} exceeds the limit of ${most}`, 'model_max_prompt_tokens_exceeded')
}

function unsupported (): Reply {
  return refuse(400, 'The requested model is not supported.', 'model_not_supported', { param: 'model', type: 'invalid_request_error' })
}
