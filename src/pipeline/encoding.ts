// The encodings of a request's body, and how much it may become when it is unpacked. The runtimes unpack, each by its
// own means. docs/spec/limits.md#t44
import type { ReceivedHeaders } from '../contract.ts'
import { GatewayError, tooLarge } from '../errors.ts'

export const encodings = ['gzip', 'deflate', 'br', 'zstd'] as const
export type Encoding = typeof encodings[number]

/** What the runtime unpacks with. `deflate-raw`: some clients leave the envelope of `deflate` out. */
export type Format =
  | Encoding
  | 'deflate-raw'

/** Real conversations shrink by less than this; a body of zeros shrinks by a thousand. */
const maxRatio = 200
const smallBytes = 1_048_576

/**
 * Null for a plain body. @throws {GatewayError} `unsupported_media_type` for several encodings and for unknown ones
 * @param known those that the runtime unpacks
 */
export function encodingOf (headers: ReceivedHeaders, known: readonly Encoding[] = encodings): Encoding | null {
  const named = headers['content-encoding']?.trim().toLowerCase() ?? ''
  if (named === '' || named === 'identity') return null
  const found = known.find(encoding => encoding === named || `x-${encoding}` === named)
  if (found !== undefined) return found
  throw new GatewayError('unsupported_media_type',
    `Send the body without content-encoding, or with one of ${known.join(', ')}.`)
}

export function formatOf (encoding: Encoding, [first = 0, second = 0]: Uint8Array): Format {
  const hasEnvelope = (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0
  return encoding === 'deflate' && !hasEnvelope ? 'deflate-raw' : encoding
}

/** The most bytes that a body may become. A tiny body may grow more: it does no harm. */
export function unpackedLimit (packedBytes: number, maxBytes: number): number {
  return Math.min(maxBytes, Math.max(packedBytes * maxRatio, smallBytes))
}

/** For a body that becomes more than `limit`, which `unpackedLimit` gave. */
export function unpacksTooLarge (limit: number, maxBytes: number): GatewayError {
  return limit === maxBytes
    ? tooLarge(maxBytes)
    : new GatewayError('request_too_large', `The body becomes more than ${maxRatio} times larger when it is unpacked.`)
}

export function cannotUnpack (encoding: Encoding, cause: unknown): GatewayError {
  return new GatewayError('invalid_request', `The body is not valid ${encoding}.`, { cause })
}

export function hasLeftover (encoding: Encoding): GatewayError {
  return new GatewayError('invalid_request', `The body goes on after the end of its ${encoding} data.`)
}
