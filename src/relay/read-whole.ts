// A stream read to its end for a client that wants the whole: the same scanner and the same watchdog, nobody to send to.
import type { StreamTidy } from '../dialects/dialect.ts'
import { GatewayError } from '../errors.ts'
import { createPace, silent } from './pace.ts'
import { createScanner } from './scan.ts'

/** @throws {GatewayError} when the stream broke, was cut off, fell silent for `idleMs`, or told of a failure */
export async function readWhole (body: AsyncIterable<Uint8Array>, tidy: StreamTidy, idleMs: number): Promise<void> {
  const pace = createPace(Infinity)   // nobody to keep alive: only the limit counts
  const scanner = createScanner(tidy)
  const upstream = body[Symbol.asyncIterator]()
  try {
    while (!tidy.isDone()) {
      const step = await pace.wait(upstream.next(), idleMs, idle)
      if (step === silent) throw idle()
      if (step.done === true) break
      scanner.push(step.value)
      scanner.assertSound()
    }
    scanner.end()
  } catch (thrown) {
    throw thrown instanceof GatewayError ? thrown : new GatewayError('upstream_error', 'The connection to Copilot broke in the middle of its answer.', { cause: thrown })
  } finally {
    pace.stop()
    upstream.return?.()?.catch(() => {})
  }
}

function idle (): GatewayError {
  return new GatewayError('upstream_timeout', 'Copilot stopped sending in the middle of its answer.')
}
