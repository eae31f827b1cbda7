// POST /auto: Copilot chooses the model of a conversation, and its session token allows calls of that model.
import { fields, text } from './json.ts'
import { findModel } from './model-list.ts'
import { json, plain } from './reply.ts'
import type { ModelEntry } from './model-entry.ts'
import type { Reply } from './reply.ts'
import type { RecordedRequest, Seat } from './types.ts'
import type { World } from './world.ts'

const leastVersion = '2026-08-01'
/** Auto's discount, as a fraction. */
export const autoDiscount = 0.1
/** The preferred models of each tier, in order. The older tier names are still accepted. */
const tiers: Record<string, readonly string[]> = {
  efficiency: ['gpt-5-mini'],
  eco: ['gpt-5-mini'],
  fast: ['gpt-5-mini'],
  balance: ['claude-haiku-4.5'],
  balanced: ['claude-haiku-4.5'],
  intelligence: ['claude-sonnet-4.6'],
  max: ['claude-sonnet-4.6'],
}

export function serveAuto (world: World, request: RecordedRequest, seat: Seat): Reply {
  const version = request.headers['x-github-api-version'] ?? ''
  if (world.strict.autoVersion && version < leastVersion) return plain(404, '404 page not found')
  const { prompt, has_image: hasImage, tier } = fields(request.json)
  if (typeof prompt !== 'string' || prompt.trim() === '') return json(400, { error: 'invalid_request' })
  const wanted = tiers[text(tier) || 'balance']
  if (wanted === undefined) return json(400, { error: 'invalid_tier' })
  const model = choose(world, wanted, hasImage === true)
  if (model === undefined) return json(503, { error: 'no_available_model' })
  const { token, expiresAt } = world.auto.open(seat, model)
  return json(200, { discounted_costs: { [model.id]: autoDiscount }, expires_at: Math.floor(expiresAt / 1000),
    selected_model: selected(model), session_token: token })
}

function choose ({ models }: World, wanted: readonly string[], hasImage: boolean): ModelEntry | undefined {
  const fits = ({ capabilities: { type, supports }, policy }: ModelEntry): boolean =>
    type === 'chat' && (policy?.state ?? 'enabled') === 'enabled' && (!hasImage || supports.vision === true)
  const preferred = wanted.map(id => findModel(models, id)).find(model => model !== undefined && fits(model))
  return preferred ?? models.find(fits)
}

/** The entry without its prices and its policy. */
function selected (
  { id, name, version, vendor, capabilities: { family, tokenizer, limits, supports }, supported_endpoints: endpoints,
    billing }: ModelEntry,
): object {
  return { id, name, version, vendor, capabilities: { family, tokenizer, limits, supports },
    supported_endpoints: endpoints ?? ['/chat/completions'],
    billing: { is_premium: billing?.is_premium ?? true, auto_discount: autoDiscount } }
}
