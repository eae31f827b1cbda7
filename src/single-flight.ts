// Shares one piece of work among all callers that ask for it at the same time.

export interface SingleFlight<T> {
  /**
   * @param defer keeps the work alive after the request that began it: on Workers a promise may die with its request
   */
  readonly run: (key: string, defer: (work: Promise<unknown>) => void, work: () => Promise<T>) => Promise<T>
}

/** @param waitMs after this time, a waiter gives up on another request's work and does its own */
export function createSingleFlight<T> (waitMs = 12_000): SingleFlight<T> {
  const inFlight = new Map<string, Promise<T>>()

  const begin = (key: string, defer: (work: Promise<unknown>) => void, work: () => Promise<T>): Promise<T> => {
    const promise = work().finally(() => {
      if (inFlight.get(key) === promise) inFlight.delete(key)
    })
    inFlight.set(key, promise)
    defer(promise.catch(() => {})) // Each waiter handles the failure itself.
    return promise
  }
  const flight: SingleFlight<T> = {
    run (key, defer, work) {
      const shared = inFlight.get(key)
      if (shared === undefined) return begin(key, defer, work)
      return withTimeout(shared, waitMs,
        () => inFlight.get(key) === shared ? begin(key, defer, work) : flight.run(key, defer, work))
    },
  }
  return flight
}

/** The result of `promise`, or of `otherwise` if `promise` takes longer than `ms`. */
export function withTimeout<T> (promise: Promise<T>, ms: number, otherwise: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    // clearTimeout alone is not enough: on Workers a timer belongs to the request that set it.
    let isSettled = false
    /** From then on, this waiter ignores the failure of the slow work. */
    let hasOwn = false
    const timer = setTimeout(() => {
      if (isSettled) return
      hasOwn = true
      otherwise().then(resolve, reject)
    }, ms)
    const settle = () => {
      isSettled = true
      clearTimeout(timer)
    }
    promise.then(value => {
      settle()
      resolve(value)
    }, (reason: Error) => {
      settle()
      if (!hasOwn) reject(reason)
    })
  })
}
