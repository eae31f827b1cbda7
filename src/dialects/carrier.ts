// Carriers: the state of a model's reasoning, packed to ride in whatever slot a client's dialect has for such things, and
// given back verbatim when the client returns it. `translation.md` 2.6.2.
import { decodeBase64, fromUtf8, toBase64Url, utf8 } from '../bytes.ts'
import { isObject } from '../json.ts'
import type { Carrier } from './prompt.ts'

const prefix = 'cpt1.'
const form = /^cpt1\.([mdrc])\.([A-Za-z0-9_-]+)$/
/** The model rides beside the item's own fields; no dialect has such a name. */
const modelField = '~model'

export function packCarrier ({ kind, item, model }: Carrier): string {
  return `${prefix}${kind}.${toBase64Url(utf8(JSON.stringify(model === null ? item : { ...item, [modelField]: model })))}`
}

export function isCarrier (value: unknown): value is string {
  return typeof value === 'string' && value.startsWith(prefix)
}

/** Null for what is not ours, or is broken. */
export function unpackCarrier (value: unknown): Carrier | null {
  const [, kind, packed] = typeof value === 'string' ? form.exec(value) ?? [] : []
  const bytes = packed === undefined ? null : decodeBase64(packed)
  if (bytes === null) return null
  try {
    const parsed: unknown = JSON.parse(fromUtf8(bytes))
    if (!isObject(parsed)) return null
    const { [modelField]: model = null, ...item } = parsed
    return { kind: kind as Carrier['kind'], item, model: typeof model === 'string' ? model : null }
  } catch { return null }
}

/**
 * Whether the upstream that is asked now can read what another one wrote: the same kind of thing, and of the same
 * vendor; encrypted items of Responses are bound to the very model.
 */
export function fits ({ kind, model }: Carrier, kinds: ReadonlyArray<Carrier['kind']>, target: string): boolean {
  if (!kinds.includes(kind)) return false
  return model === null || (kind === 'r' ? model === target : vendorOf(model) === vendorOf(target))
}

function vendorOf (model: string): string {
  return /^(claude|gemini|grok)/.exec(model)?.[1] ?? 'openai'
}
