// The form that an answer must have. `translation.md` 2.7.
import type { JsonObject } from '../../json.ts'
import type { Target } from '../dialect.ts'
import type { Ledger } from '../ledger.ts'
import type { OutputFormat } from '../prompt.ts'
import { isStrictSchema } from '../strict-schema.ts'
import { isForeign } from './model-rules.ts'
import { said } from './read.ts'

const jsonOnly = 'Respond with a single valid JSON object and nothing else.'

/** @returns `instruction`: what the model must be told in words, where upstream does not see to it */
export function encodeFormat (format: OutputFormat | null, target: Target, ledger: Ledger): { format: JsonObject | undefined, instruction: string | null } {
  if (format === null) return { format: undefined, instruction: null }
  if (format.type === 'json') return target.family === 'claude' ? { format: undefined, instruction: jsonOnly } : { format: { type: 'json_object' }, instruction: null }
  const { name, description, schema, strict } = format
  if (isForeign(target) && !target.supports.structuredOutputs) {
    ledger.lose('response_format')
    return { format: undefined, instruction: `${jsonOnly} It must match this JSON schema:\n${JSON.stringify(schema)}` }
  }
  const { $schema: _dialect, ...rest } = schema
  return {
    format: { type: 'json_schema', json_schema: said({ name: name ?? 'output', description: description ?? undefined, schema: rest, strict: strict ?? isStrictSchema(schema) }) },
    instruction: null,
  }
}
