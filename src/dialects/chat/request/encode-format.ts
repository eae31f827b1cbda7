// Encodes the form that the answer must have. `docs/spec/translation.md#output-format`.
import type { JsonObject } from '../../../json.ts'
import type { OutputFormat } from '../../contract/prompt.ts'
import { isStrictSchema } from '../../shared/strict-schema.ts'
import { omitUndefined } from './decode-fields.ts'

export function encodeFormat (format: OutputFormat | null): JsonObject | undefined {
  if (format === null) return undefined
  if (format.type === 'json') return { type: 'json_object' }
  const { name, description, schema, strict } = format
  const { $schema: _dialect, ...rest } = schema
  return { type: 'json_schema',
    json_schema: omitUndefined({ name: name ?? 'output', description: description ?? undefined, schema: rest,
      strict: strict ?? isStrictSchema(schema) }) }
}
