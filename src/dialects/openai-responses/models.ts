// What an id tells of a model on this endpoint, where its entry says nothing.
import type { Target } from '../dialect.ts'

/** Refuses a temperature, and takes `reasoning`. */
export function isReasoningModel ({ id, efforts }: Pick<Target, 'id' | 'efforts'>): boolean {
  return efforts.length > 0 || /^(?:o\d|gpt-(?:[5-9]|\d\d))/.test(id)
}

/** Tells remarks made while it works from its final words. From gpt-5.3-codex on. */
export function knowsPhases (id: string): boolean {
  const [, major, minor = '0'] = /^gpt-(\d+)(?:\.(\d+))?/.exec(id) ?? []
  return major !== undefined && (Number(major) > 5 || (major === '5' && Number(minor) >= 3))
}

/** `text.verbosity` came with GPT-5. */
export function knowsVerbosity (id: string): boolean {
  return /^gpt-(?:[5-9]|\d\d)/.test(id)
}
