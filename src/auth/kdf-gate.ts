// Deriving a key from a password costs 22 ms of CPU for a request of 300 bytes. So at most two derivations run at once,
// behind a bounded queue with a bounded wait. The queue is fair by network and address (`fair-queue.ts`), and addresses
// that failed recently go last. When the queue is full, the network and address that fill it give way. Workers may end
// a request in the middle of its work, and its timers with it. So every place becomes free after a while, and nothing
// here depends on another request's timer.
import { GatewayError } from '../errors.ts'
import { createFairQueue } from './fair-queue.ts'

/** Identifies the caller that asks for the work. */
export interface Turn {
  /** The address in its normalised form, as the limiters count it. */
  readonly address: string
  /** Whether other callers go first. */
  readonly yields?: boolean
}
/** @throws {GatewayError} `overloaded` (503) when the queue is full or the wait is too long */
export type KdfGate = <T>(work: () => Promise<T>, turn?: Turn) => Promise<T>

interface Place {
  readonly since: number
}
interface Waiting {
  readonly start: (place: Place) => void
  readonly refuse: () => void
}

/** @param lostMs after this time, the work counts as lost together with its request, and its place becomes free */
export function createKdfGate (
  { atOnce = 2, queued = 512, waitMs = 10_000, lostMs = 20_000, monotonic = () => performance.now() } = {},
): KdfGate {
  const running = new Set<Place>()
  const first = createFairQueue<Waiting>()
  const later = createFairQueue<Waiting>()

  return async (work, turn = { address: '' }) => {
    const place = await take(turn)
    try {
      return await work()
    } finally {
      give(place)
    }
  }

  async function take (turn: Turn): Promise<Place> {
    const now = monotonic()
    for (const place of running) if (now - place.since >= lostMs) running.delete(place)
    if (running.size >= atOnce) return queue(turn)
    const place = { since: now }
    running.add(place)
    return place
  }

  function give (place: Place): void {
    if (!running.delete(place)) return // The gate counted this work as lost and gave its place away.
    const next = first.next() ?? later.next()
    if (next === undefined) return
    const following = { since: monotonic() }
    running.add(following)
    next.start(following)
  }

  function queue ({ address, yields = false }: Turn): Promise<Place> {
    const row = yields ? later : first
    if (first.size() + later.size() >= queued && !makeRoom(row, address)) throw busy()
    return new Promise((resolve, reject) => {
      const entry: Waiting = {
        start: place => {
          leave()
          resolve(place)
        },
        refuse: () => {
          leave()
          reject(busy())
        },
      }
      const leave = () => {
        clearTimeout(timer)
        row.remove(address, entry)
      }
      const timer = setTimeout(entry.refuse, waitMs)
      row.add(address, entry)
    })
  }

  /**
   * Refuses the last item of the network that holds the most of the queue, unless that is the newcomer's own network.
   */
  function makeRoom (row: typeof first, address: string): boolean {
    const from = later.size() > 0 ? later : row
    const last = from.surplus(from === row ? address : null)
    last?.refuse()
    return last !== undefined
  }
}

function busy (): GatewayError {
  return new GatewayError('overloaded', 'Too many sign-ins at once. Try again in a moment.', { retryAfterSeconds: 1 })
}
