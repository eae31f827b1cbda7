// Errors that Copilot and GitHub have been seen to answer with, as faults ready to be planned.
import type { Fault } from './faults.ts'

type RetryAfter = 'seconds' | 'date' | 'hours' | 'none'

/** @param retryAfter how the header says when: `hours` is 183600 seconds, as once seen */
function rateLimited (retryAfter: RetryAfter = 'seconds', code = 'rate_limited'): Fault {
  const value = { seconds: '7', date: new Date(Date.now() + 7000).toUTCString(), hours: '183600', none: null }[retryAfter]
  return coded(429, code, 'Sorry, you have exceeded your Copilot token usage. Please review our Terms of Service.',
    { 'x-ratelimit-exceeded': code, ...(value === null ? {} : { 'retry-after': value }) })
}

/** JSON that calls itself plain text and ends in a newline. */
function coded (status: number, code: string, message: string, headers: Record<string, string> = {}): Fault {
  return { kind: 'status', status, body: `${JSON.stringify({ error: { code, message } })}\n`, headers }
}

function sentence (status: number, message: string): Fault {
  return { kind: 'status', status, body: `${message}\n` }
}

export const knownErrors = {
  coded,
  sentence,
  rateLimited,
  /** A code with a suffix; only what stands before the colon counts. */
  rateLimitedSuffix: () => rateLimited('none', 'user_global_rate_limited:enterprise'),
  rateLimitedPlain: () => sentence(429, 'rate limit exceeded'),
  modelOverloaded: () => coded(429, 'model_overloaded', 'The model is overloaded.'),
  quotaExceeded: () => coded(402, 'quota_exceeded', 'You have no quota', { 'retry-after': '86400' }),
  tokenExpired: () => sentence(401, 'IDE token expired: unauthorized: token expired'),
  forbidden: () => sentence(403, 'forbidden'),
  misdirected: () => sentence(421, 'Misdirected Request'),
  filtered: () => sentence(422, 'The request was filtered by the Responsible AI Service.'),
  contentFilter: (): Fault => ({ kind: 'status', status: 400, body: '{"error":{"code":"content_filter","message":"The response was filtered due to the prompt triggering Azure OpenAI\'s content management policy.","param":"prompt","status":400,"type":null}}\n' }),
  requestTimeout: () => coded(408, 'user_request_timeout', 'Timed out reading request body. Try again, or use a smaller request size.'),
  clientTooOld: () => sentence(466, 'client version is too old: please update'),
  cancelled: () => sentence(499, 'cancelled'),
  /** The upstream provider's rate limit. */
  unavailable: () => sentence(503, 'upstream provider rate limit'),
  internal: () => sentence(500, 'internal server error'),
  gatewayTimeout: () => sentence(504, 'upstream request timeout'),
  /** GitHub's error page. */
  unicorn: (status = 502): Fault => ({ kind: 'html', status }),
  /** The flat error of the messages endpoint. */
  flat: (message: string, status = 400): Fault => ({ kind: 'status', status, body: JSON.stringify({ message }), contentType: 'application/json' }),
  /** A provider's own error, passed on. */
  provider: (type: string, message: string, status = 529): Fault => ({ kind: 'status', status, contentType: 'application/json', body: JSON.stringify({ error: { message, type }, request_id: 'req_1', type: 'error' }) }),
  /** api.github.com's rate limit; a 403 or a 429. */
  dotcomRateLimit: (status = 403): Fault => ({ kind: 'status', status, contentType: 'application/json', headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1774700000' },
    body: JSON.stringify({ documentation_url: 'https://docs.github.com/rest', message: 'API rate limit exceeded for user ID 1.', status: String(status) }) }),
} as const
