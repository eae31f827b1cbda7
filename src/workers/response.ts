// A Reply on its way into a Response: bytes and text as they are, a flow as a stream that is filled only as fast as the
// client reads.
import { utf8 } from '../bytes.ts'
import type { Flow, Headers as ReplyHeaders, Reply } from '../contract.ts'

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

/** So many bytes may wait for a client that reads slowly; then upstream is not read either. */
const queuedBytes = 65_536

/** The flow hears of a client that left by the call's signal, and ends then. */
function toStream (flow: Flow, { onLeave, onEnd }: Ending): ReadableStream<Uint8Array> {
  let hasLeft = false
  return new ReadableStream<Uint8Array>({
    start (controller) {
      const write = (piece: Uint8Array | string): boolean => {
        if (hasLeft) return true
        controller.enqueue(typeof piece === 'string' ? utf8(piece) : piece)
        return (controller.desiredSize ?? 0) > 0
      }
      flow.start({
        write,
        end (last) {
          if (last !== undefined && last.length > 0) write(last)
          if (!hasLeft) controller.close()
          onEnd()
        },
      })
    },
    pull () { flow.resume() },
    cancel () {
      hasLeft = true
      onLeave()
    },
  }, { highWaterMark: queuedBytes, size: piece => piece.length })
}
