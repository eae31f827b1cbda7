// The HTTP server: records every request, applies faults, and calls the host that the path names.
import { createServer } from 'node:http'
import { changeReply, replyInstead } from './broken-reply.ts'
import { deliver } from './deliver.ts'
import { findLeaks } from './leaks.ts'
import { openRecord, readBody } from './record.ts'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Faults } from './faults.ts'
import type { Reply } from './reply.ts'
import type { RecordedRequest } from './types.ts'
import type { Wire } from './sse-writer.ts'

export interface ServerOptions {
  readonly now: () => number
  readonly faults: Faults
  readonly wire: Wire
  readonly delayMs: () => number
  readonly origin: () => string
  readonly requests: RecordedRequest[]
  readonly problem: (message: string) => void
  /** Called for every request, before faults. */
  readonly arrived: (request: RecordedRequest) => void
  readonly serve: (request: RecordedRequest) => Reply
}

export function createEmulatorServer (options: ServerOptions): Server {
  const server = createServer((request, response) => {
    void handle(options, request, response)
  })
  // If the server closed a pooled connection while a request is on its way, that would look like an unscripted fault.
  server.keepAliveTimeout = 0
  server.requestTimeout = 0
  server.headersTimeout = 0
  server.on('connection', socket => socket.setNoDelay(true))
  return server
}

async function handle (options: ServerOptions, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { now, faults, wire, requests, origin } = options
  const record = openRecord(incoming, now())
  if (record === null) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('no such host\n')
    return
  }
  const gone = new AbortController()
  let cutByUs = false
  const cut = (reset: boolean): void => {
    cutByUs = true
    if (reset) response.socket?.resetAndDestroy()
    else response.socket?.destroySoon()
  }
  response.on('close', () => {
    record.closedAt = now()
    record.aborted = !response.writableFinished && !cutByUs
    gone.abort()
  })
  requests.push(record)
  if (!await readBody(incoming, record)) return
  // A person's browser opens this page, so it sends a browser's headers.
  if (record.path !== '/login/device') findLeaks(record, incoming.url ?? '', origin()).forEach(options.problem)
  options.arrived(record)
  const fault = faults.take(record)
  if (fault?.kind === 'hang') return
  if (fault?.kind === 'reset-before') return cut(true)
  try {
    const reply = changeReply(replyInstead(fault) ?? options.serve(record), fault)
    record.status = reply.status
    await deliver(response, { reply, fault, wire: { ...wire }, delayMs: options.delayMs(), signal: gone.signal, cut })
  } catch (thrown) {
    if (gone.signal.aborted) return
    options.problem(`the emulator failed: ${String(thrown)}`)
    response.destroy()
  }
}
