// What one measurement is, and how its numbers are written.
import type { Stage } from './stage.ts'

export interface Outcome {
  readonly measured: string
  readonly ok: boolean
  /** The same of the bare relay, where it can do the same. */
  readonly bare?: string
  readonly note?: string
}
export interface Figure {
  readonly id: string
  readonly name: string
  readonly must: string
  /** Where it takes longer than most. */
  readonly longestMs?: number
  readonly run: (stage: Stage, options: { readonly long: boolean }) => Promise<Outcome>
}

export const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`
export const mib = (value: number): string => `${Math.round(value)} MiB`
