// Account and device routes are for this host's own pages and for tools without a browser. A page of another origin may
// not use a visitor's browser to call them.
import type { Call } from '../contract.ts'
import { GatewayError } from '../errors.ts'

/**
 * Fetch metadata decides where the browser sends it (it does not over plain http beyond loopback), else `Origin`; with
 * neither it is no browser, or a plain link.
 * @throws {GatewayError} `cross-site` (403)
 */
export function assertSameOrigin ({ headers, host }: Pick<Call, 'headers' | 'host'>, publicOrigin: string | null): void {
  const site = headers['sec-fetch-site']
  if (site === 'same-origin' || site === 'none') return
  const origin = headers['origin']
  if (site === undefined && (origin === undefined || isOwn(origin, host, publicOrigin))) return
  throw new GatewayError('cross-site', 'This route answers only pages of this host. Behind a proxy that rewrites Host, set PUBLIC_ORIGIN.')
}

/** The scheme is not compared: TLS often ends before this process. */
function isOwn (origin: string, host: string, publicOrigin: string | null): boolean {
  return origin === publicOrigin || (URL.canParse(origin) && new URL(origin).host === host.toLowerCase())
}
