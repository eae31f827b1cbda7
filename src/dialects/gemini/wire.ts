// Google's API on the wire: readers that trust no input, and the types of what encoders write: the vendor's own.
// Requests are protobuf's JSON: a field may be spelt in camelCase or in snake_case, and null means absent.
// `docs/spec/gemini.md#parts`.
import type { Candidate, Content, FinishReason, FunctionCall, GenerateContentResponseUsageMetadata,
  Part } from '@google/genai'
import { GatewayError } from '../../errors.ts'
import { isObject, type JsonObject } from '../../json.ts'

export { list, text } from '../../json.ts'

type Replace<T, More> = Omit<T, keyof More> & More

export type GeminiPart = Replace<Pick<Part, 'text' | 'thought' | 'thoughtSignature'>, { functionCall?: GeminiCall }>
export type GeminiCall = Pick<FunctionCall, 'id' | 'name'> & { args: JsonObject }
export type GeminiUsage = Pick<GenerateContentResponseUsageMetadata,
  'promptTokenCount' | 'cachedContentTokenCount' | 'candidatesTokenCount' | 'thoughtsTokenCount' | 'totalTokenCount'>
/** Each content says who speaks: the vendor's chats drop a whole turn if one does not. */
export type GeminiCandidate = Replace<Pick<Candidate, 'index' | 'finishMessage' | 'groundingMetadata'>, {
  content: Replace<Content, { role: 'model', parts: GeminiPart[] }>,
  finishReason?: `${FinishReason}`,
  /** The tokens and their numbers are upstream's. */
  logprobsResult?: { topCandidates: JsonObject[], chosenCandidates: JsonObject[] },
}>
export interface GeminiAnswer {
  candidates: GeminiCandidate[]
  usageMetadata?: GeminiUsage
  modelVersion: string
  responseId: string
}

const snakes = new Map<string, string>()

function snakeOf (name: string): string {
  const known = snakes.get(name)
  if (known !== undefined) return known
  const made = name.replaceAll(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
  snakes.set(name, made)
  return made
}

/** Reads a field in camelCase or in snake_case; null counts as absent. @param name in camelCase, never the client's */
export function given (object: JsonObject, name: string): unknown {
  return object[name] ?? object[snakeOf(name)] ?? undefined
}

/** The object in a field; empty for anything else. */
export function fieldsOf (object: JsonObject, name: string): JsonObject {
  const value = given(object, name)
  return isObject(value) ? value : {}
}

/** A field's name in camelCase. */
export function camelOf (name: string): string {
  return name.replaceAll(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase())
}

/** One object counts as a list of it, as the vendor's REST samples write it. */
export function objectsOf (value: unknown): readonly JsonObject[] {
  return isObject(value) ? [value] : Array.isArray(value) ? value.filter(isObject) : []
}

export function partsOf (content: JsonObject): readonly JsonObject[] {
  return objectsOf(content['parts'])
}

/** @throws {GatewayError} */
export function numberOf (object: JsonObject, name: string): number | null {
  const value = given(object, name) ?? null
  // 64-bit numbers come as strings.
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (number === null || (typeof number === 'number' && Number.isFinite(number))) return number
  throw mustBe(`generationConfig.${name}`, 'a number')
}

export function mustBe (param: string, wanted: string): GatewayError {
  return new GatewayError('invalid_request', `\`${param}\` must be ${wanted}.`, { param })
}
