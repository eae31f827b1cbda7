// The requests that are being served: how many, an end for all of them at once, and the moment when there are none.
export interface InFlight {
  readonly count: () => number
  /** @param abort ends the request with a reason. @returns to be called when it has ended, once */
  readonly add: (abort: (reason: Error) => void) => () => void
  readonly abortAll: (reason: Error) => void
  /** Whether none was left within `ms`. */
  readonly idle: (ms: number, hurried?: AbortSignal) => Promise<boolean>
}

export function createInFlight (): InFlight {
  const running = new Set<{ readonly abort: (reason: Error) => void }>()
  const waiting = new Set<() => void>()
  return {
    count: () => running.size,
    add (abort) {
      const entry = { abort }
      running.add(entry)
      return () => {
        if (running.delete(entry) && running.size === 0) for (const wake of waiting) wake()
      }
    },
    abortAll (reason) { for (const { abort } of [...running]) abort(reason) },
    async idle (ms, hurried) {
      if (running.size > 0 && hurried?.aborted !== true) {
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
      return running.size === 0
    },
  }
}
