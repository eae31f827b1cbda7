// The error form of both OpenAI dialects.
import type { ErrorRenderer } from '../../contract.ts'
import type { GatewayError } from '../../errors.ts'
import { readOverflow } from './overflow.ts'

export interface OpenAiError {
  readonly error: { readonly message: string, readonly type: string, readonly param: string | null,
    readonly code: string }
}

/** A prompt that is too long gets the code that agents know, whatever upstream's code is. */
export function toOpenAiError (error: GatewayError): OpenAiError {
  const { message, param, code } = error
  return {
    error: { message, type: isQuota(code) ? 'insufficient_quota' : openAiType(openAiStatus(error)), param,
      code: readOverflow(error) === null ? code : 'context_length_exceeded' },
  }
}

/** A used-up quota is 402, or 429 on the Responses routes. */
function isQuota (code: string): boolean {
  return code === 'insufficient_quota' || code === 'key_budget_exceeded'
}

export const renderOpenAiError: ErrorRenderer = error => ({
  status: openAiStatus(error),
  headers: { 'content-type': 'application/json; charset=utf-8', ...error.headers },
  body: JSON.stringify(toOpenAiError(error)),
})

function openAiStatus (error: GatewayError): number {
  return readOverflow(error) === null ? error.status : 400
}

/** The types of OpenAI's own answers. SDKs choose their error class by the status; people read the type. */
function openAiType (status: number): string {
  switch (status) {
    case 401:
      return 'authentication_error'
    case 402:
      return 'insufficient_quota'
    case 403:
      return 'permission_error'
    case 408:
    case 504:
      return 'timeout'
    case 409:
      return 'conflict'
    case 429:
      return 'rate_limit_error'
    default:
      return status >= 500 ? 'server_error' : 'invalid_request_error'
  }
}
