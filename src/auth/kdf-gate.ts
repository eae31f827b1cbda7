// Stretching a password costs 22 ms of CPU for a request of 300 bytes. So: at most two at once, a bounded queue, and a
// bounded wait in it.
import { GatewayError } from '../errors.ts'

export type KdfGate = <T>(work: () => Promise<T>) => Promise<T>

/** @returns a function that runs work in its turn. @throws {GatewayError} `overloaded` (503) when the queue is full or the wait too long */
export function createKdfGate ({ atOnce = 2, queued = 512, waitMs = 10_000 } = {}): KdfGate {
  let running = 0
  const waiting: Array<{ start: () => void }> = []

  return async work => {
    if (running < atOnce) running++
    else await turn()
    try { return await work() } finally {
      const next = waiting.shift()
      if (next === undefined) running--
      else next.start()   // the place is handed on, so `running` stays
    }
  }

  function turn (): Promise<void> {
    if (waiting.length >= queued) throw busy()
    return new Promise((resolve, reject) => {
      const entry = { start: () => { clearTimeout(timer); resolve() } }
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(entry), 1)
        reject(busy())
      }, waitMs)
      waiting.push(entry)
    })
  }

  function busy (): GatewayError {
    return new GatewayError('overloaded', 'Too many sign-ins at once. Try again in a moment.', { retryAfterSeconds: 1 })
  }
}
