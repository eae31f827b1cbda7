// The form of a measurement, and of its numbers.
import type { Stage } from './stage.ts'

export interface Outcome {
  readonly measured: string
  readonly ok: boolean
  /** The same figure for the bare relay, if it applies. */
  readonly bare?: string
  readonly note?: string
}
export interface Figure {
  readonly id: string
  readonly name: string
  readonly must: string
  /** For measurements that take longer than most. */
  readonly longestMs?: number
  readonly run: (stage: Stage, options: { readonly long: boolean }) => Promise<Outcome>
}

export const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`
export const mib = (value: number): string => `${Math.round(value)} MiB`
