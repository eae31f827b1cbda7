// Decides which models are free on a paid seat, by the model's own billing data, `docs/spec/copilot.md#free`.
import { isObject } from '../json.ts'
import type { Model } from '../model-entry.ts'

/** For entries without billing data. */
const knownFree: ReadonlySet<string> = new Set(['gpt-4.1', 'gpt-4.1-2025-04-14', 'gpt-4o', 'gpt-4o-2024-11-20',
  'gpt-4o-2024-08-06', 'gpt-4o-2024-05-13', 'gpt-4-o-preview', 'gpt-4o-mini', 'gpt-4o-mini-2024-07-18', 'gpt-5-mini',
  'gpt-4', 'gpt-4-0613', 'gpt-4-0125-preview', 'gpt-3.5-turbo', 'gpt-3.5-turbo-0613', 'gpt-41-copilot',
  'grok-code-fast-1', 'oswe-vscode-prime'])

export function isFree (model: Model): boolean {
  const billing = isObject(model['billing']) ? model['billing'] : {}
  if (typeof billing['multiplier'] === 'number') return billing['multiplier'] === 0
  if (typeof billing['is_premium'] === 'boolean') return !billing['is_premium']
  if (isObject(billing['token_prices'])) {
    return Object.values(billing['token_prices']).filter(isObject).every(costsNothing)
  }
  return model.capabilities.type === 'embeddings' || knownFree.has(model.id)
}

function costsNothing (prices: Readonly<Record<string, unknown>>): boolean {
  return ['input_price', 'output_price'].every(name =>
    prices[name] === undefined || prices[name] === null || prices[name] === 0
  )
}
