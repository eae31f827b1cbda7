// Which CORS headers an origin gets, on API routes only. No cookies are used anywhere, so no credentials are allowed.
import type { Headers, ReceivedHeaders } from './contract.ts'

export const exposedHeaders = [
  'x-request-id', 'request-id', 'retry-after', 'x-copilot-initiator', 'x-copilot-upstream', 'x-proxy-dropped',
  'x-quota-snapshot-chat', 'x-quota-snapshot-premium_interactions', 'x-quota-snapshot-premium_models',
] as const
export const allowedMethods = ['GET', 'HEAD', 'POST', 'OPTIONS'] as const
/** For a preflight that names no headers. */
export const usualHeaders = ['authorization', 'content-type', 'x-api-key', 'x-copilot-account-type', 'anthropic-version', 'anthropic-beta', 'anthropic-dangerous-direct-browser-access'] as const
export const preflightSeconds = 600

/** What `access-control-allow-origin` says to this origin; null for nothing. */
export function allowedOrigin (origin: string | undefined, allowed: readonly string[]): string | null {
  if (allowed.includes('*')) return '*'
  return origin !== undefined && allowed.includes(origin) ? origin : null
}

/** For a runtime without a plugin of its own. */
export function corsHeaders (headers: ReceivedHeaders, allowed: readonly string[], isPreflight: boolean): Headers {
  const origin = allowedOrigin(headers['origin'], allowed)
  if (origin === null) return { vary: 'Origin' }
  return {
    'access-control-allow-origin': origin,
    ...(origin === '*' ? {} : { vary: 'Origin' }),
    ...(isPreflight
      ? {
          'access-control-allow-methods': allowedMethods.join(', '),
          'access-control-allow-headers': headers['access-control-request-headers'] ?? usualHeaders.join(', '),
          'access-control-max-age': String(preflightSeconds),
        }
      : { 'access-control-expose-headers': exposedHeaders.join(', ') }),
  }
}
