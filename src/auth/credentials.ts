// Reads the password of an API request: from `Authorization: Bearer` or from `x-api-key`, and from no other place.
import type { ReceivedHeaders } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { isPassword } from './account.ts'

/**
 * Null when neither header holds a well-formed password. If both do, the bearer wins. Clients also send an empty
 * `x-api-key` next to a bearer.
 */
export function readPassword (headers: ReceivedHeaders): string | null {
  const bearer = /^Bearer +(\S{1,64}) *$/i.exec(headers['authorization'] ?? '')?.[1]
  if (bearer !== undefined && isPassword(bearer)) return bearer
  const apiKey = headers['x-api-key']?.trim()
  return apiKey !== undefined && isPassword(apiKey) ? apiKey : null
}

/**
 * An unknown user, a wrong password and a missing header all get this one answer, so that a caller cannot distinguish
 * them.
 */
export function tokenInvalid (): GatewayError {
  return new GatewayError('invalid_api_key',
    'Token is invalid. Send the acpc-… password of this user as API key, and check the user name in the base URL. '
      + 'Users are made at / on this host.')
}
