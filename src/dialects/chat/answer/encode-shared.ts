// Helpers for whole and streamed Chat answers.
import { packCarrier } from '../../shared/carrier.ts'
import type { EncodeOptions } from '../../contract/dialect.ts'
import type { Citation } from '../../contract/part.ts'
import type { Carrier } from '../../contract/prompt.ts'
import { usesFunctions } from '../request/decode-tools.ts'
import { carrierSeparator } from '../wire.ts'

/** Upstream's own id if it is in this dialect's form; otherwise this dialect's prefix with the rest of it. */
export function toAnswerId (id: string, newId: () => string): string {
  if (/^chatcmpl-[\w-]{1,64}$/.test(id)) return id
  const rest = id.replace(/^[a-z]{1,8}[_-]/, '').replaceAll(/[^A-Za-z0-9]/g, '').slice(0, 48)
  return `chatcmpl-${rest === '' ? newId() : rest}`
}

/** In seconds since the epoch. */
export function toCreated (created: number | null, now: () => number): number {
  return created !== null && created > 0 ? Math.floor(created) : Math.floor(now() / 1_000)
}

export function joinCarriers (carriers: readonly Carrier[]): string {
  return carriers.map(packCarrier).join(carrierSeparator)
}

/** @param from and @param to where the cited block is in the answer's text */
export function toAnnotation ({ url, title, range = null }: Citation, from: number, to: number) {
  const [start, end] = range === null ? [from, to] : [from + range.start, from + range.end].map(at => Math.min(at, to))
  return { type: 'url_citation',
    url_citation: { url, title, start_index: start ?? from, end_index: end ?? to } } as const
}

/** Whether the client uses functions, the predecessor of tools. */
export function isLegacy ({ prompt }: Pick<EncodeOptions, 'prompt'>): boolean {
  return usesFunctions(prompt.body)
}
