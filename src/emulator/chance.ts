// Repeatable chance: the same seed makes the same choices, so a failed test fails again.
export interface Chance {
  /** One of several choices, or the only one. */
  readonly pick: <T>(choices: T | readonly T[]) => T
}

/** Mulberry32: good enough to choose among a few. */
export function createChance (seed: number): Chance {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6D2B79F5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    pick: <T>(choices: T | readonly T[]): T =>
      Array.isArray(choices) ? (choices as readonly T[])[Math.floor(next() * choices.length)] as T : choices as T,
  }
}
