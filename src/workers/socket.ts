// Switches a request to WebSocket, and takes each message through the steps of a request. The connection is part of the
// request that opened it, so all its messages share that request's limit of calls to upstream.
import { utf8 } from '../bytes.ts'
import type { Account } from '../auth/account.ts'
import type { Bytes, Call, Headers as ReplyHeaders, Reply } from '../contract.ts'
import { toGatewayError } from '../errors.ts'
import { closeCode, type Opening, type Peer, type Session, type SocketHandler } from '../socket.ts'

/** What every message has in common with the request that opened the connection. */
export interface SocketRequest {
  readonly call: Pick<Call, 'params' | 'query' | 'host' | 'protocol' | 'address' | 'headers' | 'defer'>
  readonly id: string
  readonly maxBytes: number
  /** @throws {GatewayError} if the credentials are no longer valid */
  readonly prove: (id: string) => Promise<Account | null>
  readonly fail: (thrown: unknown, id: string, isGone: boolean) => Reply
  readonly note: (id: string, status: number, beganAt: number) => void
  readonly now: () => number
  /** Called when the connection is closed. */
  readonly onEnd: () => void
}

/** The platform's types of the two ends. */
declare const WebSocketPair: new() => { readonly 0: PlatformSocket, readonly 1: PlatformSocket }
interface PlatformSocket extends WebSocket {
  accept: () => void
}

/** The free plan allows a request fifty calls. Some messages need two or three. */
const maxMessages = 40

export function openSocket (request: SocketRequest, connect: SocketHandler, replyHeaders: ReplyHeaders): Response {
  const { 0: theirs, 1: ours } = new WebSocketPair()
  ours.binaryType = 'arraybuffer'
  ours.accept()
  const session = connect(createOpening(request, toPeer(ours)))
  listen(ours, session, request)
  const protocol = request.call.headers['sec-websocket-protocol']?.split(',', 1)[0]?.trim()
  return new Response(null,
    { status: 101, webSocket: theirs,
      headers: { ...replyHeaders,
        ...(protocol === undefined ? {} : { 'sec-websocket-protocol': protocol }) } } as object)
}

function listen (ours: PlatformSocket, session: Session, { maxBytes, onEnd }: SocketRequest): void {
  let hasEnded = false
  const end = () => {
    if (hasEnded) return
    hasEnded = true
    session.closed()
    onEnd()
  }
  ours.addEventListener('message', ({ data }) => {
    const message: Bytes = typeof data === 'string' ? utf8(data) : new Uint8Array(data as ArrayBuffer)
    if (message.length > maxBytes) ours.close(closeCode.tooBig, 'the message is too large')
    else session.receive(message, () => {})
  })
  ours.addEventListener('close', ({ code }) => {
    // The platform leaves the answer to the client's close to the program.
    close(ours, code === noStatus ? closeCode.normal : code, '')
    end()
  })
  ours.addEventListener('error', end)
}

/** How the platform reports a close without a code. */
const noStatus = 1005

/** The platform buffers what a slow client has not read. It has no ping. */
function toPeer (ours: PlatformSocket): Peer {
  return {
    send (message) {
      if (ours.readyState === WebSocket.OPEN) ours.send(message)
      return true
    },
    ping: null,
    close: (code, reason) => {
      close(ours, code, reason)
    },
  }
}

/** Throws if the connection is closed already. */
function close (ours: PlatformSocket, code: number, reason: string): void {
  try {
    ours.close(code, reason)
  } catch {
    // The client was faster.
  }
}

function createOpening ({ call, id: openedAs, prove, fail, note, now }: SocketRequest, peer: Peer): Opening {
  const { 'content-type': _type, 'content-encoding': _encoding, ...headers } = call.headers
  let id = openedAs
  return {
    username: call.params['username'] ?? '',
    peer,
    maxMessages,
    async admit (bytes, ending) {
      const own = id = crypto.randomUUID()
      const beganAt = now()
      const end = (status: number) => {
        note(own, status, beganAt)
      }
      try {
        const account = await prove(id)
        return { end, call: { ...call, method: 'POST', id, headers, bytes, account, signal: ending.signal } }
      } catch (thrown) {
        end(toGatewayError(thrown).status)
        throw thrown
      }
    },
    fail: (thrown, isGone) => fail(thrown, id, isGone),
  }
}
