// Counts the bytes of all bodies in memory, each body's apart, so that none of them stays counted after its request.
import { GatewayError } from '../errors.ts'

export interface HeldBody {
  readonly bytes: () => number
  /** Counts bytes of this body. @returns an error if the process has no room for them; they count until `release` */
  readonly add: (bytes: number) =>
    | GatewayError
    | null
  /** Gives all of them back. What is added later does not count: the request is over, and its body is let go. */
  readonly release: () => void
}

export interface BodyMemory {
  readonly used: () => number
  readonly hold: () => HeldBody
}

export function createBodyMemory (maxBytes: number): BodyMemory {
  let used = 0
  return {
    used: () => used,
    hold () {
      let own = 0
      let isReleased = false
      return {
        bytes: () => own,
        add (bytes) {
          if (isReleased) return null
          own += bytes
          used += bytes
          return used > maxBytes ? full() : null
        },
        release () {
          if (!isReleased) used -= own
          isReleased = true
        },
      }
    },
  }
}

export function full (): GatewayError {
  return new GatewayError('overloaded',
    'This proxy is receiving too many large requests at once. Try again in a moment.', {
    retryAfterSeconds: 1,
  })
}
