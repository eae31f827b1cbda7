// What upstream's refusals become: the status a client can act on, upstream's own words where they are words, and never
// its HTML. `contract.md` section 3, `copilot-upstream.md` section 11.
import { GatewayError, type ErrorCode, type UpstreamCode } from '../errors.ts'
import { isObject } from '../json.ts'
import { parseObject } from './read-body.ts'
import type { UpstreamResponse } from './send.ts'

const maxMessageLength = 4_096
const maxNameLength = 128

/** @param text the start of the body; JSON comes as `text/plain` too, so it is tried whatever the content type */
export function toUpstreamError ({ status, headers }: Pick<UpstreamResponse, 'status' | 'headers'>, text: string): GatewayError {
  const body = parseObject(text)
  const inner = isObject(body?.['error']) ? body['error'] : body
  const said = typeof inner?.['message'] === 'string' && inner['message'] !== '' ? inner['message'] : plainText(text, headers['content-type'])
  const code = typeof inner?.['code'] === 'string' ? (inner['code'].split(':')[0] ?? '').slice(0, maxNameLength) : ''
  const message = said.slice(0, maxMessageLength)
  const details = { param: typeof inner?.['param'] === 'string' ? inner['param'].slice(0, maxNameLength) : undefined, headers: passedOn(headers) }

  if (status >= 300 && status < 400) return new GatewayError('upstream_error', 'Copilot answered with a redirect, which is not followed.')
  if (status === 466) return new GatewayError('upstream_error', 'Copilot finds this proxy\'s client version too old. The operator has to raise COPILOT_EDITOR_VERSION and COPILOT_PLUGIN_VERSION.')
  if (status === 421) return refusal(status, code || named('misdirected_request'), message || 'This Copilot host does not serve the account\'s plan. Try without x-copilot-account-type.', details)
  if (status === 402) return refusal(status, code || named('insufficient_quota'), message || 'The Copilot quota of this account is used up.', { ...details, headers: { ...details.headers, 'x-should-retry': 'false' } })
  if (status === 503) return refusal(status, code || named('upstream_overloaded'), message || 'Copilot is overloaded. Try again in a moment.', { ...details, headers: { 'retry-after': '5', ...details.headers } })
  if (status === 429) return refusal(status, code || named('upstream_rate_limited'), message || 'Copilot limits the rate of this account. Try again later.', details)
  if (status === 504) return new GatewayError('upstream_timeout', message || 'Copilot did not answer in time.')
  if (status >= 500 || status < 400) return new GatewayError('upstream_error', message || `Copilot failed with status ${status}.`)
  return refusal(status, code || codeOf(status), message || `Copilot refused the request with status ${status}.`, details)
}

/** An error that came inside a stream, or a 200. */
export function toStreamError (value: unknown): GatewayError {
  const inner = isObject(value) ? value : {}
  const code = typeof inner['code'] === 'string' && inner['code'] !== '' ? inner['code'].slice(0, maxNameLength) : 'upstream_error'
  const message = typeof inner['message'] === 'string' && inner['message'] !== '' ? inner['message'] : typeof value === 'string' ? value : 'Copilot broke the answer off with an error.'
  return new GatewayError({ code, status: 502 }, message.slice(0, maxMessageLength))
}

function refusal (status: number, code: string, message: string, details: ConstructorParameters<typeof GatewayError>[2]): GatewayError {
  return new GatewayError({ status, code }, message, details)
}

/** Keeps the names that are given here to those in the table. */
function named (code: UpstreamCode): string {
  return code
}

function codeOf (status: number): ErrorCode | UpstreamCode {
  return status === 413 ? 'request_too_large' : status === 404 ? 'not_found' : status === 403 ? 'upstream_forbidden' : 'invalid_request'
}

/** What may cross from an error's headers: when to try again, and what was exceeded. */
function passedOn (headers: UpstreamResponse['headers']): Record<string, string> {
  const out: Record<string, string> = {}
  for (const name of ['retry-after', 'retry-after-ms', 'x-ratelimit-exceeded']) {
    const value = headers[name]
    if (value !== undefined && /^[\x20-\x7e]{1,256}$/.test(value)) out[name] = value
  }
  return out
}

/** A plain sentence is kept, a page is not. */
function plainText (text: string, contentType = ''): string {
  const trimmed = text.trim()
  return contentType.includes('html') || /^<|<(?:!doctype|html|head|body)\b/i.test(trimmed) || trimmed.startsWith('{') ? '' : trimmed
}
