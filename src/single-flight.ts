// One piece of work for all who ask for it at the same time.

export interface SingleFlight<T> {
  /**
   * @param defer keeps the work alive past the request that began it: on Workers a promise may die with its request
   */
  readonly run: (key: string, defer: (work: Promise<unknown>) => void, work: () => Promise<T>) => Promise<T>
}

/** @param waitMs after so long a waiter stops trusting the work of another request and makes its own */
export function createSingleFlight<T> (waitMs = 12_000): SingleFlight<T> {
  const inFlight = new Map<string, Promise<T>>()

  const begin = (key: string, defer: (work: Promise<unknown>) => void, work: () => Promise<T>): Promise<T> => {
    const promise = work().finally(() => { if (inFlight.get(key) === promise) inFlight.delete(key) })
    inFlight.set(key, promise)
    defer(promise.catch(() => {}))   // whoever waits for it hears of the failure
    return promise
  }
  const flight: SingleFlight<T> = {
    run (key, defer, work) {
      const shared = inFlight.get(key)
      if (shared === undefined) return begin(key, defer, work)
      return withTimeout(shared, waitMs, () => inFlight.get(key) === shared ? begin(key, defer, work) : flight.run(key, defer, work))
    },
  }
  return flight
}

/** What `promise` gives, or, when it takes longer than `ms`, what `otherwise` gives. */
function withTimeout<T> (promise: Promise<T>, ms: number, otherwise: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    // Not left to clearTimeout alone: on Workers a timer belongs to the request that set it.
    let isSettled = false
    /** Then the failure of the work that took too long is no longer this waiter's. */
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
    promise.then(value => { settle(); resolve(value) }, (reason: Error) => { settle(); if (!hasOwn) reject(reason) })
  })
}
