// Checks that work grows no faster than its input. It compares CPU time of this thread, the best of several runs of
// each size, so that other work on the machine, garbage collection and the compiler have little effect; it never checks
// an absolute time.
import type { Test } from 'tap'
import { findCollect } from '../../src/node/internals/collect.ts'

/** Linear work gives 2, quadratic work 4. */
export const mostGrowth = 2.6

export interface Work {
  readonly name: string
  /**
   * The smaller of the two sizes. If a square would show only above it, a shape names a larger one. Four times as much
   * must still be within the limits of the gateway, such as 10,000 keys in an object.
   */
  readonly n: number
  /** @returns the work on an input of that size, which is made before */
  readonly prepare: (n: number) => () => unknown
}

const rounds = 12
/** The clock of CPU time moves in milliseconds, so work that takes less is repeated often enough. */
const leastMs = 25

export function assertLinear (t: Test, { name, n, prepare }: Work): void {
  const pairs = new Map<number, Pair>()
  const measure = (size: number): Pair => {
    const pair = pairs.get(size) ?? toPair(prepare(size), prepare(2 * size))
    pairs.set(size, pair)
    return look(pair)
  }
  let seen = measure(n)
  // A processor cache that holds the smaller input but not the larger one looks like growth at one size. Other work on
  // the machine looks like growth at one moment. Quadratic work grows at each size, however often it is measured: the
  // best times of all attempts count, so that other work can only be corrected.
  for (const size of [2 * n, n, 2 * n]) {
    if (growthOf(seen) <= mostGrowth) break
    seen = measure(size)
  }
  t.ok(growthOf(seen) <= mostGrowth,
    `${name}: twice the input takes ${growthOf(seen).toFixed(2)} times the work (${seen.best.once.toFixed(1)} ms, ${
      seen.best.twice.toFixed(1)
    } ms)`)
}

interface Pair {
  readonly once: () => unknown
  readonly twice: () => unknown
  readonly times: number
  /** Milliseconds, of all attempts so far. */
  readonly best: { once: number, twice: number }
}

function toPair (once: () => unknown, twice: () => unknown): Pair {
  return { once, twice, times: repeats(once), best: { once: Infinity, twice: Infinity } }
}

function growthOf ({ best }: Pair): number {
  return best.twice / best.once
}

function look (pair: Pair): Pair {
  const { once, twice, times, best } = pair
  for (let round = 0; round < rounds; round++) {
    // The clock is coarse, so the smaller size is measured twice.
    best.once = Math.min(best.once, cpuMs(once, times), cpuMs(once, times))
    best.twice = Math.min(best.twice, cpuMs(twice, times))
    if (growthOf(pair) <= mostGrowth) break
  }
  return pair
}

function repeats (work: () => unknown): number {
  work()
  const from = now()
  let times = 0
  while (now() - from < leastMs) {
    work()
    times++
  }
  return times
}

function cpuMs (work: () => unknown, times: number): number {
  collect()
  const before = now()
  for (let nth = 0; nth < times; nth++) work()
  return Math.max(0.01, now() - before)
}

const collect = findCollect() ?? (() => {
  throw new Error('V8 offers no collection')
})

function now (): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}
