// Only this host's own pages, and tools without a browser, may call the account and device routes. A page of another
// origin must not call them through a visitor's browser.
import type { Call } from '../contract.ts'
import { GatewayError } from '../errors.ts'

/**
 * If the browser sends fetch metadata, it decides (browsers send none over plain http beyond loopback). Otherwise
 * `Origin` decides. A request with neither comes from a tool or from a plain link.
 * @throws {GatewayError} `cross-site` (403)
 */
export function assertSameOrigin (request: Pick<Call, 'headers' | 'host'>, publicOrigin: string | null): void {
  if (!isSameOrigin(request, publicOrigin)) throw crossSite()
}

export function isSameOrigin ({ headers, host }: Pick<Call, 'headers' | 'host'>, publicOrigin: string | null): boolean {
  const site = headers['sec-fetch-site']
  if (site === 'same-origin' || site === 'none') return true
  const origin = headers['origin']
  return site === undefined && (origin === undefined || isOwnAddress(origin, host, publicOrigin))
}

/**
 * For a GET that uses something up. Any page can make a browser send one, through an image, a script or a frame, and
 * over plain http such a request carries neither fetch metadata nor an `Origin`. Then only a `Referer` or `Origin` of
 * this host proves that the request comes from one of our pages. Browsers are recognised by their `User-Agent`, or by
 * `Accept-Language`, which programs do not send.
 * @throws {GatewayError} `cross-site` (403)
 */
export function assertOwnGet ({ headers, host }: Pick<Call, 'headers' | 'host'>, publicOrigin: string | null): void {
  const [wanted, site, languages] = [headers['sec-fetch-dest'], headers['sec-fetch-site'], headers['accept-language']]
  if (wanted !== undefined && wanted !== 'empty' && wanted !== 'document') throw crossSite()
  if (/^(?:image|video|audio|font)\/|^text\/css|javascript/i.test(headers['accept'] ?? '')) throw crossSite()
  const sources = [headers['referer'], headers['origin']].filter(source => source !== undefined)
  if (!sources.every(source => isOwnAddress(source, host, publicOrigin))) throw crossSite()
  const isBrowser = /^mozilla\//i.test(headers['user-agent'] ?? '') || (languages !== undefined && languages !== '*')
  if (isBrowser && site === undefined && sources.length === 0) throw crossSite()
}

function crossSite (): GatewayError {
  return new GatewayError('cross-site',
    'Only pages of this host may call this route. If a proxy rewrites Host, the operator must set PUBLIC_ORIGIN.')
}

/** The scheme is not compared, because TLS often ends before this process. */
export function isOwnAddress (address: string, host: string, publicOrigin: string | null): boolean {
  const url = URL.canParse(address) ? new URL(address) : null
  return url !== null && (url.origin === publicOrigin || url.host === host.toLowerCase())
}
