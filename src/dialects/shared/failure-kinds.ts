// Classifies failures inside an answer, by the names that the dialects use, and decides whether to retry. One table
// serves all directions: a client must neither give up on a temporary error nor repeat a permanent one. Sources:
// `docs/spec/copilot.md#rate-limits`, `docs/spec/copilot.md#error-bodies`, `docs/spec/translation.md#error-status`.
import { GatewayError } from '../../errors.ts'
import { readOverflow } from './overflow.ts'

interface Kind {
  /** The status for the same failure before an answer begins. Each dialect derives its error type from it. */
  readonly status: number
  /** Codes of Copilot and OpenAI, types of Anthropic. */
  readonly names: readonly string[]
  /** Matches names of other versions and plans that may appear. */
  readonly pattern?: RegExp
  /** This proxy's own code, if upstream's name means something else to a client. */
  readonly code?: string
  /** The code for Codex, which knows its own names and retries every other. Its own names pass unchanged. */
  readonly toCodex: string
}

/** If two rows match, the first counts. */
const kinds: readonly Kind[] = [{
  status: 402,
  code: 'insufficient_quota',
  toCodex: 'insufficient_quota',
  pattern: /quota/,
  names: ['insufficient_quota', 'quota_exceeded', 'free_quota_exceeded', 'session_quota_exceeded',
    'overage_limit_reached', 'billing_not_configured', 'billing_hard_limit_reached', 'additional_spend_limit_reached',
    'billing_error'],
}, { status: 402, toCodex: 'usage_not_included', names: ['usage_not_included'] }, { status: 400,
  toCodex: 'context_length_exceeded', names: ['context_length_exceeded', 'model_max_prompt_tokens_exceeded'] }, {
  status: 429,
  toCodex: 'rate_limit_exceeded',
  pattern: /rate_limit|_limited$|_limit_exceeded$/,
  names: ['rate_limited', 'rate_limit_exceeded', 'rate_limit_error', 'too_many_requests', 'usage_limit_reached',
    'upstream_provider_rate_limit', 'extension_blocked'],
}, {
  status: 503,
  toCodex: 'server_is_overloaded',
  pattern: /overloaded|service_unavailable/,
  names: ['overloaded_error', 'model_overloaded', 'server_is_overloaded', 'service_unavailable', 'slow_down'],
}, { status: 413, toCodex: 'invalid_prompt', names: ['request_too_large'] }, { status: 404, toCodex: 'invalid_prompt',
  names: ['not_found', 'not_found_error', 'model_not_found'] }, { status: 403, toCodex: 'invalid_prompt',
  names: ['permission_error', 'forbidden', 'access_denied'] }, { status: 504, toCodex: 'server_error',
  names: ['timeout', 'timeout_error'] }, { status: 502, toCodex: 'server_error',
  names: ['server_error', 'internal_error', 'internal_server_error', 'api_error', 'upstream_error',
    'session_expired'] }, {
  status: 400,
  toCodex: 'invalid_prompt',
  pattern: /^(?:invalid_|image_|content_filter|bad_request|unsupported_)|_policy(?:_violation)?$/,
  names: ['cyber_policy', 'bio_policy', 'invalid_prompt', 'invalid_request_error', 'bad_request', 'content_filter',
    'previous_response_not_found'],
}]

const byName = new Map(kinds.flatMap(kind => kind.names.map(name => [name, kind] as const)))
/**
 * Codex stops at these codes. At `rate_limit_exceeded` it waits as long as the message says. It retries everything
 * else.
 */
const ofCodex: ReadonlySet<string> = new Set(['context_length_exceeded', 'insufficient_quota', 'usage_not_included',
  'invalid_prompt', 'server_is_overloaded', 'cyber_policy', 'bio_policy', 'rate_limit_exceeded', 'slow_down',
  'server_error'])
const maxNameLength = 128
const maxMessageLength = 4_096

export interface Failure {
  readonly code?: unknown
  readonly type?: unknown
  readonly message?: unknown
  readonly param?: unknown
}

/**
 * Reads an error inside an answer.
 * @param failure `code` is upstream's name; `type` is a broader one, used if there is no code
 */
export function readFailure ({ code, type, message, param }: Failure): GatewayError {
  const own = nameOf(code)
  const kind = kindOf(own) ?? kindOf(nameOf(type))
  const text = typeof message === 'string' && message !== '' ? message : 'Copilot broke the answer off with an error.'
  return new GatewayError({ status: kind?.status ?? 502, code: kind?.code ?? (own || kindCode(kind)) },
    text.slice(0, maxMessageLength), {
    param: nameOf(param) || undefined,
    ...kind?.status === 402 && { headers: { 'x-should-retry': 'false' } },
  })
}

/**
 * For an error before an answer: a used-up quota and an overload each get one status, whatever status upstream used.
 */
export function byKind (error: GatewayError): GatewayError {
  const kind = kindOf(nameOf(error.code))
  const { param, headers } = error
  const details = { param: param ?? undefined, cause: error.cause }
  if (kind?.code === 'insufficient_quota' && quotaStatuses.has(error.status)) {
    return new GatewayError({ status: kind.status, code: kind.code }, error.message, { ...details, headers })
  }
  if (kind?.status === 503 && (error.status === 429 || error.status >= 500)) {
    return new GatewayError({ status: 503, code: error.code }, error.message, { ...details,
      headers: { 'retry-after': '5', ...headers } })
  }
  return error
}

/** The statuses that upstream sends with the code of a used-up quota. */
const quotaStatuses: ReadonlySet<number> = new Set([402, 403, 429])

/** The code of a failed response. */
export function codexCode (error: GatewayError): string {
  if (readOverflow(error) !== null) return 'context_length_exceeded'
  if (ofCodex.has(error.code)) return error.code
  return (kindOf(error.code) ?? kinds.find(({ status }) => status === error.status))?.toCodex
    ?? (error.status >= 500 || error.status < 400 ? 'server_error' : 'invalid_prompt')
}

/** Removes the suffix after a colon, which names the limit's owner. */
function nameOf (value: unknown): string {
  return typeof value === 'string' ? (value.split(':', 1)[0] ?? '').slice(0, maxNameLength) : ''
}

function kindOf (name: string): Kind | undefined {
  return name === '' ? undefined : byName.get(name) ?? kinds.find(({ pattern }) => pattern?.test(name))
}

/** The code of a kind, if upstream only sent a type. */
function kindCode (kind: Kind | undefined): string {
  switch (kind?.status) {
    case 400:
      return 'invalid_request'
    case 403:
      return 'upstream_forbidden'
    case 404:
      return 'not_found'
    case 413:
      return 'request_too_large'
    case 429:
      return 'upstream_rate_limited'
    case 503:
      return 'upstream_overloaded'
    case 504:
      return 'upstream_timeout'
    default:
      return 'upstream_error'
  }
}
