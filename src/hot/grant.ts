// What this process may give to the calls of one user without asking: places and tokens that the engine granted to it.
// All grants of all processes together never exceed the user's limits.
import type { GetStep, HotResult, HoldStep, SetStep, TakeStep } from '../store/hot-state.ts'

export interface Limits {
  /** 0: no limit. */
  readonly concurrency: number
  /** 0: no limit. */
  readonly perMinute: number
  readonly leaseMs: number
}

export interface Grant {
  /** The places that this process holds until `until`, of the monotonic clock. */
  places: number
  until: number
  tokens: number
  /** Calls that wait for the engine's word. */
  asking: number
  /** Called when a place or a token may be there. */
  readonly waiting: Set<() => void>
  /** The most calls that had a place since the last look. */
  peak: number
  usedAt: number
  /** The question on its way to the engine: one at a time. */
  question:
    | Promise<GrantAnswer | null>
    | null
  /** When the next question makes sense. */
  askAgainAt: number
  /** The peak of the time before that. */
  lately: number
  /** The most places that this process takes while another one waits for some. */
  most: number
  isGivingBack: boolean
}

/** `waitMs`: until the next token of the user. */
export interface GrantAnswer {
  readonly waitMs: number
}

export type GrantStep =
  | HoldStep
  | TakeStep
  | GetStep
  | SetStep

/** A place lapses here before it does in the engine. */
const marginMs = 500

export function newGrant (): Grant {
  return { places: 0, until: -Infinity, tokens: 0, asking: 0, waiting: new Set(), peak: 0, lately: 0, usedAt: -Infinity,
    question: null, askAgainAt: -Infinity, most: Infinity, isGivingBack: false }
}

/** @param inUse calls that have a place now */
export function hasRoom (grant: Grant, { concurrency, perMinute }: Limits, inUse: number, now: number): boolean {
  return (perMinute === 0 || grant.tokens >= 1)
    && (concurrency === 0 || (now < grant.until && inUse < Math.min(grant.places, grant.most)))
}

/** A few more than needed, so that the next calls need not ask. They are soon given back if no call comes. */
export function spareOf ({ concurrency, perMinute }: Limits): { readonly places: number, readonly tokens: number } {
  return { places: Math.floor(concurrency / 8), tokens: Math.floor(perMinute / 40) }
}

/** States that this process wants these places, and changes its tokens by `tokens`. */
export function grantSteps (
  { concurrency, perMinute, leaseMs }: Limits,
  holder: string,
  places: number,
  tokens: number,
): GrantStep[] {
  const steps: GrantStep[] = []
  if (concurrency > 0) {
    steps.push({ do: 'hold', key: 'places', holder, amount: Math.min(places, concurrency), limit: concurrency,
      ttlMs: leaseMs })
  }
  if (perMinute > 0 && tokens !== 0) {
    steps.push({ do: 'take', key: 'rate', amount: tokens, limit: perMinute, windowMs: 60_000 })
  }
  return steps
}

/** Of a process that waits for places: how many it has, and its name. */
const needKey = 'need'
const needMs = 1_500

export function needStep (holder: string, places: number): SetStep {
  return { do: 'set', key: needKey, value: `${places} ${holder}`, ttlMs: needMs }
}

export const readNeed: GetStep = { do: 'get', key: needKey }

/**
 * How many places a process takes while another one waits for some: those that it needs, or half of both together.
 * @param own calls that had a place lately
 */
export function mostWhile (need: string | null, holder: string, own: number): number {
  const [places = '', who] = need?.split(' ') ?? []
  if (who === undefined || who === holder) return Infinity
  const all = own + (Number.parseInt(places) || 0)
  return Math.max(1, Math.min(own, Math.ceil(all / 2)))
}

/** @param results those of `steps` @param askedAt before the question was sent */
export function applyGrant (
  grant: Grant,
  steps: readonly GrantStep[],
  results: readonly HotResult[],
  { leaseMs }: Limits,
  askedAt: number,
): GrantAnswer {
  let waitMs = 0
  for (const [at, step] of steps.entries()) {
    const result = results[at]
    if (result === undefined || !('granted' in result)) continue
    if (step.do === 'hold') {
      grant.places = result.granted
      grant.until = askedAt + leaseMs - marginMs
    } else if (step.do === 'take') {
      // What is given back was taken off before.
      if (step.amount > 0) grant.tokens += result.granted
      if ('waitMs' in result) waitMs = result.waitMs
    }
  }
  return { waitMs }
}
