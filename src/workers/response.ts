// A Reply on its way into a Response: bytes and text as they are, an async iterable as a stream that is read only as
// fast as the client reads.
import { utf8 } from '../bytes.ts'
import type { Headers as ReplyHeaders, Reply } from '../contract.ts'

export interface Ending {
  /** The client left before the end. */
  readonly onLeave: () => void
  /** Once, when nothing of the answer is left to do. */
  readonly onEnd: () => void
}

export function toResponse ({ status, headers, body }: Reply, more: ReplyHeaders, ending: Ending): Response {
  const init = { status, headers: { ...headers, ...more } }
  if (body === null || typeof body === 'string' || body instanceof Uint8Array) {
    ending.onEnd()
    return new Response(body, init)
  }
  return new Response(toStream(body, ending), init)
}

/** Nothing is read ahead. A generator that waits hears of a client that left by the call's signal, not by `return`. */
function toStream (body: AsyncIterable<Uint8Array | string>, { onLeave, onEnd }: Ending): ReadableStream<Uint8Array> {
  const steps = body[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>({
    async pull (controller) {
      try {
        const step = await steps.next()
        if (step.done !== true) return controller.enqueue(typeof step.value === 'string' ? utf8(step.value) : step.value)
        controller.close()
        onEnd()
      } catch (thrown) {
        controller.error(thrown)
        onEnd()
      }
    },
    cancel () {
      onLeave()
      Promise.resolve(steps.return?.()).catch(() => {}).finally(onEnd)
    },
  }, { highWaterMark: 0 })
}
