// Shared by the tests of this dialect: a ledger, the encoder's options, and readers of what was written.
import type { GenerateContentResponse, Part as GooglePart } from '@google/genai'
import { googleGemini, googleGeminiArray } from '../../../src/dialects/gemini/index.ts'
import type { EncodeOptions } from '../../../src/dialects/contract/dialect.ts'
import { createLedger, type Ledger } from '../../../src/dialects/contract/ledger.ts'
import type { Part } from '../../../src/dialects/contract/part.ts'
import type { Prompt } from '../../../src/dialects/contract/prompt.ts'
import { collectAnswer } from '../../../src/relay/collect.ts'
import type { JsonObject } from '../../../src/json.ts'

export const dialect = googleGemini

export function newLedger (strict = false): Ledger {
  return createLedger({ strict, model: 'm', upstream: 'test' })
}

export function decode (body: JsonObject, ledger = newLedger()): Prompt {
  return dialect.decodeRequest({ model: 'm', ...body }, ledger)
}

/** Of a request with these contents alone. */
export function turnsOf (...contents: JsonObject[]): Prompt['turns'] {
  return decode({ contents }).turns
}

export function options (body: JsonObject = {}): EncodeOptions {
  const prompt = decode({ contents: [{ parts: [{ text: 'hi' }] }], ...body })
  let ids = 0
  return { prompt, facts: dialect.inspect({ model: 'm', contents: [{}] }), model: 'm', inputEstimate: 1, now: () => 0,
    newId: () => `id${++ids}` }
}

export const thinking = { generationConfig: { thinkingConfig: { includeThoughts: true } } }

export function stream (parts: readonly Part[], given = options()): GenerateContentResponse[] {
  const encoder = dialect.createEncoder(given)
  const text = parts.map(part => encoder.push(part)).join('') + encoder.end()
  return text.split('\r\n\r\n').slice(0, -1).map(event => JSON.parse(event.slice('data: '.length)))
}

export function array (parts: readonly Part[], given = options()): GenerateContentResponse[] {
  const encoder = googleGeminiArray.createEncoder(given)
  return JSON.parse(parts.map(part => encoder.push(part)).join('') + encoder.end())
}

export function whole (parts: readonly Part[], given = options()): GenerateContentResponse {
  return dialect.encodeAnswer(collectAnswer([...parts]), given) as never
}

export const partsOf = (responses: readonly GenerateContentResponse[]): GooglePart[] =>
  responses.flatMap(response => response.candidates?.[0]?.content?.parts ?? [])

export const head: Part = { type: 'message-start', id: 'r1', model: 'up', created: null }
export const usage: Part = { type: 'usage',
  usage: { input: 90, cacheRead: 80, cacheWrite: 0, output: 10, reasoning: 6, nanoCredits: 0 } }
export const ends = (
  reason: Extract<Part, { type: 'message-end' }>['reason'],
  explanation: string | null = null,
): Part => ({
  type: 'message-end',
  reason,
  stopSequence: null,
  explanation,
})
export const says = (
  block: number,
  ...pieces: string[]
): Part[] => [{ type: 'text-start', block, apart: false },
  ...pieces.map((text): Part => ({ type: 'text-delta', block, text })), { type: 'block-end', block }]
export const calls = (
  block: number,
  name: string,
  ...pieces: string[]
): Part[] => [{ type: 'tool-call-start', block, callId: `c${block}`, name, namespace: null, kind: 'function',
  builtin: null }, ...pieces.map((text): Part => ({ type: 'tool-call-delta', block, text })), { type: 'block-end',
  block }]
export const thinks = (
  block: number,
  text: string,
  state: string | null,
): Part[] => [{ type: 'reasoning-start', block },
  ...(text === '' ? [] : [{ type: 'reasoning-delta', block, text } as const]), { type: 'block-end', block,
  carrier: state === null ? null : { kind: 'r', item: { state }, model: 'up' } }]
