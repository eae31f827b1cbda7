// Which models of a seat are asked to search, best first. `docs/spec/search.md#choice`.
import { isAutoOnly } from '../auto-model.ts'
import { isObject } from '../json.ts'
import { endpointsOf, isUsable, type KnownModels, type Model } from '../model-entry.ts'
import { searchesItself } from '../rules/model-facts.ts'
import { isFree } from '../upstream/free.ts'

/** The operator's choice alone, or the cheapest models. Empty if no model of the seat can search. */
export function searchModels (list: KnownModels, configured: string | null): readonly string[] {
  if (configured !== null) return [configured]
  // Such a seat may name no model.
  if (isAutoOnly(list)) return []
  return list.models.filter(canSearch).map(model => ({ id: model.id, cost: costOf(model) })).sort((one, other) =>
    one.cost - other.cost
  ).slice(0, mostTried).map(({ id }) => id)
}

const mostTried = 3

function canSearch (model: Model): boolean {
  return searchesItself({ id: model.id, entry: model }) && endpointsOf(model).includes('/responses')
    && model['model_picker_enabled'] !== false && isUsable(model)
}

/** Only the order counts. Models without a price come last. */
function costOf (model: Model): number {
  if (isFree(model)) return 0
  const billing = isObject(model['billing']) ? model['billing'] : {}
  if (typeof billing['multiplier'] === 'number') return billing['multiplier']
  const prices = isObject(billing['token_prices']) ? Object.values(billing['token_prices']).find(isObject) : undefined
  const price = prices?.['output_price']
  return typeof price === 'number' ? price / creditsPerRequest : Infinity
}

/** Makes the two kinds of prices comparable: a request of 1 costs about as much as 1,500 credits per million tokens. */
const creditsPerRequest = 1_500
