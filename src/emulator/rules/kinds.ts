// The models that a rule applies to: by vendor, by family, by version.
import { isReasoning, styleOf } from '../model-entry.ts'
import type { ModelEntry } from '../model-entry.ts'

export const isClaude = (model: ModelEntry): boolean => styleOf(model) === 'claude'
export const isGemini = (model: ModelEntry): boolean => styleOf(model) === 'gemini'
export const isOpenAi = ({ vendor }: ModelEntry): boolean => vendor === 'OpenAI' || vendor === 'Azure OpenAI'
export const isOpenAiReasoning = (model: ModelEntry): boolean => isOpenAi(model) && isReasoning(model)
/** The families whose tuples VS Code's normaliser rewrites. */
export const isOldGptOrClaude = (model: ModelEntry): boolean =>
  /^(?:gpt-4|o4)/.test(model.capabilities.family) || isClaude(model)

/** `claude-opus-4.7` is opus, 4.7; `claude-3.5-sonnet` is sonnet, 3.5. */
export function claudeVersion ({ id }: ModelEntry): { family: string, version: number } | null {
  const newer = /^claude-([a-z]+)-(\d+(?:\.\d+)?)/.exec(id)
  if (newer !== null) return { family: newer[1] ?? '', version: Number(newer[2]) }
  const older = /^claude-(\d+(?:\.\d+)?)-([a-z]+)/.exec(id)
  return older === null ? null : { family: older[2] ?? '', version: Number(older[1]) }
}

export function claudeFrom (least: number): (model: ModelEntry) => boolean {
  return model => isClaude(model) && (claudeVersion(model)?.version ?? 0) >= least
}

/** Claude models that only think adaptively: from 4.7 on, they refuse `thinking.type.enabled`. */
export const isAdaptiveOnly = claudeFrom(4.7)

/** Opus 4.8, Opus 5 and Sonnet 5 accept `role: "system"` inside the messages. */
export const takesInlineSystem = claudeFrom(4.8)

/** Opus from 4.6 on accepts `cache_control` at the top of the request. */
export function takesTopCache (model: ModelEntry): boolean {
  const found = claudeVersion(model)
  return found?.family === 'opus' && found.version >= 4.6
}

/** By the entry, otherwise by name: Haiku 4.5, and every Sonnet 4 and Opus 4 without the long context. */
export function managesContext (model: ModelEntry): boolean {
  const { context_editing: listed } = model.capabilities.supports
  return listed ?? (/^claude-(?:haiku-4\.5|sonnet-4|opus-4)/.test(model.id) && !model.id.endsWith('-1m'))
}
