// Reads an API call: its seat, and its JSON body, which the runtime has unpacked.
import type { Account } from '../auth/account.ts'
import type { Config } from '../config.ts'
import type { Call } from '../contract.ts'
import { GatewayError, tooLarge } from '../errors.ts'
import { readJsonObject, type JsonObject } from '../json.ts'
import { readJsonObjectInTurns } from '../json-pieces.ts'
import { readAccountType } from '../upstream/hosts.ts'
import type { ModelRequest } from '../upstream/models.ts'

/** @throws {GatewayError} `unsupported_media_type` (415), `request_too_large` (413), `invalid_request` (400) */
export function readApiBody (call: Pick<Call, 'headers' | 'bytes'>, maxBytes = Infinity): JsonObject {
  assertReadable(call, maxBytes)
  return readJsonObject(call.bytes)
}

/** As `readApiBody`, in short steps for a long body. */
export async function readApiBodyInTurns (
  call: Pick<Call, 'headers' | 'bytes'>,
  maxBytes = Infinity,
): Promise<JsonObject> {
  assertReadable(call, maxBytes)
  return readJsonObjectInTurns(call.bytes)
}

function assertReadable ({ headers, bytes }: Pick<Call, 'headers' | 'bytes'>, maxBytes: number): void {
  // Nothing is packed in an empty body: it is refused as JSON.
  if (bytes.length > 0) assertPlain(headers)
  const type = headers['content-type']
  // Without a content type, the body counts as JSON. Charsets other than UTF-8 are refused.
  if (type !== undefined && !/^application\/(?:[\w.+-]+\+)?json *(?:;(?: *charset=("?)utf-8\1)? *)?$/i.test(type)) {
    throw new GatewayError('unsupported_media_type', 'Send the body as application/json in UTF-8.')
  }
  if (bytes.length > maxBytes) throw tooLarge(maxBytes)
}

/** @throws {GatewayError} 415 for a body that the runtime did not unpack */
export function assertPlain (headers: Call['headers']): void {
  const encoding = headers['content-encoding']?.trim().toLowerCase()
  if (encoding !== undefined && encoding !== '' && encoding !== 'identity') {
    throw new GatewayError('unsupported_media_type', 'Send the body without content-encoding.')
  }
}

/** The account of a route that is not public: the runtime sets it. */
export function accountOf ({ account }: Pick<Call, 'account'>): Account {
  if (account === null) throw new Error('a route that needs an account was served without one')
  return account
}

/**
 * The seat and the host of a call, which every request to Copilot needs.
 * @throws {GatewayError} for a wrong account type
 */
export function seatRequest (call: Call, config: Config): ModelRequest {
  return { account: accountOf(call), accountType: readAccountType(call.headers['x-copilot-account-type'], config),
    requestId: call.id, defer: call.defer }
}
