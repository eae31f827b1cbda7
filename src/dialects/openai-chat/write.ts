// Small things that a Chat answer says in the same way whole and in pieces.
import { packCarrier } from '../carrier.ts'
import type { EncodeOptions } from '../dialect.ts'
import type { Citation } from '../part.ts'
import type { Carrier } from '../prompt.ts'
import { usesFunctions } from './decode-tools.ts'
import { carrierSeparator } from './wire.ts'

/** Upstream's own id where it is of this dialect, else what is left of it behind this dialect's prefix. */
export function toAnswerId (id: string, newId: () => string): string {
  if (/^chatcmpl-[\w-]{1,64}$/.test(id)) return id
  const rest = id.replace(/^[a-z]{1,8}[_-]/, '').replaceAll(/[^A-Za-z0-9]/g, '').slice(0, 48)
  return `chatcmpl-${rest === '' ? newId() : rest}`
}

/** Seconds since the epoch. */
export function toCreated (created: number | null, now: () => number): number {
  return created !== null && created > 0 ? Math.floor(created) : Math.floor(now() / 1_000)
}

export function joinCarriers (carriers: readonly Carrier[]): string {
  return carriers.map(packCarrier).join(carrierSeparator)
}

/** @param start and @param end of the cited text block in the whole content, in UTF-16 units */
export function toAnnotation ({ url, title }: Citation, start: number, end: number) {
  return { type: 'url_citation', url_citation: { url, title, start_index: start, end_index: end } } as const
}

/** Whether the client speaks of functions, as was done before tools. */
export function isLegacy ({ prompt }: Pick<EncodeOptions, 'prompt'>): boolean {
  return usesFunctions(prompt.body)
}
