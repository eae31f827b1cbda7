// How an API body is read: JSON, as it came, and nothing compressed.
import type { Account } from '../auth/account.ts'
import type { Call } from '../contract.ts'
import { GatewayError, tooLarge } from '../errors.ts'
import { readJsonObject, type JsonObject } from '../json.ts'

/** @throws {GatewayError} `unsupported_media_type` (415), `request_too_large` (413), `invalid_request` (400) */
export function readApiBody ({ headers, bytes }: Pick<Call, 'headers' | 'bytes'>, maxBytes = Infinity): JsonObject {
  assertPlain(headers)
  const type = headers['content-type']
  // Without a content type it is taken for what it has to be; charsets other than UTF-8 are not.
  if (type !== undefined && !/^application\/(?:[\w.+-]+\+)?json *(?:;(?: *charset=("?)utf-8\1)? *)?$/i.test(type)) {
    throw new GatewayError('unsupported_media_type', 'Send the body as application/json in UTF-8.')
  }
  if (bytes.length > maxBytes) throw tooLarge(maxBytes)
  return readJsonObject(bytes)
}

/** @throws {GatewayError} 415: a compressed body is not unpacked */
export function assertPlain (headers: Call['headers']): void {
  const encoding = headers['content-encoding']?.trim().toLowerCase()
  if (encoding !== undefined && encoding !== '' && encoding !== 'identity') throw new GatewayError('unsupported_media_type', 'Send the body without content-encoding.')
}

/** The account of a route that is not public; the runtime has put it there. */
export function accountOf ({ account }: Pick<Call, 'account'>): Account {
  if (account === null) throw new Error('a route that needs an account was served without one')
  return account
}
