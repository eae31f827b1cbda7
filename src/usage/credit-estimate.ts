// Estimates what Copilot bills for an answer that ended before it named its price.
import { isObject } from '../json.ts'
import type { Model } from '../model-entry.ts'

export interface Estimated {
  readonly inputTokens: number
  readonly outputTokens: number
}

const nano = 1e9
/** In credits for a million tokens, where the list has no price: those of a usual model, times its multiplier. */
const usualPrice = { input: 200, output: 1_000, batch: 1_000_000 }
const charactersPerToken = 4
const tokensPerImage = 1_600
/** Text has no such run of letters. Images and files have, as base64. */
const inlineData = /[A-Za-z0-9+/]{4096,}={0,2}/g
const decoder = new TextDecoder()

/** In nano-credits. @param entry null if the list lacks the model */
export function priceOf (entry: Model | null, { inputTokens, outputTokens }: Estimated): number {
  const { input, output, batch } = pricesOf(entry)
  return Math.round((inputTokens * input + outputTokens * output) * nano / batch)
}

/** Linear in the body. @param body a request as JSON */
export function estimateBody (body: Uint8Array | string | null): number {
  let images = 0
  const text = (typeof body === 'string' ? body : decoder.decode(body ?? undefined)).replace(inlineData, () => {
    images++
    return ''
  })
  return Math.ceil(text.length / charactersPerToken) + images * tokensPerImage
}

export function estimateText (characters: number): number {
  return Math.ceil(characters / charactersPerToken)
}

/** `docs/spec/copilot.md#billing` */
function pricesOf (entry: Model | null): typeof usualPrice {
  const billing = entry !== null && isObject(entry['billing']) ? entry['billing'] : {}
  const prices = isObject(billing['token_prices']) ? billing['token_prices'] : {}
  if (isObject(prices['default'])) {
    const { input_price: input, output_price: output } = prices['default']
    return { input: amount(input, 0), output: amount(output, 0),
      batch: amount(prices['batch_size'], 0) || usualPrice.batch }
  }
  const factor = amount(billing['multiplier'], 1)
  return { ...usualPrice, input: usualPrice.input * factor, output: usualPrice.output * factor }
}

function amount (value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : otherwise
}
