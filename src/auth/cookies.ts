// Reads and writes the cookies of the pages.
import type { Call } from '../contract.ts'

export interface CookieAttributes {
  readonly name: string
  readonly path: string
  /** Null: until the browser closes; 0: ends now. */
  readonly seconds: number | null
  readonly isSecure: boolean
}

const longestHeader = 8_192

/** Several cookies of a name: the first counts, as RFC 6265 orders them by the closest path. */
export function readCookie (header: string | undefined, name: string): string | null {
  if (header === undefined || header.length > longestHeader) return null
  for (const pair of header.split(';')) {
    const at = pair.indexOf('=')
    if (at !== -1 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return null
}

/** Scripts cannot read it, and no other site's page can send it. */
export function writeCookie (value: string, { name, path, seconds, isSecure }: CookieAttributes): string {
  return [`${name}=${value}`, `Path=${path}`, 'HttpOnly', 'SameSite=Strict', ...isSecure ? ['Secure'] : [],
    ...seconds === null ? [] : [`Max-Age=${seconds}`]].join('; ')
}

/** Browsers send their page's origin with every POST: it shows https also behind a proxy that ends TLS. */
export function isOverHttps ({ protocol, headers }: Pick<Call, 'protocol' | 'headers'>): boolean {
  return protocol === 'https' || headers['origin']?.startsWith('https:') === true
}
