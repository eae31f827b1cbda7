// From a fetch Request to a Call. Nothing of the body is read before the caller is known.
import { concatBytes } from '../bytes.ts'
import type { Bytes, ReceivedHeaders } from '../contract.ts'
import { ClientGone, GatewayError } from '../errors.ts'

const nothing: Bytes = new Uint8Array(0)

/** Headers of which a second one would leave open which of them counts. */
const single = ['authorization', 'x-api-key', 'x-copilot-account-type', 'content-type'] as const

/**
 * fetch joins repeated headers with a comma, which none of these can hold by itself.
 * @throws {GatewayError} `invalid_request`
 */
export function assertSingle (headers: ReceivedHeaders): void {
  for (const name of single) {
    if (headers[name]?.includes(',') === true) {
      throw new GatewayError('invalid_request', `The header ${name} is there twice.`, { param: name })
    }
  }
}

/** As on Node; some twenty of the headers may be Cloudflare's own. */
const most = { headers: 120, urlLength: 2_048 } as const

/** @throws {GatewayError} `headers_too_large` (431), `uri_too_long` (414) */
export function assertModest ({ url }: Request, headers: ReceivedHeaders): void {
  if (Object.keys(headers).length > most.headers) {
    throw new GatewayError('headers_too_large', `The request has more than ${most.headers} headers.`)
  }
  if (url.length > most.urlLength + maxHostLength) {
    throw new GatewayError('uri_too_long', `The address is longer than ${most.urlLength} bytes.`)
  }
}
const maxHostLength = 'https://'.length + 253

/** Cloudflare sets it and lets no client do so. Without it (a service binding) all share one address. */
export function clientAddress (request: Request): string {
  return request.headers.get('cf-connecting-ip') ?? 'unknown'
}

/** Path and query as they came; the URL class would resolve `..` in a path that the router has to see. */
export function splitUrl (
  url: string,
): { readonly host: string, readonly path: string, readonly query: URLSearchParams } {
  const [, host = '', rest = ''] = /^[a-z]+:\/\/([^/?#]*)([^#]*)/i.exec(url) ?? []
  const at = rest.indexOf('?')
  const path = at === -1 ? rest : rest.slice(0, at)
  return { host, path: path === '' ? '/' : path, query: new URLSearchParams(at === -1 ? '' : rest.slice(at + 1)) }
}

/** @throws {GatewayError} `request_too_large`, by the length that is announced or once that much came; {ClientGone} */
export async function readBody (request: Request, maxBytes: number): Promise<Bytes> {
  const tooLarge = () =>
    new GatewayError('request_too_large', 'The body is larger than this proxy takes (MAX_BODY_BYTES).')
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge()
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
      throw tooLarge()
    }
    parts.push(value)
  }
  return concatBytes(parts)
}
