// Reads a stream to its end for a client that wants a whole answer: with the same scanner and the same watchdog, but
// without a receiver.
import type { Clock } from '../contract.ts'
import type { StreamRepair } from '../dialects/contract/dialect.ts'
import { ClientGone, GatewayError, toGatewayError } from '../errors.ts'
import type { UpstreamBody } from '../body.ts'
import { brokeOff, fellSilent } from './failures.ts'
import { createScanner } from './scan.ts'
import { createWatch } from './watch.ts'

/**
 * @param signal ends the reading; for a stream whose own call has another signal
 * @throws {GatewayError} when the stream broke, was cut off, was silent for `idleMs`, or reported a failure
 */
export function readWhole (
  body: UpstreamBody,
  repair: StreamRepair,
  idleMs: number,
  clock: Pick<Clock, 'monotonic' | 'setTimer'>,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const scanner = createScanner(repair, body.decode)
    const settle = (work: () => void): void => {
      watch.stop()
      signal?.removeEventListener('abort', onAbort)
      body.cancel()
      try {
        work()
        resolve()
      } catch (thrown) {
        reject(
          thrown instanceof ClientGone
            ? toGatewayError(thrown)
            : thrown instanceof GatewayError
            ? thrown
            : brokeOff(thrown),
        )
      }
    }
    const watch = createWatch({ clock, heartbeatMs: Infinity, onSilent () {}, onLimit: () => {
      settle(() => {
        throw fellSilent()
      })
    } })
    const onAbort = (): void => {
      settle(() => {
        throw signal?.reason
      })
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    watch.limit(idleMs)
    let isSettled = false
    body.start({
      bytes (piece) {
        if (isSettled) return
        watch.onUpstream()
        scanner.push(piece)
        isSettled = repair.isDone() || !scanner.isSound()
        if (isSettled) {
          settle(() => {
            scanner.end()
          })
        }
      },
      end () {
        settle(() => {
          scanner.end()
        })
      },
      fail (reason) {
        settle(() => {
          throw reason
        })
      },
    })
  })
}
