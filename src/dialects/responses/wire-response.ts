// The response object with every field that OpenAI's schema requires, whether translated or native: strict clients
// refuse an answer without them. `docs/spec/translation.md#responses-answer`.
import type { JsonObject } from '../../json.ts'
import { fields } from './wire.ts'

export interface ResponseHead {
  readonly id: string
  readonly createdAt: number
  readonly model: string
}

/** The API's defaults, for fields that neither the client nor upstream set. */
const neutral: JsonObject = {
  access_programs: null,
  background: false,
  completed_at: null,
  error: null,
  frequency_penalty: 0,
  incomplete_details: null,
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  output: [],
  parallel_tool_calls: true,
  presence_penalty: 0,
  previous_response_id: null,
  prompt_cache_key: null,
  reasoning: null,
  safety_identifier: null,
  service_tier: 'default',
  store: false,
  temperature: 1,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  top_logprobs: 0,
  top_p: 1,
  truncation: 'disabled',
  usage: null,
}

/** Adds the missing fields. Where the schema does not allow null, null counts as missing. */
export function completeResponse (response: JsonObject): JsonObject {
  const missing = Object.entries(neutral).filter(([name, value]) =>
    response[name] === undefined || (response[name] === null && value !== null)
  )
  return missing.length === 0 ? response : { ...response, ...Object.fromEntries(missing) }
}

/** The fields that do not change while the answer grows. */
export function createEcho (body: JsonObject, { id, createdAt, model }: ResponseHead): JsonObject {
  return completeResponse({
    id,
    object: 'response',
    created_at: createdAt,
    model,
    ...given(body, echoed),
    reasoning: { effort: null, summary: null, ...fields(body['reasoning']) },
    text: { format: { type: 'text' }, ...withGivenFormat(fields(body['text'])) },
  })
}

const echoed = ['frequency_penalty', 'instructions', 'max_output_tokens', 'max_tool_calls', 'metadata',
  'parallel_tool_calls', 'presence_penalty', 'prompt_cache_key', 'safety_identifier', 'temperature', 'tool_choice',
  'tools', 'top_logprobs', 'top_p', 'truncation', 'user']

/** Keeps an id in this dialect's form; of another id, its letters and digits. @param fallback if nothing is left */
export function toResponseId (id: string, fallback: () => string): string {
  if (/^resp_[A-Za-z0-9_-]{1,256}$/.test(id)) return id
  const rest = id.replace(/^(?:resp|msg|chatcmpl|gen)[_-]/, '').replaceAll(/[^A-Za-z0-9]/g, '').slice(0, 64)
  return `resp_${rest === '' ? fallback() : rest}`
}

function given (body: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.filter(name => body[name] !== undefined && body[name] !== null).map(name => [name, body[name]]),
  )
}

function withGivenFormat ({ format, ...rest }: JsonObject): JsonObject {
  return format === undefined || format === null ? rest : { ...rest, format }
}
