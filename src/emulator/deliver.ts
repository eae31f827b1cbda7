// Sends a reply, possibly damaged by a fault. Applies back-pressure, and stops as soon as the client leaves.
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { constants, createGzip, gzipSync } from 'node:zlib'
import { errorEvent } from './broken-reply.ts'
import { writeEvents } from './sse-writer.ts'
import type { ServerResponse } from 'node:http'
import type { Fault } from './faults.ts'
import type { Reply, SseEvent } from './reply.ts'
import type { Wire, Write } from './sse-writer.ts'

export interface Delivery {
  readonly reply: Reply
  readonly fault: Fault | undefined
  readonly wire: Wire
  readonly delayMs: number
  /** Fires when the connection closes. */
  readonly signal: AbortSignal
  /** Closes the connection from the server's side, by RST or by FIN. */
  readonly cut: (reset: boolean) => void
}

/** Gives the client time to read before a reset discards written data, in milliseconds. */
const settleMs = 25

export async function deliver (response: ServerResponse, delivery: Delivery): Promise<void> {
  const { reply, fault, signal } = delivery
  if (fault?.kind === 'delay') await sleep(fault.ms, undefined, { signal })
  if (reply.events === undefined) await deliverBody(response, delivery)
  else await deliverEvents(response, delivery, reply.events)
}

async function deliverBody (
  response: ServerResponse,
  { reply: { status, headers, body = '' }, fault, signal, cut }: Delivery,
): Promise<void> {
  const zipped = fault?.kind === 'gzip'
  const bytes = zipped ? gzipSync(body) : Buffer.from(body)
  response.writeHead(status, { ...headers, ...(zipped ? { 'content-encoding': 'gzip' } : {}),
    'content-length': bytes.length })
  if (fault?.kind !== 'reset-after' && fault?.kind !== 'eof-after' && fault?.kind !== 'stall-after') {
    response.end(bytes)
    return
  }
  response.write(bytes.subarray(0, bytes.length / 2))
  await sleep(fault.kind === 'stall-after' ? fault.ms : settleMs, undefined, { signal })
  if (fault.kind === 'stall-after') response.end(bytes.subarray(bytes.length / 2))
  else cut(fault.kind === 'reset-after')
}

async function deliverEvents (
  response: ServerResponse,
  { reply, fault, wire, delayMs, signal, cut }: Delivery,
  events: Iterable<SseEvent>,
): Promise<void> {
  const zipped = fault?.kind === 'gzip'
  response.writeHead(reply.status, { ...reply.headers, ...(zipped ? { 'content-encoding': 'gzip' } : {}) })
  response.flushHeaders()
  const { write, end } = zipped ? createZippedSink(response) : createSink(response, signal)
  await writeEvents(paced(events, { fault, delayMs, signal, dialect: reply.dialect ?? 'chat' }), wire, write)
  if (fault?.kind === 'reset-after') {
    await sleep(settleMs, undefined, { signal })
    cut(true)
  } else end()
}

interface Pace {
  fault: Fault | undefined
  delayMs: number
  signal: AbortSignal
  dialect: NonNullable<Reply['dialect']>
}

async function* paced (
  events: Iterable<SseEvent>,
  { fault, delayMs, signal, dialect }: Pace,
): AsyncGenerator<SseEvent> {
  const at = fault !== undefined && 'events' in fault ? fault.events : Infinity
  let count = 0
  for (const event of events) {
    if (count === at) {
      if (fault?.kind !== 'stall-after') break
      await sleep(fault.ms, undefined, { signal })
    }
    if (delayMs > 0 && count > 0) await sleep(delayMs, undefined, { signal })
    signal.throwIfAborted()
    count++
    yield event
  }
  if (fault?.kind === 'error-after') yield errorEvent(dialect, fault.error, fault.form)
}

interface Sink {
  write: Write
  end: () => void
}

function createSink (response: ServerResponse, signal: AbortSignal): Sink {
  return {
    write: async bytes => {
      signal.throwIfAborted()
      if (!response.write(bytes)) await once(response, 'drain', { signal })
    },
    end: () => {
      response.end()
    },
  }
}

/** Flushes every write, so that a compressed stream still streams. */
function createZippedSink (response: ServerResponse): Sink {
  const gzip = createGzip({ flush: constants.Z_SYNC_FLUSH })
  gzip.pipe(response)
  return {
    write: bytes => new Promise(resolve => gzip.write(bytes, () => resolve())),
    end: () => {
      gzip.end()
    },
  }
}
