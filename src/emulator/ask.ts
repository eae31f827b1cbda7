// A model call in no dialect: what the emulated model can see of it, and what the answer has to follow.
import type { ModelEntry } from './model-entry.ts'
import type { Dialect, RecordedRequest, Seat } from './types.ts'

export interface OfferedTool {
  readonly name: string
  readonly schema: unknown
  /** A custom tool takes free text instead of JSON. */
  readonly custom: boolean
}

export interface SeenImage {
  readonly mediaType: string
  /** Decoded size; null for a link. */
  readonly bytes: number | null
}

export interface Ask {
  readonly request: RecordedRequest
  readonly seat: Seat
  readonly dialect: Dialect
  readonly model: ModelEntry
  readonly stream: boolean
  /** The last thing the user wrote. */
  readonly said: string
  /** How many messages or items were sent. */
  readonly turns: number
  /** Characters of the whole prompt, images left out. */
  readonly promptChars: number
  /** The results that end the conversation; empty when it ends with words. */
  readonly results: readonly string[]
  readonly images: readonly SeenImage[]
  readonly tools: readonly OfferedTool[]
  readonly toolChoice: 'auto' | 'none' | 'required' | { readonly name: string }
  readonly parallel: boolean
  /** The schema the answer must fit; `{}` for any JSON object; undefined for prose. */
  readonly schema: unknown
  /** Tokens; null: no limit given. */
  readonly maxTokens: number | null
  readonly stop: readonly string[]
  /** Whether reasoning was asked for. */
  readonly reasoning: boolean
  /** Chat: usage in a chunk of its own. */
  readonly includeUsage: boolean
  /** Responses: hand out encrypted reasoning. */
  readonly encrypted: boolean
}

/** One token for each four characters: near enough, and easy to reckon with. */
export function tokensOf (chars: number): number {
  return Math.ceil(chars / 4)
}

/** Reads a data URL; other links have a type nobody knows yet. */
export function seeImage (url: string): SeenImage {
  const data = /^data:([^;,]*)(?:;[^,]*)?,(.*)$/s.exec(url)
  return data === null ? { mediaType: 'link', bytes: null } : { mediaType: data[1] ?? '', bytes: decodedBytes(data[2] ?? '') }
}

export function decodedBytes (base64: string): number {
  return Math.floor(base64.replaceAll('=', '').length * 3 / 4)
}

export function stopsOf (value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter(stop => typeof stop === 'string' && stop !== '') as string[]
}

export function limitOf (value: unknown): number | null {
  return typeof value === 'number' ? value : null
}
