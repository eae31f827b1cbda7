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

/** Of a requested name: as many letters as are compared with the ids of the seat. */
const longestCompared = 256

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

/** The ids that share the most words and numbers, and the most pairs of letters, with the requested name. */
function nearest (requested: string, ids: readonly string[]): string[] {
  const wanted = requested.slice(0, longestCompared).toLowerCase()
  const scored = ids.map(id => ({ id, score: shared(words(wanted), words(id)) + shared(pairs(wanted), pairs(id)) }))
  return scored.filter(({ score }) => score > 0.6).sort((a, b) => b.score - a.score).slice(0, 5).map(({ id }) => id)
}

/** From 0 to 1 (Dice's coefficient). */
function shared (a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  return 2 * a.intersection(b).size / (a.size + b.size || 1)
}

/** Of `gpt5-mini`: `gpt`, `5` and `mini`. A version with a point is one word, because it names another model. */
function words (name: string): Set<string> {
  return new Set(name.match(/[a-z]+|\d+(?:\.\d+)*/g))
}

function pairs (name: string): Set<string> {
  const letters = name.replaceAll(/[^a-z\d]/g, '')
  return new Set(Array.from({ length: Math.max(0, letters.length - 1) }, (_, at) => letters.slice(at, at + 2)))
}
