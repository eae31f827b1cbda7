// The cookie of a page's session: `<username>.acps-<id>-<secret>`. Scripts cannot read it, and no other site's page can
// send it. It counts on requests of this host's own pages alone.
import type { Call } from '../contract.ts'
import { isUsername } from './account.ts'
import { readEntryCredential } from './entry-credential.ts'
import { isSameOrigin } from './same-origin.ts'

export const cookieName = 'copilot_proxy_session'

export interface PageSession {
  readonly username: string
  /** The credential, `acps-…`. */
  readonly text: string
  readonly id: string
}

/** Null without a well-formed cookie, and for a request of another site's page. */
export function readPageSession (
  request: Pick<Call, 'headers' | 'host'>,
  publicOrigin: string | null,
): PageSession | null {
  const value = readCookie(request.headers['cookie'])
  if (value === null || !isSameOrigin(request, publicOrigin)) return null
  const dot = value.indexOf('.')
  const [username, text] = [value.slice(0, dot), value.slice(dot + 1)]
  const credential = readEntryCredential(text)
  if (!isUsername(username) || credential === null || credential.kinds.includes('key')) return null
  return { username, text, id: credential.id }
}

/** Several cookies of this name: the first counts, as RFC 6265 orders them by the closest path. */
function readCookie (header: string | undefined): string | null {
  if (header === undefined || header.length > 8_192) return null
  for (const pair of header.split(';')) {
    const at = pair.indexOf('=')
    if (at !== -1 && pair.slice(0, at).trim() === cookieName) return pair.slice(at + 1).trim()
  }
  return null
}

/** @param seconds null: until the browser closes; 0: ends now */
export function writeSessionCookie (value: string, seconds: number | null, isSecure: boolean): string {
  return [`${cookieName}=${value}`, 'Path=/', 'HttpOnly', 'SameSite=Strict', ...isSecure ? ['Secure'] : [],
    ...seconds === null ? [] : [`Max-Age=${seconds}`]].join('; ')
}
