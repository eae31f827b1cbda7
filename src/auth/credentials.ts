// Where the API finds a password: `Authorization: Bearer` or `x-api-key`, and nowhere else.
import type { ReceivedHeaders } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { isPassword } from './account.ts'

/** Null when neither header holds a well-formed password. Of two the bearer wins; clients send an empty `x-api-key` beside it. */
export function readPassword (headers: ReceivedHeaders): string | null {
  const bearer = /^Bearer +(\S{1,64}) *$/i.exec(headers['authorization'] ?? '')?.[1]
  if (bearer !== undefined && isPassword(bearer)) return bearer
  const apiKey = headers['x-api-key']?.trim()
  return apiKey !== undefined && isPassword(apiKey) ? apiKey : null
}

/** The one answer to an unknown user, a wrong password and a missing header, so that none can be told from another. */
export function tokenInvalid (): GatewayError {
  return new GatewayError('invalid_api_key', 'Token is invalid. Send the acpc-… password of this user as API key, and check the user name in the base URL. Users are made at / on this host.')
}
