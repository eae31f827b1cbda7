// The requests in flight: counts them, aborts all of them, and waits until there are none.
export interface InFlight {
  readonly count: () => number
  /** @param abort ends the request with a reason. @returns a function to call once, when the request has ended */
  readonly add: (abort: (reason: Error) => void) => () => void
  readonly abortAll: (reason: Error) => void
  /** Whether all requests ended within `ms`. */
  readonly idle: (ms: number, hurried?: AbortSignal) => Promise<boolean>
}

export function createInFlight (): InFlight {
  // Not a Set: as entries come and go, a Set moves to new tables, and each old table points to the next. Once one of
  // them is in V8's old generation, all later ones stay until a full collection.
  const running: Array<{ readonly abort: (reason: Error) => void, at: number }> = []
  const waiting = new Set<() => void>()
  return {
    count: () => running.length,
    add (abort) {
      const entry = { abort, at: running.length }
      running.push(entry)
      return () => {
        const last = running.pop()
        if (last !== undefined && last !== entry) {
          running[entry.at] = last
          last.at = entry.at
        }
        if (running.length === 0) { for (const wake of waiting) wake() }
      }
    },
    abortAll (reason) {
      for (const { abort } of [...running]) abort(reason)
    },
    async idle (ms, hurried) {
      if (running.length > 0 && hurried?.aborted !== true) {
        await new Promise<void>(resolve => {
          const wake = () => {
            clearTimeout(timer)
            waiting.delete(wake)
            hurried?.removeEventListener('abort', wake)
            resolve()
          }
          const timer = setTimeout(wake, ms)
          waiting.add(wake)
          hurried?.addEventListener('abort', wake, { once: true })
        })
      }
      return running.length === 0
    },
  }
}
