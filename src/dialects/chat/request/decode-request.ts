// Decodes a Chat request into a prompt, for models that upstream serves only in another dialect.
// `docs/translation.md#chat-completions-client`.
import { isObject, type JsonObject } from '../../../json.ts'
import { atOnce, type Steps } from '../../../steps.ts'
import { isEffort } from '../../shared/effort.ts'
import type { Ledger } from '../../contract/ledger.ts'
import type { OutputFormat, Prompt } from '../../contract/prompt.ts'
import { decodeMessages } from './decode-messages.ts'
import { decodeTools } from './decode-tools.ts'
import { decodeWebTools } from './decode-web-tools.ts'
import { invalid, readFlag, readList, readNumber, readObject, readText, token } from './decode-fields.ts'

/** Fields that `decodeRequest` carries or refuses, and those that do not affect the answer. */
const known = new Set(['model', 'messages', 'max_completion_tokens', 'max_tokens', 'temperature', 'top_p', 'top_k',
  'stop', 'n', 'logit_bias', 'logprobs', 'top_logprobs', 'tools', 'tool_choice', 'parallel_tool_calls', 'functions',
  'function_call', 'response_format', 'reasoning_effort', 'thinking_budget', 'verbosity', 'modalities', 'audio', 'user',
  'safety_identifier', 'prompt_cache_key', 'service_tier', 'stream', 'stream_options', 'web_search_options'])

/**
 * @throws {GatewayError} `invalid_request` for anything that is no Chat request, `unsupported_parameter` for what no
 * other
 *   dialect can carry
 */
export function decodeRequest (body: JsonObject, ledger: Ledger): Prompt {
  return atOnce(decodeInSteps(body, ledger))
}

export function* decodeInSteps (body: JsonObject, ledger: Ledger): Steps<Prompt> {
  refuseUncarried(body, ledger)
  noteLost(body, ledger)
  const budget = readNumber(body, 'thinking_budget')
  const messages = yield* decodeMessages(readList(body, 'messages'), ledger)
  yield
  return {
    model: readText(body, 'model') ?? '',
    ...messages,
    webTools: decodeWebTools(body),
    ...decodeTools(body, ledger),
    maxTokens: readNumber(body, 'max_completion_tokens') ?? readNumber(body, 'max_tokens'),
    temperature: readNumber(body, 'temperature'),
    topP: readNumber(body, 'top_p'),
    topK: readNumber(body, 'top_k'),
    stop: readStop(body['stop']),
    effort: readWord(body, 'reasoning_effort', isEffort),
    thinkingBudget: budget,
    thinking: budget === null ? null : 'on',
    showReasoning: true,
    format: readFormat(body['response_format'] ?? null),
    verbosity: readWord(body, 'verbosity', isVerbosity),
    topLogprobs: readFlag(body, 'logprobs') === true ? readNumber(body, 'top_logprobs') ?? 0 : null,
    user: readText(body, 'safety_identifier') ?? readText(body, 'user'),
    cacheKey: readText(body, 'prompt_cache_key'),
    serviceTier: nullIf(readText(body, 'service_tier'), 'auto'),
    stream: readFlag(body, 'stream') === true,
    body,
  }
}

/** Refuses fields that the caller relies on. */
function refuseUncarried (body: JsonObject, ledger: Ledger): void {
  const n = readNumber(body, 'n') ?? 1
  if (n > 1) ledger.refuse('n', 'more than one choice')
  if (isObject(body['logit_bias']) && Object.keys(body['logit_bias']).length > 0) {
    ledger.refuse('logit_bias', 'logit_bias')
  }
  if (readList(body, 'modalities').includes('audio')) ledger.refuse('modalities', 'audio output')
  if (isObject(body['audio'])) ledger.refuse('audio', 'audio output')
}

function noteLost (body: JsonObject, ledger: Ledger): void {
  for (const [name, value] of Object.entries(body)) {
    const isDefault = value === null || value === undefined
      || ((name === 'frequency_penalty' || name === 'presence_penalty') && value === 0)
      || (name === 'store' && value === false)
      || (name === 'metadata' && isObject(value) && Object.keys(value).length === 0)
    if (!known.has(name) && !isDefault) ledger.lose(token(name))
  }
}

function readStop (stop: unknown): readonly string[] {
  const all = Array.isArray(stop) ? stop : stop === null || stop === undefined ? [] : [stop]
  if (!all.every(each => typeof each === 'string')) throw invalid('stop', 'a string or an array of strings')
  return all.filter(each => each !== '')
}

function readFormat (format: unknown): OutputFormat | null {
  if (format === null) return null
  const { type, json_schema: given } = readObject(format, 'response_format')
  switch (type) {
    case 'text':
      return null
    case 'json_object':
      return { type: 'json' }
    case 'json_schema': {
      const { name, description, schema, strict } = readObject(given, 'response_format.json_schema')
      return {
        type: 'schema',
        name: typeof name === 'string' ? name : null,
        description: typeof description === 'string' ? description : null,
        schema: isObject(schema) ? schema : { type: 'object' },
        strict: typeof strict === 'boolean' ? strict : null,
      }
    }
    default:
      throw invalid('response_format.type', '"text", "json_object" or "json_schema"')
  }
}

function readWord<T> (body: JsonObject, name: string, isKnown: (value: unknown) => value is T): T | null {
  const value = body[name] ?? null
  if (value === null) return null
  if (!isKnown(value)) throw invalid(name, 'one of the words that are documented for it')
  return value
}

function isVerbosity (value: unknown): value is 'low' | 'medium' | 'high' {
  return value === 'low' || value === 'medium' || value === 'high'
}

function nullIf (value: string | null, usual: string): string | null {
  return value === usual ? null : value
}
