// Reads a fetch Request: its client, its address, and at last its body.
import { concatBytes } from '../bytes.ts'
import type { Bytes } from '../contract.ts'
import { ClientGone, tooLarge } from '../errors.ts'

const nothing: Bytes = new Uint8Array(0)

/** Cloudflare sets this header and removes a client's own. Without it (a service binding) all share one address. */
export function clientAddress (request: Request): string {
  return request.headers.get('cf-connecting-ip') ?? 'unknown'
}

export interface SplitUrl {
  readonly protocol: 'http' | 'https'
  readonly host: string
  readonly path: string
  readonly query: URLSearchParams
  /** The length of path and query as received. */
  readonly length: number
}

/** Splits without the URL class, which would resolve `..` in a path that the router has to see. */
export function splitUrl (url: string): SplitUrl {
  const [, host = '', rest = ''] = /^[a-z]+:\/\/([^/?#]*)([^#]*)/i.exec(url) ?? []
  const at = rest.indexOf('?')
  const path = at === -1 ? rest : rest.slice(0, at)
  const protocol = /^https:/i.test(url) ? 'https' : 'http'
  return { protocol, host, path: path === '' ? '/' : path,
    query: new URLSearchParams(at === -1 ? '' : rest.slice(at + 1)), length: rest.length }
}

/** @throws {GatewayError} `request_too_large`, by the declared length or by the bytes that arrive; {ClientGone} */
export async function readBody (request: Request, maxBytes: number): Promise<Bytes> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes)
  if (request.body === null) return nothing
  const reader = (request.body as ReadableStream<Uint8Array>).getReader()
  const parts: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read().catch((): never => {
      throw new ClientGone()
    })
    if (done) break
    length += value.length
    if (length > maxBytes) {
      reader.cancel().catch(() => {})
      throw tooLarge(maxBytes)
    }
    parts.push(value)
  }
  return concatBytes(parts)
}
