// Deltas of a Messages stream, which pass as they come.
import { isObject, type JsonObject } from '../../../json.ts'
import type { PlainEvent, VaryingValue } from '../../contract/plain-event.ts'
import { passedString } from '../../shared/varying.ts'

export const deltaType = 'content_block_delta'

/**
 * Describes a delta by its strings: its text, and what upstream pads it with.
 * @param inputOf keeps the input of the call with this index; null if there is none
 */
export function plainBlockDelta (
  event: JsonObject,
  name: string,
  inputOf: (index: unknown) => ((json: string) => void) | null,
): PlainEvent | null {
  if (name !== deltaType) return null
  if (event['type'] !== name || !isObject(event['delta'])) return null
  const { delta } = event
  const keep = inputOf(event['index'])
  return {
    values: [...stringsOf(event, ''), ...stringsOf(delta, 'delta.')].map((value): VaryingValue =>
      value.path === 'delta.partial_json' && keep !== null
        ? { ...value, take (json: string) {
          keep(json)
          return json
        } }
        : value
    ),
  }
}

function stringsOf (fields: object, prefix: string) {
  return Object.entries(fields).flatMap(([key, value]: [string, unknown]) =>
    key === 'type' ? [] : passedString(prefix + key, value)
  )
}
