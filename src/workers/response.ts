// Makes a Response from a Reply: bytes and text unchanged, a flow as a stream that fills only as fast as the client
// reads.
import { utf8 } from '../bytes.ts'
import type { Flow, Headers as ReplyHeaders, Reply } from '../contract.ts'

export interface Ending {
  /** The client left before the end. */
  readonly onLeave: () => void
  /** Called once, when the answer is finished. */
  readonly onEnd: () => void
}

export function toResponse ({ status, headers, body }: Reply, more: ReplyHeaders, ending: Ending): Response {
  const init = { status, headers: { ...more, ...headers } }
  if (body === null || typeof body === 'string' || body instanceof Uint8Array) {
    ending.onEnd()
    return new Response(body, init)
  }
  return new Response(toStream(body, ending), init)
}

/** Bytes that may wait for a slow client; beyond that, upstream is not read. */
const queuedBytes = 65_536

/** When the client leaves, the call's signal fires, and the flow ends. */
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
    pull () {
      flow.resume()
    },
    cancel () {
      hasLeft = true
      onLeave()
    },
  }, { highWaterMark: queuedBytes, size: piece => piece.length })
}
