// Carriers: the state of a model's reasoning, packed into the field that the client's dialect has for such data, and
// unpacked unchanged when the client returns it. `docs/spec/translation.md#carriers`.
import { decodeBase64, fromUtf8, toBase64Url, utf8 } from '../../bytes.ts'
import { parseObjectWithin } from '../../json.ts'
import { stateVendorOf } from '../../rules/model-facts.ts'
import type { Carrier } from '../contract/prompt.ts'

const prefix = 'cpt1.'
const form = /^cpt1\.([mdrc])\.([A-Za-z0-9_-]+)$/
/** Stores the model next to the item's own fields; no dialect has a field of this name. */
const modelField = '~model'

export function packCarrier ({ kind, item, model }: Carrier): string {
  return `${prefix}${kind}.${
    toBase64Url(utf8(JSON.stringify(model === null ? item : { ...item, [modelField]: model })))
  }`
}

export function isCarrier (value: unknown): value is string {
  return typeof value === 'string' && value.startsWith(prefix)
}

/** Null if it is not ours or is broken. */
export function unpackCarrier (value: unknown): Carrier | null {
  const [, kind, packed] = typeof value === 'string' ? form.exec(value) ?? [] : []
  const bytes = packed === undefined ? null : decodeBase64(packed)
  if (bytes === null) return null
  try {
    const parsed = parseObjectWithin(fromUtf8(bytes))
    if (parsed === null) return null
    const { [modelField]: model = null, ...item } = parsed
    return { kind: kind as Carrier['kind'], item, model: typeof model === 'string' ? model : null }
  } catch {
    return null
  }
}

/**
 * Whether the current upstream can read another model's state: it must be of the same type and vendor, and encrypted
 * items of Responses must come from the same model.
 */
export function fits ({ kind, model }: Carrier, kinds: ReadonlyArray<Carrier['kind']>, target: string): boolean {
  if (!kinds.includes(kind)) return false
  return model === null || (kind === 'r' ? model === target : stateVendorOf(model) === stateVendorOf(target))
}
