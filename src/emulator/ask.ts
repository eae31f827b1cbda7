// A model call in the canonical form: the parts that the emulated model reads, and the limits of its answer.
import { parseJson } from './json.ts'
import type { ModelEntry } from './model-entry.ts'
import type { OfferedSearch } from './web.ts'
import type { Backend, Dialect, RecordedRequest, Seat } from './types.ts'

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

/** The result of reading a request in its dialect. */
export interface Reading {
  readonly request: RecordedRequest
  readonly seat: Seat
  readonly dialect: Dialect
  readonly model: ModelEntry
  readonly stream: boolean
  /** The user's last message. */
  readonly userText: string
  /** The number of messages or items. */
  readonly turns: number
  /** Characters of the whole prompt without images. */
  readonly promptChars: number
  /** The tool results at the end of the conversation; empty if it ends with text. */
  readonly results: readonly string[]
  readonly images: readonly SeenImage[]
  readonly tools: readonly OfferedTool[]
  /** Responses: the web search that Copilot runs; null without one. */
  readonly search: OfferedSearch | null
  readonly toolChoice: 'auto' | 'none' | 'required' | { readonly name: string }
  readonly parallel: boolean
  /** The schema that the answer must fit: `{}` for any JSON object, undefined for prose. */
  readonly schema: unknown
  /** In tokens; null without a limit. */
  readonly maxTokens: number | null
  readonly stop: readonly string[]
  /** Whether the request asks for reasoning. */
  readonly reasoning: boolean
  /** Chat: usage in its own chunk. */
  readonly includeUsage: boolean
  /** Responses: send encrypted reasoning. */
  readonly encrypted: boolean
}

export interface Ask extends Reading {
  readonly backend: Backend
  /** The share of the prompt that is in Copilot's cache, from 0 to 1. */
  readonly cachedShare: number
}

/** One token for every four characters: accurate enough, and easy to calculate. */
export function tokensOf (chars: number): number {
  return Math.ceil(chars / 4)
}

/** Reads a data URL. The type of any other link is unknown. */
export function seeImage (url: string): SeenImage {
  const data = /^data:([^;,]*)(?:;[^,]*)?,(.*)$/s.exec(url)
  return data === null
    ? { mediaType: 'link', bytes: null }
    : { mediaType: data[1] ?? '', bytes: decodedBytes(data[2] ?? '') }
}

export function decodedBytes (base64: string): number {
  return Math.floor(base64.replaceAll('=', '').length * 3 / 4)
}

/**
 * The schema that instructions ask for in words, on the line after `JSON schema:`. Models without structured outputs
 * follow them too.
 * @returns undefined without one
 */
export function schemaInWords (instructions: string): unknown {
  const [, line] = /\bJSON schema:\s*(\{.*)/i.exec(instructions) ?? []
  return line === undefined ? undefined : parseJson(line)
}

export function stopsOf (value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter(stop => typeof stop === 'string' && stop !== '') as string[]
}

export function limitOf (value: unknown): number | null {
  return typeof value === 'number' ? value : null
}
