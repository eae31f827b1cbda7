// Tells whether a reply is under way on a connection whose next request cannot be parsed.
//
// Why: a second reply in the middle of another would be read as its body.
// Relies on: `socket._httpMessage`, the response that Node writes to a socket at the moment.
// Check: a response that is assigned to a socket shows there.
// Without it: true, so that the connection is cut without a reply.
// Remove: when Node's `clientError` event brings the response that is under way.
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'

interface HttpSocket extends Socket {
  readonly _httpMessage?: Pick<ServerResponse, 'headersSent'> | null
}

let isKnown: boolean | undefined

export function hasBegunReply (socket: Socket, isShown: boolean = isKnown ??= showsReply()): boolean {
  return !isShown || (socket as HttpSocket)._httpMessage?.headersSent === true
}

function showsReply (): boolean {
  const socket: HttpSocket = new Socket()
  const response = new ServerResponse(new IncomingMessage(socket))
  response.assignSocket(socket)
  const isShown = socket._httpMessage === response
  response.detachSocket(socket)
  socket.destroy()
  return isShown
}
