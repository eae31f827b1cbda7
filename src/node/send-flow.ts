// Sends a flow into Node's response, with back-pressure. Fastify sends streams only: a Readable, its pipe and their
// promises between each piece and the socket would cost as much as the rest of the relay.
import type { ServerResponse } from 'node:http'
import type { Flow, Sink } from '../contract.ts'
import { createOwnChunks } from './internals/own-chunks.ts'

/** Call it after `writeHead`. */
export function sendFlow (flow: Flow, response: ServerResponse): void {
  response.on('error', () => {}) // the close follows, and ends the request
  const resume = () => {
    flow.resume()
  }
  response.on('drain', resume)
  flow.start(createOwnChunks(response, resume) ?? toSink(response))
  // Sends the status at once, without waiting for the first token.
  setImmediate(() => {
    if (!response.destroyed && !response.writableEnded) response.flushHeaders()
  })
}

/** Ignores writes after the client disconnects. */
function toSink (response: ServerResponse): Sink {
  return {
    write: piece => response.destroyed || response.write(piece),
    end (last) {
      if (!response.destroyed) response.end(last)
    },
  }
}
