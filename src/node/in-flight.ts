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
  // No Set: as entries come and go it moves from table to table, and each old one, with who was there then, points to the
  // next. Once one of them is among V8's old objects, all that follow stay until a full collection.
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
        if (running.length === 0) for (const wake of waiting) wake()
      }
    },
    abortAll (reason) { for (const { abort } of [...running]) abort(reason) },
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
