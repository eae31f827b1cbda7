// Reads a request's body into memory, within three limits: one for the route, one for all bodies of the process, and a
// least speed of the client. The caller is already known.
import type { IncomingMessage } from 'node:http'
import type { Bytes } from '../contract.ts'
import { ClientGone, GatewayError, tooLarge } from '../errors.ts'
import { createBodyMemory, full, type HeldBody } from './body-memory.ts'
import type { NodeLimits } from './limits.ts'
import type { RequestEnd } from './request-end.ts'

export interface BodyReader {
  /**
   * Calls `done` once: with the body, with `ClientGone`, or with a GatewayError: `request_too_large`,
   * `request_timeout`, `overloaded`.
   * @param atEnd gets a function that lets go of the body
   */
  readonly read: (request: IncomingMessage, maxBytes: number, atEnd: RequestEnd, done: Done) => void
  /** Counts what a body takes in addition. */
  readonly hold: () => HeldBody
  /** Bytes of all bodies in memory. */
  readonly buffered: () => number
}

type BodyLimits = Pick<NodeLimits,
  'bufferedBytes' | 'firstBodyBytes' | 'firstBodyMs' | 'bodyBytesPerSecond' | 'checkMs'>
type Done = (error: Error | null, body?: Bytes) => void

export function createBodyReader (limits: BodyLimits): BodyReader {
  const memory = createBodyMemory(limits.bufferedBytes)
  return {
    buffered: memory.used,
    hold: memory.hold,
    read (request, maxBytes, atEnd, done) {
      const declared = Number(request.headers['content-length'] ?? 0)
      if (declared > maxBytes) return done(tooLarge(maxBytes))
      if (memory.used() + declared > limits.bufferedBytes) return done(full())
      const held = memory.hold()
      atEnd.add(held.release)
      const count = (bytes: number): GatewayError | null => {
        const refusal = held.add(bytes)
        return held.bytes() > maxBytes ? tooLarge(maxBytes) : refusal
      }
      // A short body arrives in one piece with its headers, but Node parses it only after the work that the headers
      // trigger. So wait until Node has read that piece: the body is then complete, and needs neither listeners nor a
      // timer.
      setImmediate(() => {
        if (request.destroyed) return done(new ClientGone())
        const whole = request.complete ? request.read() as Buffer | null : null
        if (whole === null) return collect(request, limits, count, held.bytes, done)
        const refusal = count(whole.length)
        if (refusal === null) done(null, whole as Bytes)
        else done(refusal)
      })
    },
  }
}

/** Reads piece by piece. @param count counts the bytes of a piece; an error refuses the body */
function collect (
  request: IncomingMessage,
  limits: PaceLimits,
  count: (bytes: number) => GatewayError | null,
  received: () => number,
  done: Done,
): void {
  const chunks: Buffer[] = []
  let isOver = false
  const pace = createPace(limits, received, fail)
  function fail (error: Error): void {
    if (isOver) return
    isOver = true
    pace.stop()
    request.off('data', take).off('end', end).off('close', gone).off('error', gone).pause()
    done(error)
  }
  function take (chunk: Buffer): void {
    const refusal = count(chunk.length)
    if (refusal === null) chunks.push(chunk)
    else fail(refusal)
  }
  // After a whole body, the only further event is the close, so no listener must be removed.
  function end (): void {
    isOver = true
    pace.stop()
    const [first] = chunks
    done(null, chunks.length === 1 && first !== undefined ? first as Bytes : Buffer.concat(chunks, received()))
  }
  function gone (): void {
    fail(new ClientGone())
  }
  request.on('data', take).on('end', end).on('close', gone).on('error', gone)
}

export type PaceLimits = Pick<NodeLimits, 'firstBodyBytes' | 'firstBodyMs' | 'bodyBytesPerSecond' | 'checkMs'>

/** Calls `tooSlow` once if the bytes arrive more slowly than the limits allow. */
export function createPace (
  { firstBodyBytes, firstBodyMs, bodyBytesPerSecond, checkMs }: PaceLimits,
  received: () => number,
  tooSlow: (error: GatewayError) => void,
): { stop: () => void } {
  let timer = setTimeout(first, firstBodyMs)
  let before = 0
  function first () {
    if (received() < firstBodyBytes) return late()
    before = received()
    timer = setTimeout(next, checkMs)
  }
  function next () {
    if (received() - before < bodyBytesPerSecond * checkMs / 1_000) return late()
    before = received()
    timer = setTimeout(next, checkMs)
  }
  function late () {
    tooSlow(new GatewayError('request_timeout', 'The body arrives too slowly.'))
  }
  return { stop: () => {
    clearTimeout(timer)
  } }
}
