// A request's body into memory: never more than its route takes, never more in all than this process can hold, and never
// so slowly that the connection is only held. The request is authenticated by now.
import type { IncomingMessage } from 'node:http'
import type { Bytes } from '../contract.ts'
import { ClientGone, GatewayError, tooLarge } from '../errors.ts'
import type { NodeLimits } from './limits.ts'

export interface BodyReader {
  /** At once where it is there already. @throws {GatewayError} `request_too_large`, `request_timeout`, `overloaded`. @throws {ClientGone} */
  readonly read: (request: IncomingMessage, maxBytes: number, onRelease: (release: () => void) => void) => Bytes | Promise<Bytes>
  /** Bytes of all bodies in memory. */
  readonly buffered: () => number
}

export function createBodyReader (limits: Pick<NodeLimits, 'bufferedBytes' | 'firstBodyBytes' | 'firstBodyMs' | 'bodyBytesPerSecond' | 'checkMs'>): BodyReader {
  let buffered = 0
  return {
    buffered: () => buffered,
    read (request, maxBytes, onRelease) {
      const declared = Number(request.headers['content-length'] ?? 0)
      if (declared > maxBytes) throw tooLarge(maxBytes)
      if (buffered + declared > limits.bufferedBytes) throw full()
      let own = 0
      onRelease(() => {
        buffered -= own
        own = 0
      })
      // A short body comes with its headers, and waited only for the sign-in.
      const whole = request.complete ? request.read() as Buffer | null : null
      if (whole !== null) {
        own = whole.length
        buffered += own
        if (own > maxBytes) throw tooLarge(maxBytes)
        if (buffered > limits.bufferedBytes) throw full()
        return whole as Bytes
      }
      return new Promise((resolve, reject) => {
        const chunks: Buffer[] = []
        let isWhole = false
        const pace = createPace(limits, () => own, error => settle(() => reject(error)))
        const settle = (act: () => void) => {
          pace.stop()
          request.off('data', take).off('end', end).off('close', gone).off('error', gone).pause()
          act()
        }
        const take = (chunk: Buffer) => {
          own += chunk.length
          buffered += chunk.length
          if (own > maxBytes) settle(() => reject(tooLarge(maxBytes)))
          else if (buffered > limits.bufferedBytes) settle(() => reject(full()))
          else chunks.push(chunk)
        }
        // A body that is whole tells nothing more but its close: no listener need be taken away.
        const end = () => {
          isWhole = true
          pace.stop()
          const [first] = chunks
          resolve(chunks.length === 1 && first !== undefined ? first as Bytes : Buffer.concat(chunks, own))
        }
        const gone = () => { if (!isWhole) settle(() => reject(new ClientGone())) }
        request.on('data', take).on('end', end).on('close', gone).on('error', gone)
      })
    },
  }
}

type PaceLimits = Pick<NodeLimits, 'firstBodyBytes' | 'firstBodyMs' | 'bodyBytesPerSecond' | 'checkMs'>

function createPace ({ firstBodyBytes, firstBodyMs, bodyBytesPerSecond, checkMs }: PaceLimits, received: () => number, tooSlow: (error: GatewayError) => void): { stop: () => void } {
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
  function late () { tooSlow(new GatewayError('request_timeout', 'The body arrives too slowly.')) }
  return { stop: () => { clearTimeout(timer) } }
}

function full (): GatewayError {
  return new GatewayError('overloaded', 'This proxy holds as many request bodies as it can. Try again in a moment.', { retryAfterSeconds: 1 })
}
