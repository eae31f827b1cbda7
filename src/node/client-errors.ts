// Answers what Node refuses by itself, before there is a request: malformed HTTP, headers that are too many or too
// slow, an unknown expectation. The answer is JSON as everywhere, and the connection closes, because the place where
// the next request begins is unknown. RFC 9112 section 2.2.
import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { randomUUID } from 'node:crypto'
import { renderOpenAiError } from '../dialects/shared/openai-error.ts'
import { GatewayError } from '../errors.ts'
import { everyReply } from '../security-headers.ts'
import { hasBegunReply } from './internals/reply-begun.ts'
import { linger } from './linger.ts'
import type { RefusalLog } from './refusal-log.ts'

export interface ClientErrors {
  /** For Node's `clientError`. */
  readonly malformed: (error: Error & { readonly code?: string }, socket: Socket) => void
  /** For Node's `checkExpectation`: anything but 100-continue. */
  readonly expectation: (request: IncomingMessage, response: ServerResponse) => void
}

export function createClientErrors (note: RefusalLog, lingerMs: number): ClientErrors {
  return {
    malformed (error, socket) {
      if (error.code === 'ECONNRESET' || !socket.writable || hasBegunReply(socket)) {
        socket.destroy()
        return
      }
      const { id, status, headers, body } = render(toError(error.code))
      note({ reqId: id, status, fault: error.code, address: socket.remoteAddress })
      const lines = Object.entries({ ...headers, 'content-length': String(Buffer.byteLength(body)),
        connection: 'close' }).map(([name, value]) => `${name}: ${value}\r\n`).join('')
      socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines}\r\n${body}`)
      linger(socket, lingerMs)
    },
    expectation ({ socket }, response) {
      const { id, status, headers, body } = render(
        new GatewayError('expectation_failed', 'The only expectation this server knows is 100-continue.'),
      )
      note({ reqId: id, status, fault: 'expectation_failed', address: socket.remoteAddress })
      response.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' })
        .end(body)
    },
  }
}

function toError (code = ''): GatewayError {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new GatewayError('headers_too_large', 'The headers of the request are too large.')
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new GatewayError('request_timeout', 'The request did not arrive in time.')
  }
  return new GatewayError('invalid_request', 'This is not well-formed HTTP/1.1.')
}

function render (error: GatewayError): { id: string, status: number, headers: Record<string, string>, body: string } {
  const id = randomUUID()
  const { status, headers, body } = renderOpenAiError(error, { id, headers: {} })
  return { id, status, headers: { ...everyReply, 'x-request-id': id, ...headers },
    body: typeof body === 'string' ? body : '' }
}
