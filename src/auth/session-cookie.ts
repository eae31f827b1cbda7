// The cookie of a page's session: `<username>.acps-<id>-<secret>`. Scripts cannot read it, and no other site's page can
// send it. It counts on requests of this host's own pages alone.
import type { Call } from '../contract.ts'
import { isUsername } from './account.ts'
import { readCookie, writeCookie } from './cookies.ts'
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
  const value = readCookie(request.headers['cookie'], cookieName)
  if (value === null || !isSameOrigin(request, publicOrigin)) return null
  const dot = value.indexOf('.')
  const [username, text] = [value.slice(0, dot), value.slice(dot + 1)]
  const credential = readEntryCredential(text)
  if (!isUsername(username) || credential === null || credential.kinds.includes('key')) return null
  return { username, text, id: credential.id }
}

/** @param seconds null: until the browser closes; 0: ends now */
export function writeSessionCookie (value: string, seconds: number | null, isSecure: boolean): string {
  return writeCookie(value, { name: cookieName, path: '/', seconds, isSecure })
}
