// What the chat needs to know about a model.
/** @import { Model } from '../types.d.ts' */

/** @param {Model} model */
export function isChatModel ({ capabilities, policy }) {
  return capabilities?.type === 'chat' && (policy?.state ?? 'enabled') === 'enabled'
}

/**
 * Chat Completions refuses a picture of 1.3 MB with 413, even if the model's entry allows it
 * (docs/spec/copilot.md#images).
 */
const maxImageBytes = 1_048_576

/**
 * The number, size and types of images that the model sees, or null if it sees none.
 * @param {Model} model
 */
export function visionOf ({ capabilities: { supports, limits } = {} }) {
  if (supports?.vision !== true) return null
  const { max_prompt_images: count = 1, max_prompt_image_size: size = 3_145_728,
    supported_media_types: types = ['image/jpeg', 'image/png', 'image/webp'] } = limits?.vision ?? {}
  // The types that every endpoint takes. The page converts others, such as HEIC, to JPEG.
  return { count, bytes: Math.min(size, maxImageBytes),
    types: types.filter(type => /^image\/(?:jpeg|png|webp|gif)$/.test(type)) }
}

/**
 * Two of the three dialects carry PDFs. The proxy sends a PDF to any model that has one of those.
 * @param {Model} model
 */
export function takesPdf ({ supported_endpoints: listed }) {
  return Array.isArray(listed) && (listed.includes('/responses') || listed.includes('/v1/messages'))
}

/**
 * The reasoning efforts that the user can choose; none if the model has a fixed one.
 * @param {Model} model
 * @returns {readonly string[]}
 */
export function reasoningChoices ({ capabilities: { supports = {} } = {} }) {
  if (Array.isArray(supports.reasoning_effort)) return supports.reasoning_effort
  return supports.max_thinking_budget ? ['low', 'medium', 'high'] : []
}

/**
 * OpenAI's reasoning models have a fixed temperature.
 * @param {Model} model
 */
export function hasTemperature ({ id }) {
  return !/^(?:o\d|gpt-5)/.test(id)
}

/**
 * Whether the gateway can search the web on this seat: it needs a GPT model that Copilot serves on Responses
 * (docs/spec/search.md#choice).
 * @param {readonly Model[]} models
 */
export function canSearchWeb (models) {
  return models.some(({ id, supported_endpoints: listed, model_picker_enabled: isOffered }) =>
    /^(?:gpt-|o[3-9])/.test(id) && listed?.includes('/responses') === true && isOffered !== false
  )
}
