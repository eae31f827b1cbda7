// Whole bodies from upstream: bounded, and as hostile as anything from a client.
import type { Bytes } from '../contract.ts'
import { GatewayError, toGatewayError } from '../errors.ts'
import { isObject, type JsonObject } from '../json.ts'
import type { UpstreamResponse } from './send.ts'

/** @throws {GatewayError} `upstream_error` when it is longer than `maxBytes` or breaks off, `upstream_timeout`, `client_gone` */
export async function readBytes (response: UpstreamResponse, maxBytes: number): Promise<Bytes> {
  const parts: Uint8Array[] = []
  let length = 0
  try {
    for await (const part of response.body) {
      length += part.length
      if (length > maxBytes) throw new GatewayError('upstream_error', 'The answer from upstream is too large.')
      parts.push(part)
    }
  } catch (thrown) { throw toBodyError(thrown) }
  const out = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

function toBodyError (thrown: unknown): GatewayError {
  const error = toGatewayError(thrown)
  return error.code === 'internal' ? new GatewayError('upstream_error', 'The answer from upstream broke off.', { cause: thrown }) : error
}

export async function readText (response: UpstreamResponse, maxBytes: number): Promise<string> {
  return new TextDecoder().decode(await readBytes(response, maxBytes))
}

/** As `readText`, for an error's body: what is over is cut off, not refused, and a break in it is an empty text. */
export async function readExcerpt (response: UpstreamResponse, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let length = 0
  try {
    for await (const part of response.body) {
      text += decoder.decode(part.subarray(0, maxBytes - length), { stream: true })
      length += part.length
      if (length >= maxBytes) break
    }
  } catch { /* what came so far is what there is */ }
  return text
}

/** A JSON object, or null. Errors come as `text/plain` too, so only the text counts. */
export function parseObject (text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch { return null }
}
