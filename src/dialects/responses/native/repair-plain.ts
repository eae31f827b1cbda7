// Deltas of a Responses stream. Copilot encrypts the item's id again in every event and pads the text; the client gets
// the id that it knows, a number that the gateway counts, and no padding.
import { isObject, type JsonObject } from '../../../json.ts'
import type { PlainEvent, VaryingValue } from '../../contract/plain-event.ts'
import { droppedString } from '../../shared/varying.ts'
import { text } from '../wire.ts'
import { continuesKnown, type Event, type Known } from './repair-stream-item.ts'

/** The numbers of the events that are sent. */
export interface Sequence {
  readonly current: () => number
  readonly next: () => number
}

/** @returns null for an event that is no delta, or one that may change more than its values. Changes nothing. */
export function plainItemDelta (
  event: JsonObject,
  name: string,
  items: ReadonlyMap<number, Known>,
  sequence: Sequence,
): PlainEvent | null {
  const known = items.get(event['output_index'] as number)
  if (known === undefined || known.isDone || text(event['delta']) === '') return null
  if (!continuesKnown(event as Event, known)) return null
  const isInput = text(event['type']).endsWith('_call_arguments.delta') || text(event['type']).endsWith('_input.delta')
  return {
    counter: { path: 'sequence_number', next: sequence.next },
    values: [{ kind: 'text', path: 'delta', sent: ['delta'],
      ...isInput && { take: (delta: string) => known.input.push(delta) } }, ...numberOf(event, name, known, sequence),
      ...event['item_id'] === known.id
        ? []
        : droppedString('item_id', event['item_id']).map(value => ({ ...value, except: known.id })),
      ...droppedString('obfuscation', event['obfuscation']),
      ...isObject(event['copilot_annotations'])
        ? [{ kind: 'json', path: 'copilot_annotations', sent: [] } as const]
        : []],
  }
}

/** An event of the right number passes as it came if it needs no other change: numbers decide only then. */
function numberOf (event: JsonObject, name: string, known: Known, { current }: Sequence): VaryingValue[] {
  const number = event['sequence_number']
  if (!Number.isSafeInteger(number)) return []
  const needsChange = event['item_id'] !== known.id || name !== event['type'] || 'obfuscation' in event
    || 'copilot_annotations' in event
  const isCurrent = number === current()
  return [{ kind: 'integer', path: 'sequence_number', sent: [],
    ...!needsChange && { accepts: (value: number) => (value === current()) === isCurrent } }]
}
