// The engine of hot state as the gateway uses it: bounded in time, and never an error for a request. While it is out of
// reach, callers use the memory and the limits of their own process.
import type { Clock, Log } from '../contract.ts'
import { toGatewayError } from '../errors.ts'
import type { HotResults, HotState, HotStep } from '../store/hot-state.ts'

export interface Engine
  extends Pick<HotState, 'kind' | 'keepsAddresses' | 'maxValueLength' | 'countsEachCall' | 'leaseMs'> {
  /** True while no other process uses the engine. */
  readonly isAlone: () => boolean
  /** Whether to ask it at all: false while this process is alone, and during an outage. */
  readonly isOn: () => boolean
  /** Null if the engine does not answer, or not in time; it is then unknown which steps it took. */
  readonly run: <const Steps extends readonly HotStep[]>(
    owner: string,
    steps: Steps,
  ) => Promise<HotResults<Steps> | null>
  /** Never throws. */
  readonly forget: (owner: string) => Promise<void>
}

const longestMs = 2_000
/** After a failure, the next call is allowed after this time; twice as long after each further one. */
const retryMs = { first: 500, most: 10_000 }

export function createEngine (hot: HotState, { monotonic, setTimer }: Clock, log: Log): Engine {
  /** Null: the engine answers. */
  let outage: { retryAt: number, pauseMs: number } | null = null

  return {
    kind: hot.kind,
    keepsAddresses: hot.keepsAddresses,
    maxValueLength: hot.maxValueLength,
    ...hot.countsEachCall === undefined ? {} : { countsEachCall: hot.countsEachCall },
    ...hot.leaseMs === undefined ? {} : { leaseMs: hot.leaseMs },
    isAlone: () => hot.isAlone?.() === true,
    isOn: () => hot.isAlone?.() !== true && (outage === null || monotonic() >= outage.retryAt),
    async run (owner, steps) {
      try {
        const results = await inTime(hot.run(owner, steps))
        succeeded()
        return results
      } catch (thrown) {
        failed(thrown)
        return null
      }
    },
    async forget (owner) {
      try {
        await inTime(hot.forget(owner))
      } catch (thrown) {
        failed(thrown)
      }
    },
  }

  function inTime<T> (work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = setTimer(() => {
        reject(new Error('the engine of hot state did not answer in time'))
      }, longestMs)
      work.then(resolve, reject).finally(cancel)
    })
  }

  function succeeded (): void {
    if (outage === null) return
    outage = null
    log.info({ event: 'hot-state', outcome: 'ok' }, 'the engine of hot state answers again')
  }

  /** One line for an outage, however long it is. Calls that began together fail together, and count once. */
  function failed (thrown: unknown): void {
    if (outage !== null && monotonic() < outage.retryAt) return
    if (outage === null) {
      log.warn({ event: 'hot-state', outcome: 'failed', code: toGatewayError(thrown).code, err: thrown },
        'the engine of hot state does not answer; limits hold for this process alone until it does')
    }
    const pauseMs = outage === null ? retryMs.first : Math.min(outage.pauseMs * 2, retryMs.most)
    outage = { retryAt: monotonic() + pauseMs, pauseMs }
  }
}
