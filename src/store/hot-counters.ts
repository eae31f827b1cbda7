// The arithmetic of limits, the same in every driver that runs JavaScript. Valkey's script repeats it, and one contract
// test covers all of them.
import type { HoldStep, HotResult, TakeStep } from './hot-state.ts'

export interface Bucket {
  readonly left: number
  /** Milliseconds since the epoch. */
  readonly at: number
}
/** By holder. */
export type Holds = ReadonlyMap<string, { readonly amount: number, readonly until: number }>

export function takeFrom (
  bucket: Bucket | undefined,
  { amount, limit, windowMs }: TakeStep,
  now: number,
): { readonly bucket: Bucket, readonly result: HotResult<TakeStep> } {
  // A clock that steps back must not take tokens away.
  const sinceMs = Math.max(0, now - (bucket?.at ?? now))
  const full = Math.min(limit, (bucket?.left ?? limit) + sinceMs * limit / windowMs)
  const granted = amount < 0 ? amount : Math.min(amount, Math.floor(full))
  const left = Math.min(limit, full - granted)
  return { bucket: { left, at: now },
    result: { granted, waitMs: left >= 1 ? 0 : Math.ceil((1 - left) * windowMs / limit) } }
}

export function holdOf (
  holds: Holds,
  { holder, amount, limit, ttlMs }: HoldStep,
  now: number,
): { readonly holds: Holds, readonly result: HotResult<HoldStep> } {
  const others = [...holds].filter(([name, { until }]) => name !== holder && until > now)
  const taken = others.reduce((sum, [, hold]) => sum + hold.amount, 0)
  const granted = Math.max(0, Math.min(amount, limit - taken))
  return { holds: new Map(granted === 0 ? others : [...others, [holder, { amount: granted, until: now + ttlMs }]]),
    result: { granted } }
}
