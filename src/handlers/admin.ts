// For the operator: who is here, and out with a user whose password is lost. And what is counted, where the runtime
// counts. The bearer was compared before any of this runs: see `createAdmission`.
import type { Audit } from '../audit.ts'
import { isUsername } from '../auth/account.ts'
import { listNames, withDays } from '../auth/user-list.ts'
import { guard } from '../auth/user-store.ts'
import { equalBytes, utf8 } from '../bytes.ts'
import type { Call, ErrorRenderer, Handler, ReceivedHeaders } from '../contract.ts'
import type { Core } from '../core.ts'
import { GatewayError } from '../errors.ts'
import { json } from './reply.ts'

/** What a runtime asks before it reads the body of an `admin` route. @throws {GatewayError} `invalid_api_key` */
export type Admission = (request: { readonly headers: ReceivedHeaders, readonly address: string, readonly id: string }) => Promise<void>

export const pageSize = { usual: 500, most: 500 }

export function createAdmission (adminToken: string | null, audit: Audit): Admission {
  return async ({ headers, address, id }) => {
    const given = /^Bearer +(\S{1,1024}) *$/i.exec(headers['authorization'] ?? '')?.[1] ?? ''
    // Digests have one length, so the time tells nothing of the token's.
    const isRight = equalBytes(await digest(given), await digest(adminToken ?? ''))
    if (isRight && adminToken !== null && given !== '') return
    audit({ action: 'admin', outcome: 'auth-failed', address, reqId: id })
    throw new GatewayError('invalid_api_key', 'The admin token is wrong. Send ADMIN_TOKEN as bearer.', { headers: { 'www-authenticate': 'Bearer' } })
  }
}

/** `?after=<name>` and `?limit=<n>` page through many; `next` is the name to go on after, or null. */
export function listUsers ({ store, accounts }: Core): Handler {
  return async ({ query }) => {
    if (store === null || accounts === null) throw storeMissing()
    const after = query.get('after') ?? ''
    const wanted = (await guard(listNames(store))).filter(name => name > after && !accounts.registry.isGone(name))
    const page = wanted.slice(0, readLimit(query.get('limit')))
    const users = await guard(withDays(store, page))
    return json(200, { object: 'list', users, next: page.length < wanted.length ? page.at(-1) : null })
  }
}

export function expelUser ({ accounts, tally, audit }: Core): Handler {
  return async (call: Call) => {
    if (accounts === null) throw storeMissing()
    const username = call.params['username'] ?? ''
    if (!isUsername(username) || !await accounts.registry.expel(username)) throw new GatewayError('not_found', 'There is no such user.')
    tally.forget(username)
    audit({ action: 'admin-delete', outcome: 'done', user: username, address: call.address, reqId: call.id })
    return json(200, { username, status: 'deleted' })
  }
}

/** What the runtime's meter has counted, as text for Prometheus. */
export function metrics ({ exposition }: Core): Handler {
  return async () => {
    if (exposition === null) throw new GatewayError('not_found', 'Nothing is counted here.')
    const { contentType, text } = await exposition()
    return { status: 200, headers: { 'content-type': contentType, 'cache-control': 'no-store' }, body: text }
  }
}

export const renderAdminError: ErrorRenderer = error => json(error.status, { error: { message: error.message, code: error.code } }, error.headers)

function readLimit (text: string | null): number {
  const limit = text === null ? pageSize.usual : Number(text)
  if (Number.isInteger(limit) && limit >= 1 && limit <= pageSize.most) return limit
  throw new GatewayError('invalid_request', `limit: whole number, 1 to ${pageSize.most}.`, { param: 'limit' })
}

function storeMissing (): GatewayError {
  return new GatewayError('store_unavailable', 'The store of this proxy is not configured.')
}

async function digest (text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text)))
}
