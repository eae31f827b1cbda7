// The error shape that both OpenAI dialects share.
import type { ErrorRenderer } from '../contract.ts'
import type { GatewayError } from '../errors.ts'

export interface OpenAiError { readonly error: { readonly message: string, readonly type: string, readonly param: string | null, readonly code: string } }

export function toOpenAiError ({ message, status, param, code }: GatewayError): OpenAiError {
  return { error: { message, type: openAiType(status), param, code } }
}

export const renderOpenAiError: ErrorRenderer = error => ({
  status: error.status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...error.headers },
  body: JSON.stringify(toOpenAiError(error)),
})

/** As in OpenAI's own answers; SDKs choose their error class by the status, people read the type. */
function openAiType (status: number): string {
  switch (status) {
    case 401: return 'authentication_error'
    case 402: return 'insufficient_quota'
    case 403: return 'permission_error'
    case 408: case 504: return 'timeout'
    case 409: return 'conflict'
    case 429: return 'rate_limit_error'
    default: return status >= 500 ? 'server_error' : 'invalid_request_error'
  }
}
