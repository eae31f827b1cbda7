// How an API call is read: whose seat it is for, and a body of JSON, as it came, nothing compressed.
import type { Account } from '../auth/account.ts'
import type { Config } from '../config.ts'
import type { Call } from '../contract.ts'
import { GatewayError, tooLarge } from '../errors.ts'
import { readJsonObject, type JsonObject } from '../json.ts'
import { readAccountType } from '../upstream/hosts.ts'
import type { ModelRequest } from '../upstream/models.ts'

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

/** Whose seat a call is for, and on which host: what every question to Copilot begins with. @throws {GatewayError} for a wrong account type */
export function seatRequest (call: Call, config: Config): ModelRequest {
  return { account: accountOf(call), accountType: readAccountType(call.headers['x-copilot-account-type'], config), requestId: call.id, defer: call.defer }
}
