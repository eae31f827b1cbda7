// Errors in the form of Google's APIs. `docs/spec/gemini.md#errors`.
import type { ErrorRenderer } from '../../contract.ts'
import type { GatewayError } from '../../errors.ts'
import type { JsonObject } from '../../json.ts'
import { readOverflow } from '../shared/overflow.ts'

export interface GoogleError {
  readonly error: { readonly code: number, readonly message: string, readonly status: string,
    readonly details?: readonly JsonObject[] }
}

export function toGoogleError (error: GatewayError): GoogleError {
  const code = statusOf(error)
  const details = detailsOf(error, code)
  return {
    error: { code, message: messageOf(error), status: nameOf(code), ...(details.length === 0 ? {} : { details }) },
  }
}

export const renderGoogleError: ErrorRenderer = error => ({
  status: statusOf(error),
  headers: { 'content-type': 'application/json; charset=utf-8', ...error.headers },
  body: JSON.stringify(toGoogleError(error)),
})

function statusOf (error: GatewayError): number {
  return readOverflow(error) === null ? error.status : 400
}

/** The wording on which Gemini CLI compresses its history. */
function messageOf (error: GatewayError): string {
  const { tokens = null, limit = null } = readOverflow(error) ?? {}
  return tokens === null || limit === null
    ? error.message
    : `The input token count (${tokens}) exceeds the maximum number of tokens allowed (${limit}).`
}

/** Google's clients read the pause here: they ignore `retry-after`. */
function detailsOf ({ headers, code }: GatewayError, status: number): JsonObject[] {
  const seconds = /^\d+$/.exec(headers['retry-after'] ?? '')?.[0]
  const pause = seconds === undefined
    ? []
    : [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${seconds}s` }]
  const reason = status === 401 ? 'API_KEY_INVALID' : code.toUpperCase()
  return [...pause, { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'copilot-proxy',
    metadata: {} }]
}

function nameOf (status: number): string {
  switch (status) {
    case 401:
      return 'UNAUTHENTICATED'
    case 402:
      return 'FAILED_PRECONDITION'
    case 403:
      return 'PERMISSION_DENIED'
    case 404:
      return 'NOT_FOUND'
    case 429:
      return 'RESOURCE_EXHAUSTED'
    case 499:
      return 'CANCELLED'
    case 501:
      return 'UNIMPLEMENTED'
    case 502:
    case 503:
      return 'UNAVAILABLE'
    case 408:
    case 504:
      return 'DEADLINE_EXCEEDED'
    default:
      return status >= 500 ? 'INTERNAL' : 'INVALID_ARGUMENT'
  }
}
