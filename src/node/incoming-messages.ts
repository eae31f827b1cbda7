// Takes the messages of a WebSocket, within the limits that HTTP has for bodies: the memory of the process, and a least
// speed of the client. `ws` keeps a message until it is complete, so the bytes are counted as they arrive.
import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { Bytes } from '../contract.ts'
import { closeCode, type Session } from '../socket.ts'
import { createPace, type BodyReader, type PaceLimits } from './body.ts'

/** @returns a function that gives back what an unfinished message takes */
export type MessageReader = (webSocket: WebSocket, socket: Socket, session: Session) => () => void

/** A message of this size must keep the pace of a body. Below it, frames without a message would count too. */
const pacedBytes = 65_536

export function createMessageReader (bodies: Pick<BodyReader, 'hold'>, limits: PaceLimits): MessageReader {
  return (webSocket, socket, session) => {
    let arriving = bodies.hold()
    let pace: { readonly stop: () => void } | null = null
    const forget = () => {
      pace?.stop()
      pace = null
      arriving.release()
    }
    // Before the listener of `ws`, which completes the message.
    socket.prependListener('data', (chunk: Buffer) => {
      if (arriving.add(chunk.length) !== null) return refuse(closeCode.tryLater, 'too many large messages at once')
      if (pace === null && arriving.bytes() > pacedBytes) {
        pace = createPace(limits, arriving.bytes, () => {
          refuse(closeCode.policy, 'the message arrives too slowly')
        })
      }
    })
    webSocket.on('message', (data: Buffer) => {
      forget()
      arriving = bodies.hold()
      const held = bodies.hold()
      if (held.add(data.length) !== null) {
        held.release()
        return refuse(closeCode.tryLater, 'too many large messages at once')
      }
      session.receive(data as Bytes, held.release)
      // A client that does not read is not read either.
      if (socket.writableNeedDrain) webSocket.pause()
    })
    return forget

    function refuse (code: number, reason: string): void {
      forget()
      webSocket.close(code, reason)
    }
  }
}
