// Checks the host name of a request. A web site can point its own name at this machine (DNS rebinding); the visitor's
// browser then lets the site's pages call a server that listens on loopback only. Such a request carries the site's
// name in `Host`. An IP address in `Host` is safe, because rebinding needs a name. A leaf.
import { isLoopback, type Config } from './config.ts'
import { GatewayError } from './errors.ts'

export interface HostRequest {
  /** The path, without the query. */
  readonly path: string
  /** The `Host` header. Undefined if the client sent none; every browser sends one. */
  readonly host: string | undefined
}

/** Paths that answer under any host name, because monitors request them by address or by service name. */
export const everyHost: ReadonlySet<string> = new Set(['/healthz', '/readyz'])

/**
 * Null where no check is needed: on an address beyond loopback without ALLOWED_HOSTS.
 * @returns a function that throws `host_not_allowed` (421). Do not call it for requests of a trusted proxy.
 */
export function createHostCheck (
  { allowedHosts, publicOrigin }: Pick<Config, 'allowedHosts' | 'publicOrigin'>,
  isOnLoopback: boolean,
): ((request: HostRequest) => void) | null {
  if (!isOnLoopback && allowedHosts.length === 0) return null
  const names = new Set(allowedHosts)
  if (publicOrigin !== null) names.add(new URL(publicOrigin).hostname)

  return ({ path, host }) => {
    if (host === undefined || everyHost.has(path)) return
    const name = nameOf(host)
    if (name === null || !(names.has(name) || isLoopback(name) || isAddress(name))) throw notAllowed()
  }
}

/** The host without the port and a final dot. Null if it is not a host. */
function nameOf (host: string): string | null {
  return /^(\[[\da-f:.]+\]|[\w.-]+?)\.?(?::\d*)?$/i.exec(host)?.[1]?.toLowerCase() ?? null
}

function isAddress (name: string): boolean {
  return (name.startsWith('[') && URL.canParse(`http://${name}`))
    || /^(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}$/.test(name)
}

function notAllowed (): GatewayError {
  return new GatewayError('host_not_allowed',
    'This server does not answer to the host name of this request. To allow the name, add it to ALLOWED_HOSTS or '
      + 'set PUBLIC_ORIGIN; behind a reverse proxy on the same machine set TRUST_PROXY to the address of the proxy.')
}
