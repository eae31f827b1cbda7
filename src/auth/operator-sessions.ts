// The sessions of the operator's page. The store holds a digest of each session's random text and of ADMIN_TOKEN, and
// no secret: a copy of the store opens no session, and gives nothing to guess the token with. A new ADMIN_TOKEN ends
// all of them.
import { lengthPrefixed, toBase64Url } from '../bytes.ts'
import type { Call, Clock } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { keys } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import { readCookie, writeCookie } from './cookies.ts'
import { randomLetters } from './entry-credential.ts'
import { isSameOrigin } from './same-origin.ts'
import { guard } from './user-store.ts'

export interface OperatorSession {
  /** `acpo-…`, the value of the cookie. */
  readonly text: string
  readonly expiresAt: number
}
export interface OperatorSessions {
  /** @throws {GatewayError} `store_unavailable` */
  readonly open: () => Promise<OperatorSession>
  /** Null for an ended or unknown session. @throws {GatewayError} `store_unavailable` */
  readonly find: (text: string) => Promise<OperatorSession | null>
  readonly close: (text: string) => Promise<void>
}

const cookieName = 'copilot_proxy_admin'
const form = /^acpo-[a-z0-9]{40}$/
const longestMs = 12 * 3_600_000

export function createOperatorSessions (
  store: Store | null,
  adminToken: string | null,
  { now }: Pick<Clock, 'now'>,
): OperatorSessions {
  return {
    async open () {
      const session = { text: `acpo-${randomLetters(40)}`, expiresAt: now() + longestMs }
      await guard(storeOf().set(await keyOf(session.text), String(session.expiresAt), session.expiresAt))
      return session
    },
    async find (text) {
      const value = await guard(storeOf().get(await keyOf(text)))
      return value === null ? null : { text, expiresAt: Number(value) }
    },
    close: async text => guard(storeOf().delete(await keyOf(text))),
  }

  function storeOf (): Store {
    if (store !== null) return store
    throw new GatewayError('store_unavailable', 'The store of this proxy is not configured.')
  }

  async function keyOf (text: string): Promise<string> {
    const digest = await crypto.subtle.digest('SHA-256', lengthPrefixed(text, adminToken ?? ''))
    return keys.operatorSession(toBase64Url(new Uint8Array(digest)))
  }
}

/** Null without a well-formed cookie, and for a request of another site's page. */
export function readOperatorCookie (
  request: Pick<Call, 'headers' | 'host'>,
  publicOrigin: string | null,
): string | null {
  const text = readCookie(request.headers['cookie'], cookieName)
  return text !== null && form.test(text) && isSameOrigin(request, publicOrigin) ? text : null
}

/** Whether the request has such a cookie at all, also one that does not count. */
export function hasOperatorCookie ({ headers }: Pick<Call, 'headers'>): boolean {
  return readCookie(headers['cookie'], cookieName) !== null
}

/** The cookie of the page alone: browsers send it with `/admin` and what is below, until they close. */
export function writeOperatorCookie (text: string, isSecure: boolean): string {
  return writeCookie(text, { name: cookieName, path: '/admin', seconds: text === '' ? 0 : null, isSecure })
}
