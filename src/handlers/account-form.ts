// Reads requests to the account routes, as form or JSON, and answers them: with JSON, or with a redirect to the page
// that the form came from. URLs never contain a password or a token.
import type { Call, ErrorRenderer, ReceivedHeaders, Reply } from '../contract.ts'
import { GatewayError, tooLarge } from '../errors.ts'
import { fromUtf8 } from '../bytes.ts'
import { readJsonObject } from '../json.ts'
import { assertPlain } from './api-body.ts'
import { json } from './reply.ts'

export type Fields = Readonly<Record<string, string>>

export const maxFormBytes = 16_384

/** The successful states. If GitHub is unreachable, the user is saved nevertheless: `saved-unchecked`. */
export const goodStates = ['saved', 'saved-unchecked', 'deleted'] as const

/** @throws {GatewayError} 413, 415; `invalid_request` for repeated fields and for values that are no text */
export function readFields ({ headers, bytes }: Pick<Call, 'headers' | 'bytes'>): Fields {
  assertPlain(headers)
  if (bytes.length > maxFormBytes) throw tooLarge(maxFormBytes)
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (type === 'application/x-www-form-urlencoded') return readForm(bytes)
  if (type === 'application/json') return readTexts(readJsonObject(bytes))
  throw new GatewayError('unsupported_media_type', 'Send a form or application/json.')
}

function readForm (bytes: Uint8Array): Fields {
  const fields: Record<string, string> = Object.create(null) as Record<string, string>
  for (const [name, value] of new URLSearchParams(fromUtf8OrThrow(bytes))) {
    if (name in fields) throw new GatewayError('invalid_request', 'The form contains a field twice.')
    fields[name] = value
  }
  return fields
}

function readTexts (value: Readonly<Record<string, unknown>>): Fields {
  const fields: Record<string, string> = Object.create(null) as Record<string, string>
  for (const [name, text] of Object.entries(value)) {
    if (typeof text === 'string') fields[name] = text
    else if (text !== null && text !== undefined) throw new GatewayError('invalid_request', 'Every field must be text.')
  }
  return fields
}

function fromUtf8OrThrow (bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes)
  } catch (cause) {
    throw new GatewayError('invalid_request', 'The form is not UTF-8.', { cause })
  }
}

/** 303 to the page for a browser's form, otherwise JSON. */
export function answer (
  headers: ReceivedHeaders,
  status: number,
  state: typeof goodStates[number],
  fields: object = {},
): Reply {
  return wantsPage(headers) ? redirect(state) : json(status, { ...fields, status: state })
}

/** For routes that accept forms. Under a forbidden host name there is no page to redirect to. */
export const renderFormError: ErrorRenderer = (error, request) =>
  wantsPage(request.headers) && error.code !== 'host_not_allowed'
    ? redirect(toState(error.code))
    : renderAccountError(error, request)

/** `{status, error}`: `/?status=` shows the same state. */
export const renderAccountError: ErrorRenderer = error =>
  json(error.status, { status: toState(error.code), error: { message: error.message, code: error.code } },
    error.headers)

function wantsPage (headers: ReceivedHeaders): boolean {
  return headers['accept']?.includes('text/html') === true
}

function redirect (state: string): Reply {
  return { status: 303, headers: { location: `/?status=${state}`, 'cache-control': 'no-store' }, body: null }
}

/** A code as a state. */
export function toState (code: string): string {
  return code.replaceAll('_', '-')
}
