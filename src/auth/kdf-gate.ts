// Stretching a password costs 22 ms of CPU for a request of 300 bytes. So: at most two at once, a bounded queue, and a
// bounded wait in it. On Workers a request can be ended in the middle of its work, and its timers are its own; so no place
// is held for ever, and nothing here depends on another request's timer being cleared.
import { GatewayError } from '../errors.ts'

export type KdfGate = <T>(work: () => Promise<T>) => Promise<T>

interface Place { readonly since: number }
interface Waiting { readonly start: (place: Place) => void }

/**
 * @param lostMs after so long work counts as lost with its request, and its place is free again
 * @returns a function that runs work in its turn. @throws {GatewayError} `overloaded` (503) when the queue is full or the wait too long
 */
export function createKdfGate ({ atOnce = 2, queued = 512, waitMs = 10_000, lostMs = 20_000, monotonic = () => performance.now() } = {}): KdfGate {
  const running = new Set<Place>()
  const waiting = new Set<Waiting>()

  return async work => {
    const place = await take()
    try { return await work() } finally { give(place) }
  }

  async function take (): Promise<Place> {
    const now = monotonic()
    for (const place of running) if (now - place.since >= lostMs) running.delete(place)
    if (running.size >= atOnce) return turn()
    const place = { since: now }
    running.add(place)
    return place
  }

  function give (place: Place): void {
    if (!running.delete(place)) return   // counted as lost, and given to another
    const [next] = waiting
    if (next === undefined) return
    const following = { since: monotonic() }
    running.add(following)
    next.start(following)
  }

  function turn (): Promise<Place> {
    if (waiting.size >= queued) throw busy()
    return new Promise((resolve, reject) => {
      const entry: Waiting = { start: place => { waiting.delete(entry); clearTimeout(timer); resolve(place) } }
      const timer = setTimeout(() => { if (waiting.delete(entry)) reject(busy()) }, waitMs)
      waiting.add(entry)
    })
  }

  function busy (): GatewayError {
    return new GatewayError('overloaded', 'Too many sign-ins at once. Try again in a moment.', { retryAfterSeconds: 1 })
  }
}
