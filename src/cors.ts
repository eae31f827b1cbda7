// The CORS headers for an origin, on API routes only. It allows no credentials: the cookie
// of a page's session never counts across origins.
import type { Headers, ReceivedHeaders } from './contract.ts'

export const exposedHeaders = ['x-request-id', 'request-id', 'retry-after', 'retry-after-ms', 'x-should-retry',
  'x-copilot-initiator', 'x-copilot-upstream', 'x-proxy-dropped', 'x-token-count', 'x-github-request-id',
  'x-ratelimit-exceeded', 'x-usage-ratelimit-session', 'x-usage-ratelimit-weekly', 'x-quota-snapshot-chat',
  'x-quota-snapshot-completions', 'x-quota-snapshot-premium_interactions', 'x-quota-snapshot-premium_models'] as const
export const allowedMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
/** The answer to a preflight that names no headers. */
export const usualHeaders = ['authorization', 'content-type', 'x-api-key', 'x-copilot-account-type', 'x-copilot-seat',
  'anthropic-version', 'anthropic-beta', 'anthropic-dangerous-direct-browser-access', 'x-goog-api-key',
  'x-goog-api-client', 'x-server-timeout'] as const
export const preflightSeconds = 600

/** The value of `access-control-allow-origin` for this origin, or null for no header. */
export function allowedOrigin (origin: string | undefined, allowed: readonly string[]): string | null {
  if (allowed.includes('*')) return '*'
  return origin !== undefined && allowed.includes(origin) ? origin : null
}

export function corsHeaders (headers: ReceivedHeaders, allowed: readonly string[]): Headers {
  const origin = allowedOrigin(headers['origin'], allowed)
  if (origin === null) return { vary: 'Origin' }
  return { 'access-control-allow-origin': origin, 'access-control-expose-headers': exposedHeaders.join(', '),
    ...(origin === '*' ? {} : { vary: 'Origin' }) }
}

/** Allows whatever headers the page wants to send. Without a list it gets the usual ones. */
export function preflightHeaders (headers: ReceivedHeaders, allowed: readonly string[]): Headers {
  const origin = allowedOrigin(headers['origin'], allowed)
  if (origin === null) return { vary: 'Origin' }
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': allowedMethods.join(', '),
    'access-control-allow-headers': headers['access-control-request-headers'] ?? usualHeaders.join(', '),
    'access-control-max-age': String(preflightSeconds),
    'vary': origin === '*' ? 'Access-Control-Request-Headers' : 'Origin, Access-Control-Request-Headers',
  }
}
