// Copilot's Auto as a model of the seat: `auto`. Copilot itself lists no such model, so the gateway adds the entry.
// docs/spec/copilot.md#auto
import { isObject } from './json.ts'
import { limitOf, supports, type KnownModels, type Model } from './model-entry.ts'

export const autoId = 'auto'

/** A window below this belongs to models that Auto no longer chooses. */
const leastWindow = 64_000
const limitNames = ['max_context_window_tokens', 'max_prompt_tokens', 'max_output_tokens'] as const

/** The seat may use no model by its id: none of its chat models has the flag of the picker. */
export function isAutoOnly ({ models }: KnownModels): boolean {
  const chats = models.filter(chatsOf)
  return chats.length > 0 && chats.every(model => model['model_picker_enabled'] === false)
}

const extended = new WeakMap<KnownModels, KnownModels>()

/** The list with the entry of Auto at its end. A seat without chat models has no Auto. */
export function withAuto (list: KnownModels): KnownModels {
  if (list.byId.has(autoId) || !list.models.some(chatsOf)) return list
  const known = extended.get(list)
  if (known !== undefined) return known
  const models = [...list.models, autoEntry(list)]
  const made = { models, byId: new Map(models.map(model => [model.id, model])) }
  extended.set(list, made)
  return made
}

/** Its limits are the smallest of all models that Auto may choose, so that each of them can serve the conversation. */
export function autoEntry (list: KnownModels): Model {
  const candidates = candidatesOf(list)
  const limits = Object.fromEntries(limitNames.flatMap(name => {
    const values = candidates.map(model => limitOf(model, name)).filter(value => value !== null)
    return values.length === 0 ? [] : [[name, Math.min(...values)]]
  }))
  return {
    id: autoId,
    name: 'Auto',
    vendor: 'GitHub Copilot',
    object: 'model',
    model_picker_enabled: true,
    supported_endpoints: ['/chat/completions', '/responses', '/v1/messages'],
    capabilities: { type: 'chat', family: autoId, object: 'model_capabilities', limits,
      supports: { streaming: true, tool_calls: true, vision: candidates.some(model => supports(model, 'vision')),
        parallel_tool_calls: candidates.every(model => supports(model, 'parallel_tool_calls')) } },
  }
}

/** Models with a discount for Auto if any has one; otherwise those of the picker, otherwise all. */
function candidatesOf ({ models }: KnownModels): readonly Model[] {
  const usable = models.filter(model =>
    chatsOf(model) && supports(model, 'tool_calls')
    && (limitOf(model, 'max_context_window_tokens') ?? leastWindow) >= leastWindow
  )
  const discounted = usable.filter(({ billing }) => isObject(billing) && typeof billing['auto_discount'] === 'number')
  const picked = usable.filter(model => model['model_picker_enabled'] !== false)
  return [discounted, picked].find(some => some.length > 0) ?? usable
}

function chatsOf ({ id, capabilities: { type } }: Model): boolean {
  return id !== autoId && (type === undefined || type === 'chat')
}
