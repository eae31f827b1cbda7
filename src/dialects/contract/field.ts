// A field of a request, and what happens to it in each direction. The tables of the dialects are made of these.
import type { DialectName } from './dialect.ts'

/**
 * `kept`: passed on unchanged. `mapped`: an exact equivalent. `emulated`: the proxy produces the same effect.
 * `degraded`: kept in a weaker form. `dropped`: left out safely. `refused`: 400, because the caller would rely on it.
 */
export type Outcome = 'kept' | 'mapped' | 'emulated' | 'degraded' | 'dropped' | 'refused'

export interface Field {
  readonly name: string
  /** For each upstream dialect: the outcome, and a short explanation if it needs one. */
  readonly to: Readonly<Record<DialectName, readonly [Outcome, string?]>>
}

export type Cell = Outcome | readonly [Outcome, string]

export function cell (value: Cell): readonly [Outcome, string?] {
  return typeof value === 'string' ? [value] : value
}
