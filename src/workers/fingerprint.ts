// A digest of a user name and a password under a key that this isolate alone knows: how a warm sign-in is found again.
import { lengthPrefixed, randomBytes, toBase64 } from '../bytes.ts'

/** Made within a request: workerd gives no random bytes before the first one. */
export function createFingerprint (): (username: string, password: string) => Promise<string> {
  const secret = randomBytes(32)
  /** The key itself, not the promise of it: that would belong to the request that asked first. */
  let key: CryptoKey | undefined
  return async (username, password) => {
    key ??= await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
    return toBase64(new Uint8Array(await crypto.subtle.sign('HMAC', key, lengthPrefixed(username, password))))
  }
}
