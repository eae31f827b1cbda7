// Decodes `generationConfig`: sampling, thinking and the form of the answer. `docs/spec/gemini.md#settings`.
import { isObject, type JsonObject } from '../../../json.ts'
import type { Ledger } from '../../contract/ledger.ts'
import type { Effort, OutputFormat, Prompt } from '../../contract/prompt.ts'
import { effortOfBudget } from '../../shared/effort.ts'
import { camelOf, fieldsOf, given, mustBe, list, numberOf, objectsOf, text } from '../wire.ts'
import { toJsonSchema } from './decode-schema.ts'

type Settings = Pick<Prompt,
  'maxTokens' | 'temperature' | 'topP' | 'topK' | 'stop' | 'format' | 'topLogprobs' | 'thinking' | 'thinkingBudget'
    | 'effort' | 'showReasoning'>

/** Fields that this file reads. */
const known = new Set(['temperature', 'topP', 'topK', 'maxOutputTokens', 'stopSequences', 'responseMimeType',
  'responseSchema', 'responseJsonSchema', 'candidateCount', 'responseLogprobs', 'logprobs', 'thinkingConfig',
  'responseModalities', 'speechConfig', 'imageConfig', 'mediaResolution'])

/** @throws {GatewayError} */
export function decodeSettings (body: JsonObject, ledger: Ledger): Settings {
  const config = fieldsOf(body, 'generationConfig')
  refuseOthers(config, ledger)
  return {
    maxTokens: numberOf(config, 'maxOutputTokens'),
    temperature: numberOf(config, 'temperature'),
    topP: numberOf(config, 'topP'),
    topK: numberOf(config, 'topK'),
    stop: list(given(config, 'stopSequences')).filter(stop => typeof stop === 'string' && stop !== '') as string[],
    format: decodeFormat(config, ledger),
    topLogprobs: given(config, 'responseLogprobs') === true ? numberOf(config, 'logprobs') ?? 0 : null,
    ...decodeThinking(config),
  }
}

/** The detail of images that the client asks for. */
export function detailOf (body: JsonObject): string | null {
  switch (text(given(fieldsOf(body, 'generationConfig'), 'mediaResolution')).replace('MEDIA_RESOLUTION_', '')) {
    case 'LOW':
      return 'low'
    case 'MEDIUM':
      return 'auto'
    case 'HIGH':
      return 'high'
    default:
      return null
  }
}

function refuseOthers (config: JsonObject, ledger: Ledger): void {
  if ((numberOf(config, 'candidateCount') ?? 1) !== 1) {
    ledger.refuse('generationConfig.candidateCount', 'More than one candidate')
  }
  const others = list(given(config, 'responseModalities')).filter(kind => text(kind).toUpperCase() !== 'TEXT')
  if (others.length > 0) ledger.refuse('generationConfig.responseModalities', 'An answer of images or sound')
  for (const name of ['speechConfig', 'imageConfig']) {
    if (given(config, name) !== undefined) ledger.refuse(`generationConfig.${name}`, 'An answer of images or sound')
  }
  for (const [name, value] of Object.entries(config)) {
    if (value !== null && !known.has(camelOf(name))) ledger.lose(`generationConfig.${camelOf(name)}`)
  }
}

function decodeFormat (config: JsonObject, ledger: Ledger): OutputFormat | null {
  const [mime, schema, json] = [text(given(config, 'responseMimeType')), given(config, 'responseSchema'),
    given(config, 'responseJsonSchema')]
  if (schema !== undefined && json !== undefined) {
    throw mustBe('generationConfig', 'with one of responseSchema and responseJsonSchema')
  }
  if (mime === 'text/x.enum') ledger.refuse('generationConfig.responseMimeType', 'An answer of the type text/x.enum')
  const own = json ?? schema
  if (isObject(own)) {
    return { type: 'schema', name: null, description: null, schema: toJsonSchema(own), strict: null }
  }
  return mime === 'application/json' ? { type: 'json' } : null
}

const levels: ReadonlyMap<string, Effort> = new Map([['MINIMAL', 'minimal'], ['LOW', 'low'], ['MEDIUM', 'medium'], [
  'HIGH',
  'high',
]])

/** A level wins over a budget. */
function decodeThinking (
  config: JsonObject,
): Pick<Settings, 'thinking' | 'thinkingBudget' | 'effort' | 'showReasoning'> {
  const thinking = objectsOf(given(config, 'thinkingConfig'))[0] ?? {}
  const showReasoning = given(thinking, 'includeThoughts') === true
  const level = levels.get(text(given(thinking, 'thinkingLevel')).toUpperCase())
  if (level !== undefined) return { thinking: 'adaptive', thinkingBudget: null, effort: level, showReasoning }
  const budget = numberOf(thinking, 'thinkingBudget')
  if (budget === 0) return { thinking: 'off', thinkingBudget: null, effort: 'none', showReasoning: false }
  if (budget !== null && budget > 0) {
    return { thinking: 'on', thinkingBudget: budget, effort: effortOfBudget(budget), showReasoning }
  }
  // Google's models think by themselves, so a client that asks for their thoughts expects them of any other model.
  return { thinking: budget === -1 || showReasoning ? 'adaptive' : null, thinkingBudget: null, effort: null,
    showReasoning }
}
