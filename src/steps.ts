// Splits work on a large input into steps, so that other requests get the event loop between them. Small inputs run at
// once through the same code.
import { nextTurn } from './next-turn.ts'

/** Yields where other work may run, and returns its result. */
export type Steps<T> = Generator<undefined, T, undefined>

/** Elements of a list for each step: well under a millisecond for elements of usual size. */
export const stepSize = 64

/** Steps run this long in one turn of the event loop. */
const turnMs = 8
/** On Workers the clock stands still while a request computes, so the steps are counted too. */
const turnSteps = 256

/** A result that is there already, or the steps to it: for little work, a generator would cost more than the work. */
export type MaybeSteps<T> =
  | T
  | Steps<T>

/** Parsed JSON has no symbol keys. */
export function isSteps<T extends object> (result: MaybeSteps<T>): result is Steps<T> {
  return Symbol.iterator in result
}

export function thenInSteps<T extends object, U extends object> (
  first: MaybeSteps<T>,
  next: (result: T) => MaybeSteps<U>,
): MaybeSteps<U> {
  return isSteps(first) ? both(first, next) : next(first)
}

function* both<T, U extends object> (first: Steps<T>, next: (result: T) => MaybeSteps<U>): Steps<U> {
  const second = next(yield* first)
  return isSteps(second) ? yield* second : second
}

export function atOnce<T> (steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
  }
}

/** Runs as many steps in each turn of the event loop as its time allows. The first turn is not the caller's. */
export async function inTurns<T> (steps: Steps<T>): Promise<T> {
  for (;;) {
    await nextTurn()
    const until = performance.now() + turnMs
    for (let count = 0; count < turnSteps && performance.now() < until; count++) {
      const { done, value } = steps.next()
      if (done === true) return value
    }
  }
}

export function* mapInSteps<T, U> (items: readonly T[], make: (item: T, at: number) => U): Steps<U[]> {
  const out: U[] = []
  for (const item of items) {
    if (out.length % stepSize === stepSize - 1) yield
    out.push(make(item, out.length))
  }
  return out
}

/** Maps each item and drops those that become null. Returns the same array if nothing changes. */
export function* mapSameInSteps<T> (items: T[], fit: (item: T, at: number) => T | null): Steps<T[]> {
  return sameOf(items, yield* mapInSteps(items, fit))
}

export function sameOf<T> (items: T[], fitted: ReadonlyArray<T | null>): T[] {
  return fitted.every((item, at) => item !== null && item === items[at]) ? items : fitted.filter(item => item !== null)
}
