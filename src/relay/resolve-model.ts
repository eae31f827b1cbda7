// Resolves the client's name of a model to upstream's id: by aliases, the exact id, without a prefix or suffix, by
// Claude's dashes and dates, and finally the newest of a family. `docs/spec/interface.md#model-names`.
import { autoEntry, autoId } from '../auto-model.ts'
import { GatewayError } from '../errors.ts'
import type { KnownModels, Model } from '../model-entry.ts'
import { takesStreams } from '../rules/model-facts.ts'
import { claudeId, lastResort } from '../rules/model-names.ts'

export interface ResolvedModel {
  readonly id: string
  /** Null while no list is known: then rules by id apply. */
  readonly entry: Model | null
  readonly streams: boolean
}

/** Null if the list is known and does not contain the model. */
export function resolveModel (
  requested: string,
  list: KnownModels | null,
  aliases: ReadonlyMap<string, string>,
): ResolvedModel | null {
  const wanted = aliases.get(requested) ?? requested
  if (bareName(wanted) === autoId) {
    const entry = list === null ? null : list.byId.get(autoId) ?? autoEntry(list)
    return { id: autoId, entry, streams: true }
  }
  const names = list?.byId.has(wanted) === true ? [wanted] : candidates(wanted)
  const id = list === null
    ? names.find(isLikely) ?? names[0] ?? requested
    : names.find(name => list.byId.has(name)) ?? lastResort(bareName(wanted), list)
  if (id === null) return null
  const entry = list?.byId.get(id) ?? null
  return { id, entry, streams: takesStreams({ id, entry }) }
}

export function modelNotFound (requested: string, list: KnownModels | null): GatewayError {
  const near = list === null ? [] : nearest(requested, list.models.map(model => model.id))
  const hint = near.length === 0 ? '' : ` Nearest: ${near.join(', ')}.`
  return new GatewayError('model_not_found',
    `The model ${
      JSON.stringify(requested.slice(0, 128))
    } is not among the models of this Copilot seat.${hint} All are listed at /v1/models.`, { param: 'model' })
}

/** In the order of trial. */
function candidates (name: string): string[] {
  const bare = bareName(name)
  return [...new Set([name, bare, claudeId(bare)])]
}

function bareName (name: string): string {
  return name.replace(/^github_copilot\//, '').replace(/\[1m\]$/, '')
}

/** Without a list: whether the name has the form of upstream's ids. */
function isLikely (name: string): boolean {
  return !name.includes('/') && !name.includes('[') && claudeId(name) === name
}

/** The ids that share the most pairs of letters with the requested name. */
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
