// What the chat needs to know of a model.
import { bytes, compact } from '../lib/format.js'

export function isChatModel ({ capabilities, policy }) {
  return capabilities?.type === 'chat' && (policy?.state ?? 'enabled') === 'enabled'
}

/** `{ count, bytes, types }`, or null for a model that sees nothing. */
export function visionOf ({ capabilities: { supports, limits } = {} }) {
  if (supports?.vision !== true) return null
  const { max_prompt_images: count = 1, max_prompt_image_size: size = 3_145_728, supported_media_types: types = ['image/jpeg', 'image/png', 'image/webp'] } = limits?.vision ?? {}
  // What every endpoint takes; a HEIC is made a JPEG before it is sent.
  return { count, bytes: size, types: types.filter(type => /^image\/(?:jpeg|png|webp|gif)$/.test(type)) }
}

/** PDFs exist in two of the three dialects, and the proxy carries them to models that speak one of those. */
export function takesPdf ({ supported_endpoints: listed }) {
  return Array.isArray(listed) && (listed.includes('/responses') || listed.includes('/v1/messages'))
}

/** The choices of how long to think; none for a model that has no say in it. */
export function reasoningChoices ({ capabilities: { supports = {} } = {} }) {
  if (Array.isArray(supports.reasoning_effort)) return supports.reasoning_effort
  return supports.max_thinking_budget ? ['low', 'medium', 'high'] : []
}

/** Reasoning models of OpenAI's have a fixed one. */
export function hasTemperature ({ id }) {
  return !/^(?:o\d|gpt-5)/.test(id)
}

export function promptTokensOf (model) {
  return model.capabilities?.limits?.max_prompt_tokens ?? null
}

/** One line below the picker. */
export function describe (model) {
  const vision = visionOf(model)
  const context = model.context_length
  return [
    model.free ? 'free on paid plans' : priceOf(model),
    context ? `${compact(context)} context` : '',
    vision === null ? 'no images' : `${vision.count === 1 ? 'one image' : `${vision.count} images`} at a time, ${bytes(vision.bytes)} each`,
    takesPdf(model) ? 'PDFs' : '',
    reasoningChoices(model).length > 0 || /^o\d/.test(model.id) ? 'reasons' : '',
    model.capabilities?.supports?.streaming === true ? '' : 'answers all at once',
  ].filter(Boolean).join(' · ')
}

function priceOf ({ billing }) {
  if (typeof billing?.multiplier === 'number') return `${billing.multiplier}× premium`
  return billing?.token_prices ? 'paid by the token' : 'premium'
}
