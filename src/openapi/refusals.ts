// Finds out which refusals a route can answer with, and in what form. It asks the route's own renderer, so the document
// follows every change there.
import { everyHost } from '../allowed-hosts.ts'
import type { ErrorRenderer } from '../contract.ts'
import { GatewayError, upstreamStatusOf, type AccountState, type ErrorCode, type UpstreamCode } from '../errors.ts'
import { renderGoogleError } from '../dialects/gemini/errors.ts'
import { renderSharedError } from '../google-routes.ts'
import { renderAnthropicError } from '../dialects/messages/errors.ts'
import { renderOpenAiError } from '../dialects/shared/openai-error.ts'
import { renderError as renderResponsesError } from '../dialects/responses/errors.ts'
import { renderAccountError, renderFormError } from '../handlers/account-form.ts'
import { renderAdminError } from '../handlers/admin.ts'
import type { DocumentedRoute } from './documented-route.ts'
import type { ReplyHeader } from './headers.ts'
import type { SchemaName } from './schemas.ts'
import type { Operation } from './types.ts'

type Code = ErrorCode | UpstreamCode | AccountState

export interface RefusalDoc {
  readonly codes: string[]
  readonly schema: SchemaName
  readonly headers: readonly ReplyHeader[]
}

const forms: ReadonlyMap<ErrorRenderer, SchemaName> = new Map<ErrorRenderer, SchemaName>([[renderOpenAiError,
  'OpenAiError'], [renderResponsesError, 'OpenAiError'], [renderAnthropicError, 'AnthropicError'], [renderAccountError,
  'AccountError'], [renderFormError, 'AccountError'], [renderAdminError, 'AdminError'], [renderGoogleError,
  'GoogleError'], [renderSharedError, 'OpenAiError']])

/** Possible on every route. */
const always: readonly Code[] = ['invalid_request', 'uri_too_long', 'headers_too_large', 'internal']
const ofScope: Readonly<Record<DocumentedRoute['scope'], readonly Code[]>> = {
  site: [],
  probe: [],
  admin: ['invalid_api_key', 'rate_limited'],
  api: ['invalid_api_key', 'seat_not_allowed', 'rate_limited', 'store_unavailable', 'pepper_missing',
    'record_unreadable'],
}
const ofHost: readonly Code[] = ['host_not_allowed']
const ofBody: readonly Code[] = ['request_timeout', 'request_too_large', 'unsupported_media_type']
/** The operator's own routes do not get this, because they must answer when the process is in trouble. */
const ofLoad: readonly Code[] = ['overloaded', 'draining']

const headersOf: Readonly<Record<number, readonly ReplyHeader[]>> = {
  401: ['x-should-retry', 'www-authenticate'],
  402: ['x-should-retry', 'retry-after'],
  403: ['x-should-retry'],
  405: ['allow'],
  426: ['upgrade'],
  429: ['retry-after', 'retry-after-ms', 'x-should-retry', 'x-ratelimit-exceeded'],
  502: ['retry-after'],
  503: ['retry-after'],
  529: ['retry-after'],
}

export function formOf ({ renderError, path }: Pick<DocumentedRoute, 'renderError' | 'path'>): SchemaName {
  const form = forms.get(renderError)
  if (form === undefined) throw new Error(`the errors of ${path} have a form that no schema describes`)
  return form
}

export function refusalsOf (
  route: DocumentedRoute,
  { codes = [], states = [], body, tag }: Operation,
): ReadonlyMap<number, RefusalDoc> {
  const all: readonly Code[] = [...always, ...(everyHost.has(route.path) ? [] : ofHost), ...ofScope[route.scope],
    ...(body === undefined ? [] : ofBody), ...(tag === 'Operations' ? [] : ofLoad), ...codes, ...states]
  const schema = formOf(route)
  const refusals = new Map<number, RefusalDoc>()
  for (const code of new Set(all)) {
    const { status } = route.renderError(
      code in upstreamStatusOf
        ? new GatewayError({ code, status: upstreamStatusOf[code as UpstreamCode] }, '')
        : new GatewayError(code as ErrorCode | AccountState, ''),
      { id: '', headers: {} },
    )
    const refusal = refusals.get(status)
      ?? { codes: [], schema, headers: (headersOf[status] ?? []).filter(name =>
        name !== 'www-authenticate' || route.scope === 'admin'
      ) }
    refusals.set(status, refusal)
    refusal.codes.push(code)
  }
  return refusals
}

/** Answers to unknown paths and methods. */
export const codesOfNone = { 404: 'not_found', 405: 'method_not_allowed' } as const satisfies Readonly<
  Record<number, ErrorCode>
>
