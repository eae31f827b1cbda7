// The response itself, as this proxy says it: what the client asked for, echoed with the API's defaults for what it left
// out. `translation.md` 1.2.4.
import type { JsonObject } from '../../json.ts'
import { fields } from './wire.ts'

export interface ResponseHead { readonly id: string, readonly createdAt: number, readonly model: string }

/** Everything that does not change while the answer grows. */
export function createEcho (body: JsonObject, { id, createdAt, model }: ResponseHead): JsonObject {
  const or = (field: string, otherwise: unknown) => body[field] ?? otherwise
  return {
    id,
    object: 'response',
    created_at: createdAt,
    background: false,
    instructions: or('instructions', null),
    max_output_tokens: or('max_output_tokens', null),
    max_tool_calls: or('max_tool_calls', null),
    metadata: or('metadata', {}),
    model,
    parallel_tool_calls: or('parallel_tool_calls', true),
    previous_response_id: null,
    ...given(body, ['prompt_cache_key', 'safety_identifier']),
    reasoning: { effort: null, summary: null, ...fields(body['reasoning']) },
    store: false,
    temperature: or('temperature', 1),
    text: { format: { type: 'text' }, ...withGivenFormat(fields(body['text'])) },
    tool_choice: or('tool_choice', 'auto'),
    tools: or('tools', []),
    top_p: or('top_p', 1),
    truncation: or('truncation', 'disabled'),
    user: or('user', null),
  }
}

/** Keeps an id of this dialect's form; of another's, its letters and digits. @param fallback when nothing is left */
export function toResponseId (id: string, fallback: () => string): string {
  if (/^resp_[A-Za-z0-9_-]{1,256}$/.test(id)) return id
  const rest = id.replace(/^(?:resp|msg|chatcmpl|gen)[_-]/, '').replaceAll(/[^A-Za-z0-9]/g, '').slice(0, 64)
  return `resp_${rest === '' ? fallback() : rest}`
}

function given (body: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.filter(name => body[name] !== undefined && body[name] !== null).map(name => [name, body[name]]))
}

function withGivenFormat ({ format, ...rest }: JsonObject): JsonObject {
  return format === undefined || format === null ? rest : { ...rest, format }
}
