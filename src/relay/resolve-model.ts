// From the name a client uses to the id upstream knows: aliases, the exact id, a prefix or suffix taken off, Claude's
// dashes and dates. `contract.md` section 3.
import { GatewayError } from '../errors.ts'
import { supports, type KnownModels, type Model } from '../model-entry.ts'

export interface ResolvedModel {
  readonly id: string
  /** Null while no list is known: rules by id apply. */
  readonly entry: Model | null
  readonly streams: boolean
}

/** What the original project assumed. */
export const defaultModel = 'gpt-4o'

/** Null when the list is known and the model is not in it. */
export function resolveModel (requested: string, list: KnownModels | null, aliases: ReadonlyMap<string, string>): ResolvedModel | null {
  const wanted = aliases.get(requested) ?? requested
  const names = list?.byId.has(wanted) === true ? [wanted] : candidates(wanted)
  const id = list === null ? names.find(isLikely) ?? names[0] ?? requested : names.find(name => list.byId.has(name))
  if (id === undefined) return null
  const entry = list?.byId.get(id) ?? null
  return { id, entry, streams: !/^o[13]/.test(id) && (entry === null || supports(entry, 'streaming')) }
}

export function modelNotFound (requested: string, list: KnownModels | null): GatewayError {
  const near = list === null ? [] : nearest(requested, list.models.map(model => model.id))
  const hint = near.length === 0 ? '' : ` Nearest: ${near.join(', ')}.`
  return new GatewayError('model_not_found', `The model ${JSON.stringify(requested.slice(0, 128))} is not among the models of this Copilot seat.${hint} All are listed at /v1/models.`, { param: 'model' })
}

/** In the order in which they are tried. */
function candidates (name: string): string[] {
  const bare = name.replace(/^github_copilot\//, '').replace(/\[1m\]$/, '')
  return [...new Set([name, bare, claudeId(bare)])]
}

/** `claude-sonnet-4-5-20250929` → `claude-sonnet-4.5`, `claude-3-5-sonnet-latest` → `claude-3.5-sonnet`. */
function claudeId (name: string): string {
  if (!name.startsWith('claude-')) return name
  return name.replace(/-(?:20\d{6}|latest)$/, '').replace(/-(\d{1,2})-(\d{1,2})(?=-|$)/, '-$1.$2')
}

/** Without a list: the form upstream's ids have. */
function isLikely (name: string): boolean {
  return !name.includes('/') && !name.includes('[') && claudeId(name) === name
}

/** The ids that share most with what was asked, by pairs of letters. */
function nearest (requested: string, ids: readonly string[]): string[] {
  const wanted = pairs(requested)
  const scored = ids.map(id => {
    const own = pairs(id)
    const shared = [...own].filter(pair => wanted.has(pair)).length
    return { id, score: 2 * shared / (own.size + wanted.size || 1) }
  })
  return scored.filter(({ score }) => score > 0.3).sort((a, b) => b.score - a.score).slice(0, 5).map(({ id }) => id)
}

function pairs (text: string): Set<string> {
  const lower = text.slice(0, 256).toLowerCase()
  return new Set(Array.from({ length: Math.max(0, lower.length - 1) }, (_, at) => lower.slice(at, at + 2)))
}
