// Routes for the operator: list users, delete a user whose password is lost, and read the metrics if the runtime has
// any. The runtime has already checked the bearer token: see `createAdmission`.
import type { Audit } from '../audit.ts'
import { isUsername } from '../auth/account.ts'
import type { Attempts } from '../auth/attempts.ts'
import { listNames, withDays } from '../auth/user-list.ts'
import { guard } from '../auth/user-store.ts'
import { equalBytes, utf8 } from '../bytes.ts'
import type { Call, ErrorRenderer, Handler, ReceivedHeaders } from '../contract.ts'
import type { Core } from '../core.ts'
import { GatewayError } from '../errors.ts'
import { json } from './reply.ts'

/**
 * A runtime calls this before it reads the body of an `admin` route.
 * @throws {GatewayError} `invalid_api_key`, `rate_limited`
 */
export type Admission = (
  request: { readonly headers: ReceivedHeaders, readonly address: string, readonly id: string },
) => Promise<void>

export const pageSize = { usual: 500, most: 500 }

export function createAdmission (adminToken: string | null, attempts: Attempts, audit: Audit): Admission {
  return async ({ headers, address, id }) => {
    const note = (outcome: 'limited' | 'auth-failed') => {
      audit({ action: 'admin', outcome, address, reqId: id })
    }
    const given = /^Bearer +(\S{1,1024}) *$/i.exec(headers['authorization'] ?? '')?.[1] ?? ''
    const isRight = given !== ''
      && await attempts.run({ address }, () => isSame(given, adminToken), isRight => !isRight).catch(
        (thrown: unknown) => {
          if (!(thrown instanceof GatewayError && thrown.code === 'rate_limited')) throw thrown
          note('limited')
          throw new GatewayError('rate_limited', 'Too many wrong admin tokens from this address. Try again later.', {
            cause: thrown,
            headers: thrown.headers,
          })
        },
      )
    if (isRight) return
    note('auth-failed')
    throw new GatewayError('invalid_api_key', 'The admin token is wrong. Send ADMIN_TOKEN as bearer.', {
      headers: { 'www-authenticate': 'Bearer' },
    })
  }
}

/** Digests have equal lengths, so the time does not reveal the token's length. */
async function isSame (given: string, adminToken: string | null): Promise<boolean> {
  return adminToken !== null && equalBytes(await digest(given), await digest(adminToken))
}

/** `?after=<name>` and `?limit=<n>` give one page; `next` is the value of `after` for the next page, or null. */
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
    if (!isUsername(username) || !await accounts.registry.expel(username)) {
      throw new GatewayError('not_found', 'There is no such user.')
    }
    tally.forget(username)
    audit({ action: 'admin-delete', outcome: 'done', user: username, address: call.address, reqId: call.id })
    return json(200, { username, status: 'deleted' })
  }
}

/** The counters of the runtime's meter, as text for Prometheus. */
export function metrics ({ exposition }: Core): Handler {
  return async () => {
    if (exposition === null) throw new GatewayError('not_found', 'This server keeps no metrics.')
    const { contentType, text } = await exposition()
    return { status: 200, headers: { 'content-type': contentType, 'cache-control': 'no-store' }, body: text }
  }
}

export const renderAdminError: ErrorRenderer = error =>
  json(error.status, { error: { message: error.message, code: error.code } }, error.headers)

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
