// A digest of a user name and a password under a key that only this isolate knows: it finds a known sign-in again.
import { lengthPrefixed, randomBytes, toBase64 } from '../bytes.ts'

/** Called within a request: workerd provides no random bytes before the first one. */
export function createFingerprint (): (username: string, password: string) => Promise<string> {
  const secret = randomBytes(32)
  /** The key itself, not its promise, which would belong to the first request. */
  let key: CryptoKey | undefined
  return async (username, password) => {
    key ??= await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
    return toBase64(new Uint8Array(await crypto.subtle.sign('HMAC', key, lengthPrefixed(username, password))))
  }
}
