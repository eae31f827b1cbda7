// Reads the password or the key of an API request: from the headers in which the vendors' clients send a key, and from
// the address only if the operator allows it.
import type { ReceivedHeaders } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { isPassword } from './account.ts'
import { isKey } from './entry-credential.ts'

/**
 * Null when no place holds a well-formed password or key. Of several, Google's header wins, then the bearer. Clients
 * also send an empty `x-api-key` next to a bearer.
 */
export function readCredential (headers: ReceivedHeaders, keyInUrl: string | null = null): string | null {
  const googleKey = headers['x-goog-api-key']?.trim()
  if (googleKey !== undefined && isCredential(googleKey)) return googleKey
  const bearer = /^Bearer +(\S{1,64}) *$/i.exec(headers['authorization'] ?? '')?.[1]
  if (bearer !== undefined && isCredential(bearer)) return bearer
  const apiKey = headers['x-api-key']?.trim()
  if (apiKey !== undefined && isCredential(apiKey)) return apiKey
  return keyInUrl !== null && isCredential(keyInUrl) ? keyInUrl : null
}

function isCredential (text: string): boolean {
  return isPassword(text) || isKey(text)
}

/** `?key=` of an address, from its query; null if there is none. */
export function readKeyInUrl (query: string): string | null {
  return new URLSearchParams(query).get('key')
}

/**
 * An unknown user, a wrong password and a missing header all get this one answer, so that a caller cannot distinguish
 * them.
 */
export function tokenInvalid (): GatewayError {
  return new GatewayError('invalid_api_key',
    'Token is invalid. Send the acpc-… password or an acpk-… key of this user as API key, and check the user name in '
      + 'the base URL. Users are made at / on this host.')
}
