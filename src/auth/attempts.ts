// Limits how many credentials an address may try before it has to wait. The gateway counts an attempt before it reads
// the store or derives a key from the password, and takes it off again unless the check fails. Failures of other
// addresses never block an address that has none. While many addresses attack one user, an address that failed on this
// user has to wait.
import { GatewayError } from '../errors.ts'
import { createLimiter, limiterAddress } from '../limiter.ts'

export interface Attempt {
  readonly address: string
  readonly username?: string
}

export interface Attempts {
  /**
   * Runs the check as one attempt of the address. The attempt stays counted if `isFailure` returns true for the
   * outcome. A check that throws proves nothing about the credentials. An address may run as many checks at once as it
   * has attempts left; further checks wait for those.
   * @throws {GatewayError} `rate_limited`; `overloaded` when too many wait, or for too long
   */
  readonly run: <T>(attempt: Attempt, check: () => Promise<T>, isFailure: (outcome: T) => boolean) => Promise<T>
  /** Whether this address failed within the last minute. */
  readonly hasFailed: (address: string) => boolean
}

/** Failures of an address in all processes. */
export interface SharedFailures {
  readonly areUsedUp: (address: string) => Promise<boolean>
  readonly note: (address: string) => void
}

interface Options {
  /** Absent: this process alone counts. */
  readonly shared?:
    | SharedFailures
    | undefined
  /** For each address. 0 switches the limits off. */
  readonly failuresPerMinute: number
  readonly monotonic: () => number
  /** Waiting checks of one address. */
  readonly queued?: number
  readonly waitMs?: number
  /** Workers may end a request in the middle. After this time its check no longer counts as running. */
  readonly lostMs?: number
}

interface Check {
  readonly since: number
}
interface Lane {
  readonly underWay: Set<Check>
  readonly waiting: Set<() => void>
}

/** More failures than this on one user, from all addresses together, count as an attack on the user. */
const failuresPerUserMinute = 60
const message = 'Too many failed sign-ins. Check the password, then try again later.'

export function createAttempts (
  { failuresPerMinute, monotonic, shared, queued = 256, waitMs = 10_000, lostMs = 20_000 }: Options,
): Attempts {
  const limiter = (perWindow: number) =>
    createLimiter({ perWindow: failuresPerMinute === 0 ? 0 : perWindow, windowMs: 60_000, monotonic })
  const byAddress = limiter(failuresPerMinute)
  const byUser = limiter(failuresPerUserMinute)
  /** Remembers each address, and each pair of address and user, that failed within the last minute. */
  const lately = limiter(1)
  const lanes = new Map<string, Lane>()

  return {
    hasFailed: address => lately.peek(limiterAddress(address)) > 0,
    async run ({ address, username }, check, isFailure) {
      if (failuresPerMinute === 0) return check()
      const from = limiterAddress(address)
      const pair = `${from} ${username ?? ''}`
      if (username !== undefined && byUser.peek(username) > 0 && lately.peek(pair) > 0) {
        throw tooMany(lately.paceSeconds)
      }
      const lane = laneOf(from)
      const own = await enter(from, lane)
      let isCounted = false
      try {
        if (await shared?.areUsedUp(from) === true) throw tooMany(byAddress.paceSeconds)
        const outcome = await check()
        isCounted = isFailure(outcome)
        return outcome
      } finally {
        if (isCounted) noteFailure(from, pair, username)
        else byAddress.giveBack(from)
        leave(from, lane, own)
      }
    },
  }

  function noteFailure (from: string, pair: string, username: string | undefined): void {
    lately.take(from)
    shared?.note(from)
    if (username === undefined) return
    byUser.take(username)
    lately.take(pair)
  }

  function laneOf (from: string): Lane {
    const lane = lanes.get(from) ?? { underWay: new Set(), waiting: new Set() }
    lanes.set(from, lane)
    return lane
  }

  async function enter (from: string, lane: Lane): Promise<Check> {
    for (const deadline = monotonic() + waitMs;;) {
      if (byAddress.take(from) === 0) {
        const own = { since: monotonic() }
        lane.underWay.add(own)
        return own
      }
      for (const check of lane.underWay) if (monotonic() - check.since >= lostMs) lane.underWay.delete(check)
      if (lane.underWay.size === 0) {
        forget(from, lane)
        throw tooMany(byAddress.paceSeconds)
      }
      const leftMs = deadline - monotonic()
      if (leftMs <= 0 || lane.waiting.size >= queued) {
        throw new GatewayError('overloaded', 'Too many sign-ins at once from this address. Try again in a moment.', {
          retryAfterSeconds: 1,
        })
      }
      await turn(lane, leftMs)
    }
  }

  /**
   * Resolves when a check of this address ends, or after `ms`. Each waiter has its own timer, because on Workers a
   * timer dies with the request that set it.
   */
  function turn (lane: Lane, ms: number): Promise<void> {
    return new Promise(resolve => {
      const go = () => {
        clearTimeout(timer)
        lane.waiting.delete(go)
        resolve()
      }
      const timer = setTimeout(go, ms)
      lane.waiting.add(go)
    })
  }

  /**
   * The check may have given its attempt back, so the next waiter goes on. When no check is running any more, all
   * waiters go on and look again.
   */
  function leave (from: string, lane: Lane, own: Check): void {
    lane.underWay.delete(own)
    const [next] = lane.waiting
    if (next === undefined) return forget(from, lane)
    if (lane.underWay.size > 0) return next()
    for (const go of [...lane.waiting]) go()
  }

  function forget (from: string, lane: Lane): void {
    if (lane.underWay.size === 0 && lane.waiting.size === 0 && lanes.get(from) === lane) lanes.delete(from)
  }
}

function tooMany (seconds: number): GatewayError {
  return new GatewayError('rate_limited', message, { retryAfterSeconds: seconds })
}
