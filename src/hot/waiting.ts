// Calls that wait for a turn, each with its own timer: on Workers a timer dies with the request that set it.
import type { Clock } from '../contract.ts'

export type Waiting = Set<() => void>
/** In milliseconds. */
export interface Range {
  readonly least: number
  readonly most: number
}

/** At random, so that processes that ask again and again do not ask together. */
export function between ({ least, most }: Range): number {
  return least + Math.random() * (most - least)
}

export function later ({ setTimer }: Pick<Clock, 'setTimer'>, range: Range): Promise<void> {
  return new Promise(resolve => {
    setTimer(resolve, between(range))
  })
}

export function wake (waiting: Waiting): void {
  for (const go of [...waiting]) go()
}

/** Resolves after `ms`, or when somebody wakes all. Rejects with the signal's reason when it aborts. */
export function turnOf (
  waiting: Waiting,
  { setTimer }: Pick<Clock, 'setTimer'>,
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => {
      cancel()
      waiting.delete(go)
      signal.removeEventListener('abort', gone)
    }
    const go = () => {
      done()
      resolve()
    }
    const gone = () => {
      done()
      reject(signal.reason as Error)
    }
    const cancel = setTimer(go, ms)
    waiting.add(go)
    if (signal.aborted) gone()
    else signal.addEventListener('abort', gone, { once: true })
  })
}
