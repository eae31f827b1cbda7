// Values that differ from event to event, found by their kind.
import { isObject } from '../../json.ts'
import type { VaryingInteger, VaryingText, VaryingValue } from '../contract/plain-event.ts'

/** A string at the same place in both events; none if it is no string. */
export function passedString (path: string, value: unknown): VaryingText[] {
  return typeof value === 'string' ? [{ kind: 'string', path, sent: [path] }] : []
}

/** A string that the client does not get; none if it is no string. */
export function droppedString (path: string, value: unknown): VaryingText[] {
  return typeof value === 'string' ? [{ kind: 'string', path, sent: [] }] : []
}

/**
 * The integers in a value, however deep.
 * @param isSent whether the client gets them, at the same place
 * @param isKept whether the value changes with each event like this one
 */
export function integersIn (value: unknown, path: string, isSent: boolean, isKept = false): VaryingInteger[] {
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = `${path}.${key}`
    if (!Number.isSafeInteger(inner)) return integersIn(inner, at, isSent, isKept)
    const take = (count: number): void => {
      value[key] = count
    }
    return [{ kind: 'integer', path: at, sent: isSent ? [at] : [], ...isKept ? { take } : {} }]
  })
}

export function steady<Of extends VaryingValue> (values: readonly Of[]): Of[] {
  return values.map(value => ({ ...value, isSteady: true }))
}
