// Which refusals a route can answer with, and in what form: asked of the route's own renderer, so that a status or a form
// that changes there changes here.
import type { ErrorRenderer } from '../contract.ts'
import { GatewayError, upstreamStatusOf, type AccountState, type ErrorCode, type UpstreamCode } from '../errors.ts'
import { renderAnthropicError } from '../dialects/anthropic-messages/errors.ts'
import { renderOpenAiError } from '../dialects/openai-error.ts'
import { renderAccountError, renderFormError } from '../handlers/account-form.ts'
import { renderAdminError } from '../handlers/admin.ts'
import type { DocumentedRoute } from './document.ts'
import type { ReplyHeader } from './headers.ts'
import type { SchemaName } from './schemas.ts'
import type { Operation } from './types.ts'

type Code = ErrorCode | UpstreamCode | AccountState

export interface Refusal { readonly codes: string[], readonly schema: SchemaName, readonly headers: readonly ReplyHeader[] }

const forms: ReadonlyMap<ErrorRenderer, SchemaName> = new Map<ErrorRenderer, SchemaName>([
  [renderOpenAiError, 'OpenAiError'], [renderAnthropicError, 'AnthropicError'],
  [renderAccountError, 'AccountError'], [renderFormError, 'AccountError'], [renderAdminError, 'AdminError'],
])

/** Of whatever is asked. */
const always: readonly Code[] = ['invalid_request', 'uri_too_long', 'headers_too_large', 'internal']
const ofScope: Readonly<Record<DocumentedRoute['scope'], readonly Code[]>> = {
  site: [], probe: [], admin: ['invalid_api_key'],
  api: ['invalid_api_key', 'rate_limited', 'store_unavailable', 'pepper_missing', 'record_unreadable'],
}
const ofBody: readonly Code[] = ['request_timeout', 'request_too_large', 'unsupported_media_type']
/** Not of the operator's own questions, least of all when the process is not well. */
const ofLoad: readonly Code[] = ['overloaded', 'draining']

const headersOf: Readonly<Record<number, readonly ReplyHeader[]>> = {
  401: ['www-authenticate'], 402: ['x-should-retry', 'retry-after'], 405: ['allow'], 426: ['upgrade'],
  429: ['retry-after', 'retry-after-ms', 'x-ratelimit-exceeded'], 503: ['retry-after'], 529: ['retry-after'],
}

export function formOf ({ renderError, path }: Pick<DocumentedRoute, 'renderError' | 'path'>): SchemaName {
  const form = forms.get(renderError)
  if (form === undefined) throw new Error(`the errors of ${path} have a form that no schema describes`)
  return form
}

export function refusalsOf (route: DocumentedRoute, { codes = [], states = [], body, tag }: Operation): ReadonlyMap<number, Refusal> {
  const all: readonly Code[] = [...always, ...ofScope[route.scope], ...(body === undefined ? [] : ofBody), ...(tag === 'Operations' ? [] : ofLoad), ...codes, ...states]
  const schema = formOf(route)
  const refusals = new Map<number, Refusal>()
  for (const code of new Set(all)) {
    const { status } = route.renderError(code in upstreamStatusOf ? new GatewayError({ code, status: upstreamStatusOf[code as UpstreamCode] }, '') : new GatewayError(code as ErrorCode | AccountState, ''), { id: '', headers: {} })
    const refusal = refusals.get(status) ?? { codes: [], schema, headers: (headersOf[status] ?? []).filter(name => name !== 'www-authenticate' || route.scope === 'admin') }
    refusals.set(status, refusal)
    refusal.codes.push(code)
  }
  return refusals
}

/** Answers to paths and methods that are no operation. */
export const codesOfNone = { 404: 'not_found', 405: 'method_not_allowed' } as const satisfies Readonly<Record<number, ErrorCode>>
