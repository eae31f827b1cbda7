// Errors that Copilot and GitHub have sent, as faults for tests.
import type { Fault } from './faults.ts'

type RetryAfter =
  | 'seconds'
  | 'date'
  | 'hours'
  | 'none'

/** @param retryAfter the form of the header: `hours` is 183600 seconds, which was seen once */
function rateLimited (retryAfter: RetryAfter = 'seconds', code = 'rate_limited'): Fault {
  const value =
    { seconds: '7', date: new Date(Date.now() + 7000).toUTCString(), hours: '183600', none: null }[retryAfter]
  return coded(429, code, 'Sorry, you have exceeded your Copilot token usage. Please review our Terms of Service.', {
    'x-ratelimit-exceeded': code,
    ...(value === null ? {} : { 'retry-after': value }),
  })
}

/** JSON with the content type of plain text, ending in a newline. */
function coded (status: number, code: string, message: string, headers: Record<string, string> = {}): Fault {
  return { kind: 'status', status, body: `${JSON.stringify({ error: { code, message } })}\n`, headers }
}

function sentence (status: number, message: string): Fault {
  return { kind: 'status', status, body: `${message}\n` }
}

const limits = {
  user_weekly_rate_limited: "Sorry, you've exceeded your weekly rate limit. Please review our Terms of Service.",
  user_model_rate_limited: "Sorry, you've exceeded the rate limit of this model. Please try another model.",
  user_global_rate_limited: "Sorry, you've exceeded your rate limit. Please try again later.",
  integration_rate_limited: 'Sorry, this client has exceeded its rate limit.',
  upstream_provider_rate_limit: 'Sorry, the upstream model provider is currently experiencing high demand.',
  model_overloaded: 'The model is overloaded.',
}

export const knownErrors = {
  coded,
  sentence,
  rateLimited,
  /** A code with a suffix. Only the part before the colon counts. */
  rateLimitedSuffix: () => rateLimited('none', 'user_global_rate_limited:enterprise'),
  rateLimitedPlain: () => sentence(429, 'rate limit exceeded'),
  modelOverloaded: () => coded(429, 'model_overloaded', 'The model is overloaded.'),
  /** A limit of the week, the model, the client or the provider. The code shows which. */
  limited: (
    code: 'user_weekly_rate_limited' | 'user_model_rate_limited' | 'user_global_rate_limited'
      | 'integration_rate_limited' | 'upstream_provider_rate_limit' | 'model_overloaded',
  ) => coded(429, code, limits[code], { 'x-ratelimit-exceeded': code }),
  rateLimitedFlat: (): Fault => ({ kind: 'status', status: 429, contentType: 'application/json',
    body: '{"message":"rate limit exceeded","code":"rate_limited"}' }),
  /** The codes of 402. Their message is always the same. */
  spent: (
    code: 'quota_exceeded' | 'free_quota_exceeded' | 'overage_limit_reached' | 'billing_not_configured'
      | 'additional_spend_limit_reached' | 'session_quota_exceeded',
  ) => coded(402, code, 'You have no quota'),
  /** These three are temporary: the next call succeeds. */
  modelNotSupported: (): Fault => ({ kind: 'status', status: 400,
    body: '{"error":{"code":"model_not_supported","message":"The requested model is not '
      + 'supported.","param":"model","type":"invalid_request_error"}}\n' }),
  blankBadRequest: () => sentence(400, 'Bad Request'),
  unauthorized: () => sentence(401, 'unauthorized: invalid token'),
  deadAutoSession: () => sentence(401, 'Invalid auto-mode selector'),
  foreignItem: () => coded(400, 'invalid_request_body', 'input item ID does not belong to this connection'),
  unknownBeta: (beta: string): Fault => ({ kind: 'status', status: 400, contentType: 'application/json',
    body: JSON.stringify({ message: `Unexpected value(s) \`${beta}\` for the \`anthropic-beta\` header` }) }),
  /** A prompt that is too long, in the other wording that was seen. */
  promptTooLong: (tokens = 93_854, most = 90_000) =>
    coded(400, '', `prompt token count of ${tokens} exceeds the limit of ${most}`),
  windowTooSmall: (): Fault => ({ kind: 'status', status: 400,
    body: '{"error":{"code":"context_length_exceeded","message":"Request body is too large for model context '
      + 'window"}}\n' }),
  notForIntegrator: (integrator = 'vscode-chat') =>
    coded(400, 'model_not_supported',
      `The requested model is not available for integrator "${integrator}". Verify the correct `
        + `Copilot-Integration-Id header is being sent.`),
  quotaExceeded: () => coded(402, 'quota_exceeded', 'You have no quota', { 'retry-after': '86400' }),
  tokenExpired: () => sentence(401, 'IDE token expired: unauthorized: token expired'),
  forbidden: () => sentence(403, 'forbidden'),
  misdirected: () => sentence(421, 'Misdirected Request'),
  filtered: () => sentence(422, 'The request was filtered by the Responsible AI Service.'),
  contentFilter: (): Fault => ({ kind: 'status', status: 400,
    body: '{"error":{"code":"content_filter","message":"The response was filtered due to the prompt triggering Azure '
      + 'OpenAI\'s content management policy.","param":"prompt","status":400,"type":null}}\n' }),
  requestTimeout: () =>
    coded(408, 'user_request_timeout', 'Timed out reading request body. Try again, or use a smaller request size.'),
  clientTooOld: () => sentence(466, 'client version is too old: please update'),
  cancelled: () => sentence(499, 'cancelled'),
  /** The upstream provider's rate limit. */
  unavailable: () => sentence(503, 'upstream provider rate limit'),
  internal: () => sentence(500, 'internal server error'),
  gatewayTimeout: () => sentence(504, 'upstream request timeout'),
  /** GitHub's error page. */
  unicorn: (status = 502): Fault => ({ kind: 'html', status }),
  /** The flat error of the messages endpoint. */
  flat: (message: string, status = 400): Fault => ({ kind: 'status', status, body: JSON.stringify({ message }),
    contentType: 'application/json' }),
  /** A provider's own error, passed on. */
  provider: (type: string, message: string, status = 529): Fault => ({ kind: 'status', status,
    contentType: 'application/json',
    body: JSON.stringify({ error: { message, type }, request_id: 'req_1', type: 'error' }) }),
  /** api.github.com's rate limit: a 403 or a 429. */
  dotcomRateLimit: (status = 403): Fault => ({ kind: 'status', status, contentType: 'application/json',
    headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1774700000' },
    body: JSON.stringify({ documentation_url: 'https://docs.github.com/rest',
      message: 'API rate limit exceeded for user ID 1.', status: String(status) }) }),
} as const
