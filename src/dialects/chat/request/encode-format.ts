// Encodes the form that the answer must have. `docs/spec/translation.md#output-format`.
import type { OutputFormat } from '../../contract/prompt.ts'
import { isStrictSchema } from '../../shared/strict-schema.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { ChatRequest } from '../wire.ts'

type Format = NonNullable<ChatRequest['response_format']>
type JsonSchema = Extract<Format, { type: 'json_schema' }>['json_schema']

export function encodeFormat (format: OutputFormat | null): Format | undefined {
  if (format === null) return undefined
  if (format.type === 'json') return { type: 'json_object' }
  const { name, description, schema, strict } = format
  const { $schema: _dialect, ...rest } = schema
  return { type: 'json_schema',
    json_schema: omitUndefined<JsonSchema>({ name: name ?? 'output', description: description ?? undefined,
      schema: rest, strict: strict ?? isStrictSchema(schema) }) }
}
