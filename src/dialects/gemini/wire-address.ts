// The address of a call: `models/{model}:{verb}`. The model's id may contain colons, so the last one counts.
import type { JsonObject } from '../../json.ts'

export interface Address {
  readonly model: string
  readonly verb: string
}

export function readAddress (segment: string): Address {
  const at = segment.lastIndexOf(':')
  return at === -1 ? { model: segment, verb: '' } : { model: segment.slice(0, at), verb: segment.slice(at + 1) }
}

/** The body with the model and the way of answering, which only the address says. */
export function addressed (
  body: JsonObject,
  { params }: { readonly params: Readonly<Record<string, string>> },
): JsonObject {
  const { model, verb } = readAddress(params['id'] ?? '')
  return { ...body, model, stream: verb === 'streamGenerateContent' }
}
