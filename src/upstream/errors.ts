// Turns upstream's refusals into our errors: a status that a client can act on, upstream's message if it is text, and
// never its HTML. `docs/spec/interface.md#statuses`, `docs/spec/copilot.md#errors`.
import { GatewayError, statusOf, type ErrorCode, type UpstreamCode } from '../errors.ts'
import { isObject } from '../json.ts'
import { parseObject } from './read-body.ts'
import type { UpstreamResponse } from './send.ts'

const maxMessageLength = 4_096
const maxNameLength = 128

/**
 * @param text the start of the body. JSON also arrives as `text/plain`, so it is parsed whatever the content type is
 */
export function toUpstreamError (
  { status, headers }: Pick<UpstreamResponse, 'status' | 'headers'>,
  text: string,
): GatewayError {
  const body = parseObject(text)
  const inner = isObject(body?.['error']) ? body['error'] : body
  const fullMessage = typeof inner?.['message'] === 'string' && inner['message'] !== ''
    ? inner['message']
    : plainText(text, headers['content-type'])
  const code = typeof inner?.['code'] === 'string' ? (inner['code'].split(':')[0] ?? '').slice(0, maxNameLength) : ''
  const message = fullMessage.slice(0, maxMessageLength)
  const details = { param: typeof inner?.['param'] === 'string' ? inner['param'].slice(0, maxNameLength) : undefined,
    headers: passedOn(headers) }

  if (status >= 300 && status < 400) {
    return new GatewayError('upstream_error', 'Copilot answered with a redirect, which is not followed.')
  }
  if (status === 466) {
    return new GatewayError('upstream_error',
      "Copilot finds this proxy's client version too old. The operator has to raise COPILOT_EDITOR_VERSION and "
        + 'COPILOT_PLUGIN_VERSION.')
  }
  if (status === 421) {
    return refusal(status, code || named('misdirected_request'),
      message || "This Copilot host does not serve the account's plan. Try without x-copilot-account-type.", details)
  }
  if (status === 402) {
    return refusal(status, code || named('insufficient_quota'),
      message || 'The Copilot quota of this account is used up.', details)
  }
  if (status === 503 || status === 529 || (status >= 500 && [code, inner?.['type']].some(isOverload))) {
    return refusal(503, isOwn(code) ? named('upstream_overloaded') : code,
      message || 'Copilot is overloaded. Try again in a moment.', { ...details,
      headers: { 'retry-after': '5', ...details.headers } })
  }
  if (status === 429) {
    return refusal(status, code || named('upstream_rate_limited'),
      message || 'Copilot limits the rate of this account. Try again later.', details)
  }
  if (status === 504) return new GatewayError('upstream_timeout', message || 'Copilot did not answer in time.')
  if (status >= 500 || status < 400) {
    return new GatewayError('upstream_error', message || `Copilot failed with status ${status}.`)
  }
  return refusal(status, code || codeOf(status), message || `Copilot refused the request with status ${status}.`,
    details)
}

const refusedModel = [/requested model is not supported/i, /model \S+ does not support (?:the )?\w+ API/i,
  /is not accessible via the \S+ endpoint/i]

/** Copilot serves the model on another endpoint, or not to this seat. A newer list of models may say where. */
export function isModelRefusal ({ status, code, message }: GatewayError): boolean {
  if (status !== 400) return false
  return code === 'unsupported_api_for_model' || code === 'model_not_supported'
    || refusedModel.some(pattern => pattern.test(message))
}

/** The model reached the output limit before it wrote any text. */
export function isOutputLimit ({ status, message }: GatewayError): boolean {
  return status === 400
    && /^Could not finish the message because max_tokens or model output limit was reached/.test(message)
}

function refusal (
  status: number,
  code: string,
  message: string,
  details: ConstructorParameters<typeof GatewayError>[2],
): GatewayError {
  return new GatewayError({ status, code }, message, details)
}

/** A backend's overload may have any 5xx status. */
function isOverload (name: unknown): boolean {
  return typeof name === 'string' && /overloaded/.test(name.slice(0, maxNameLength))
}

/** No code, or one that this proxy uses for its own failures. */
function isOwn (code: string): boolean {
  return code === '' || Object.hasOwn(statusOf, code)
}

/** Limits codes to those in the table. */
function named (code: UpstreamCode): string {
  return code
}

function codeOf (status: number): ErrorCode | UpstreamCode {
  return status === 413
    ? 'request_too_large'
    : status === 404
    ? 'not_found'
    : status === 403
    ? 'upstream_forbidden'
    : 'invalid_request'
}

/** The headers of an error that go on to the client: when to retry, and which limit was exceeded. */
function passedOn (headers: UpstreamResponse['headers']): Record<string, string> {
  const out: Record<string, string> = {}
  for (const name of ['retry-after', 'retry-after-ms', 'x-ratelimit-exceeded']) {
    const value = headers[name]
    if (value !== undefined && /^[\x20-\x7e]{1,256}$/.test(value)) out[name] = value
  }
  return out
}

/** Keeps a plain sentence, drops an HTML page. */
function plainText (text: string, contentType = ''): string {
  const trimmed = text.trim()
  return contentType.includes('html') || /^<|<(?:!doctype|html|head|body)\b/i.test(trimmed) || trimmed.startsWith('{')
    ? ''
    : trimmed
}
