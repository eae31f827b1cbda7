// Names of models: Copilot's id for a model, and the last resort for finding one, by a family name or by an id with a
// date that the seat lacks. `docs/spec/interface.md#model-names`.
import { autoId, isAutoOnly } from '../auto-model.ts'
import { isObject } from '../json.ts'
import type { KnownModels, Model } from '../model-entry.ts'

/** The default of the original project. */
export const defaultModel = 'gpt-4o'

/** The model of a request that names none: the default, and where the seat lacks it, the seat's own. */
export function defaultModelOf (list: KnownModels | null, aliases: ReadonlyMap<string, string>): string {
  if (list === null || aliases.has(defaultModel)) return defaultModel
  if (isAutoOnly(list)) return autoId
  if (list.byId.has(defaultModel)) return defaultModel
  const usable = list.models.filter(model =>
    chats(model) && isAllowed(model) && model['model_picker_enabled'] !== false
  )
  return (usable.find(model => model['is_chat_default'] === true) ?? usable[0])?.id ?? defaultModel
}

/** `claude-sonnet-4-5-20250929` → `claude-sonnet-4.5`, `claude-3-5-sonnet-latest` → `claude-3.5-sonnet`. */
export function claudeId (name: string): string {
  if (!name.startsWith('claude-')) return name
  return name.replace(/-(?:20\d{6}|latest)$/, '').replace(/-(\d{1,2})-(\d{1,2})(?=-|$)/, '-$1.$2')
}

/** Google's clients name its newest models, which a seat may lack: another model of the kind answers. */
const googleKinds = [{ form: /^gemini-.*flash-lite/, family: /^gemini-[\d.]+-flash/, plain: /-flash-lite/ }, {
  form: /^gemini-.*flash/,
  family: /^gemini-[\d.]+-flash/,
  plain: /-flash(?!-lite)/,
}, { form: /^gemini-.*pro/, family: /^gemini-[\d.]+-pro/, plain: /-pro/ }]

const claudeFamilies = ['sonnet', 'opus', 'haiku']
/** A day, a month, or the day alone, as vendors append them to an id. */
const date = /(?:-preview)?-(?:\d{4}-\d\d-\d\d|20\d{6}|\d\d-\d{4}|\d\d-\d\d|\d{4}|latest)$/

/**
 * `sonnet` → the newest Sonnet of the seat; `gpt-4o-2030-01-01` → `gpt-4o`; `claude-opus-4-1-20250805` → the newest
 * Opus.
 * @param asked without prefix or suffix
 */
export function lastResort (asked: string, list: KnownModels): string | null {
  if (claudeFamilies.includes(asked)) return newestOf(list, claudeOf(asked), plainClaude)
  if (asked === 'gpt') return newestOf(list, /^gpt-\d/, /^gpt-[\d.]+o?$/)
  if (asked === 'gemini') return newestOf(list, /^gemini-\d/, /^gemini-[\d.]+-pro(?:-preview)?$/)
  const undated = asked.replace(date, '')
  if (list.byId.has(undated)) return undated
  const kind = googleKinds.find(({ form }) => form.test(asked))
  if (kind !== undefined) {
    return newestOf(list, kind.family, kind.plain) ?? newestOf(list, /^gemini-\d/, kind.plain)
  }
  if (undated === asked) return null
  const family = /^claude-(?:[\d.-]+-)?([a-z]+)/.exec(undated)?.[1]
  return family === undefined ? null : newestOf(list, claudeOf(family), plainClaude)
}

/** Matches `claude-sonnet-4.5` and the older form `claude-3.5-sonnet`. */
function claudeOf (family: string): RegExp {
  return new RegExp(`^claude-(?:[\\d.]+-)?${family}(?:-|$)`)
}
const plainClaude = /^claude-(?:[a-z]+-[\d.]+|[\d.]+-[a-z]+)$/

/** The main line first, then by version; among equals, upstream's order decides. Unusable models come last. */
function newestOf ({ models }: KnownModels, family: RegExp, plain: RegExp): string | null {
  const ranked = models.filter(model => family.test(model.id) && chats(model)).map(model => ({
    id: model.id,
    rank: (isAllowed(model) ? 4 : 0) + (model['model_picker_enabled'] === false ? 0 : 2)
      + (plain.test(model.id) ? 1 : 0),
    version: (/\d+(?:\.\d+)*/.exec(model.id)?.[0] ?? '').split('.').map(Number),
  }))
  return ranked.sort((a, b) => b.rank - a.rank || compareVersions(b.version, a.version))[0]?.id ?? null
}

function chats ({ capabilities: { type } }: Model): boolean {
  return type === undefined || type === 'chat'
}

function isAllowed ({ policy }: Model): boolean {
  return !isObject(policy) || policy['state'] === undefined || policy['state'] === 'enabled'
}

function compareVersions (a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
