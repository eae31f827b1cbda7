// Limits how much of the proxy one user may use at once: calls in flight, and calls a minute. Further calls wait for a
// while and then get 429. So a stolen password cannot use up a seat in a minute. `docs/spec/limits.md#per-user`.
import { GatewayError } from '../errors.ts'
import { createLimiter } from '../limiter.ts'
import { pause } from '../pause.ts'

export interface UserGate {
  /** A place for one model call, or null if the call would have to wait. */
  readonly enterAtOnce: (username: string) =>
    | (() => void)
    | null
  /**
   * A place for one model call. @returns a function that gives the place back; only its first call counts
   * @throws {GatewayError} `rate_limited` when no place became free in time
   */
  readonly enter: (username: string, signal: AbortSignal) => Promise<() => void>
}
/** Of one process. */
export interface LocalGate extends UserGate {
  /** Calls that have a place. Always 0 without a limit of concurrency. */
  readonly inFlight: (username: string) => number
}

interface User {
  inFlight: number
  readonly waiting: Set<() => void>
}

export const waitMs = 10_000
/** Without limits there is no place to give back. */
const free = () => {}

export function createUserGate (
  { concurrency, perMinute, monotonic }: { concurrency: number, perMinute: number, monotonic: () => number },
): LocalGate {
  const rate = createLimiter({ perWindow: perMinute, windowMs: 60_000, monotonic })
  const busy = new Map<string, User>()

  return {
    inFlight: username => busy.get(username)?.inFlight ?? 0,
    enterAtOnce (username) {
      if (concurrency > 0 && (busy.get(username)?.inFlight ?? 0) >= concurrency) return null
      if (rate.take(username) > 0) return null
      return concurrency === 0 ? free : leave(username, begin(username))
    },
    async enter (username, signal) {
      const seconds = rate.take(username)
      if (seconds * 1_000 > waitMs) throw tooMany(seconds)
      if (seconds > 0) {
        await pause(seconds * 1_000, signal)
        const more = rate.take(username)
        if (more > 0) throw tooMany(more)
      }
      if (concurrency === 0) return free
      const user = busy.get(username)
      if (user === undefined || user.inFlight < concurrency) return leave(username, begin(username))
      await place(user.waiting, signal)
      return leave(username, user)
    },
  }

  function begin (username: string): User {
    const user = busy.get(username) ?? { inFlight: 0, waiting: new Set() }
    busy.set(username, user)
    user.inFlight++
    return user
  }

  function leave (username: string, user: User): () => void {
    let isIn = true
    return () => {
      if (!isIn) return
      isIn = false
      const [next] = user.waiting
      if (next !== undefined) return next() // The next call takes over the place.
      if (--user.inFlight === 0) busy.delete(username)
    }
  }
}

function place (waiting: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => {
      waiting.delete(start)
      clearTimeout(timer)
      signal.removeEventListener('abort', gone)
    }
    const start = () => {
      done()
      resolve()
    }
    const gone = () => {
      done()
      reject(signal.reason as Error)
    }
    const timer = setTimeout(() => {
      done()
      reject(tooMany(1))
    }, waitMs)
    signal.addEventListener('abort', gone, { once: true })
    waiting.add(start)
  })
}

/** @param seconds until another try makes sense */
export function tooMany (seconds: number): GatewayError {
  return new GatewayError('rate_limited',
    'Too many requests of this user at once. The operator sets the limits: USER_CONCURRENCY and '
      + 'USER_REQUESTS_PER_MINUTE.', { retryAfterSeconds: seconds })
}
