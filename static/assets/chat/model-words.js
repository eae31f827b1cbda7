// What the page writes about a model: its price, its window and its abilities.
import { bytes, compact } from '../lib/format.js'
import { t } from '../lib/text.js'
import { reasoningChoices, takesPdf, visionOf } from './models.js'
/** @import { Model } from '../types.d.ts' */

/**
 * The line below the picker.
 * @param {Model} model
 */
export function describe (model) {
  const vision = visionOf(model)
  return [priceOf(model), windowOf(model),
    vision === null
      ? t('chat.model.blind')
      : t('chat.model.images', { count: vision.count, most: bytes(vision.bytes) }),
    takesPdf(model) ? t('chat.model.pdf') : '', reasons(model) ? t('chat.model.reasons') : '',
    model.capabilities?.supports?.streaming === true ? '' : t('chat.model.whole')].filter(Boolean).join(' · ')
}

/**
 * As the model's entry has it: a multiplier of a premium request, or AI credits per million tokens.
 * @param {Model} model
 */
export function priceOf ({ free, billing }) {
  if (free) return t('chat.model.free')
  const prices = billing?.token_prices?.default
  if (prices) {
    const batch = (billing?.token_prices?.batch_size ?? 1_000_000) / 1_000_000
    return t('chat.model.credits', { input: compact((prices.input_price ?? 0) / batch),
      output: compact((prices.output_price ?? 0) / batch) })
  }
  if (typeof billing?.multiplier === 'number') return t('chat.model.multiplier', { times: billing.multiplier })
  return t('chat.model.unpriced')
}

/** @param {Model} model */
export function windowOf ({ context_length: context }) {
  return context ? t('chat.model.window', { size: compact(context) }) : ''
}

/**
 * @param {Model} model
 * @returns {string[]}
 */
export function abilitiesOf (model) {
  return [visionOf(model) === null ? '' : t('chat.model.vision'),
    model.capabilities?.supports?.tool_calls === true ? t('chat.model.tools') : '',
    reasons(model) ? t('chat.model.reasoning') : '', model.preview === true ? t('chat.model.preview') : ''].filter(
      Boolean,
    )
}

/** @param {Model} model */
function reasons (model) {
  return reasoningChoices(model).length > 0 || /^o\d/.test(model.id)
}
