// Reads whole bodies from upstream, within a limit: upstream is as untrusted as a client.
import type { UpstreamBody } from '../body.ts'
import { concatBytes } from '../bytes.ts'
import { GatewayError, toGatewayError } from '../errors.ts'
import { isObject, parseJson, type JsonObject } from '../json.ts'
import type { UpstreamResponse } from './send.ts'

const utf8 = new TextDecoder()

/**
 * As text, without a byte order mark.
 * @throws {GatewayError} `upstream_error` when it is longer than `maxBytes` or breaks off, `upstream_timeout`,
 * `client_gone`
 */
export function readText ({ body }: UpstreamResponse, maxBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const pieces: Uint8Array[] = []
    let length = 0
    body.start({
      bytes (piece) {
        pieces.push(piece)
        length += piece.length
        if (length <= maxBytes) return
        body.cancel()
        reject(new GatewayError('upstream_error', 'The answer from upstream is too large.'))
      },
      end () {
        resolve(toText(pieces, body))
      },
      fail (reason) {
        reject(toBodyError(reason))
      },
    })
  })
}

function toBodyError (thrown: unknown): GatewayError {
  const error = toGatewayError(thrown)
  return error.code === 'internal'
    ? new GatewayError('upstream_error', 'The answer from upstream broke off.', { cause: thrown })
    : error
}

/** Most bodies arrive in one piece, which is decoded without a copy. */
function toText (pieces: readonly Uint8Array[], { decode }: UpstreamBody): string {
  const [first] = pieces
  const whole = pieces.length === 1 && first !== undefined ? first : concatBytes(pieces)
  if (decode === undefined) return utf8.decode(whole)
  const text = decode(whole)
  return text.startsWith('\ufeff') ? text.slice(1) : text
}

/**
 * As `readText`, for an error's body: a body that is too long is cut off, and one that breaks off is kept as far as it
 * came.
 */
export function readExcerpt ({ body }: UpstreamResponse, maxBytes: number): Promise<string> {
  return new Promise(resolve => {
    const pieces: Uint8Array[] = []
    let length = 0
    const settle = () => {
      resolve(utf8.decode(concatBytes(pieces)))
    }
    body.start({
      bytes (piece) {
        if (length >= maxBytes) return
        pieces.push(piece.subarray(0, maxBytes - length))
        length += piece.length
        if (length < maxBytes) return
        body.cancel()
        settle()
      },
      end: settle,
      fail: settle,
    })
  })
}

/** A JSON object, or null. Errors also arrive as `text/plain`, so the content type is ignored. */
export function parseObject (text: string): JsonObject | null {
  try {
    const value = parseJson(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}
