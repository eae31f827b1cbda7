// The operator's routes for users and metrics. The runtime has already admitted the caller: `auth/operator.ts`.
import type { OperatorAction } from '../audit.ts'
import { isUsername } from '../auth/account.ts'
import { describeUsers, listNames } from '../auth/user-list.ts'
import { guard } from '../auth/user-store.ts'
import type { Call, ErrorRenderer, Handler } from '../contract.ts'
import type { Core } from '../core.ts'
import { GatewayError } from '../errors.ts'
import { json } from './reply.ts'

/** KV allows a Worker 1,000 calls for one request, and a listed user costs two. */
export const pageSize = { usual: 100, most: 400 }

/** `?after=<name>` and `?limit=<n>` give one page; `next` is the value of `after` for the next page, or null. */
export function listUsers ({ store, accounts }: Core): Handler {
  return async ({ query }) => {
    if (store === null || accounts === null) throw storeMissing()
    const { registry, entries } = accounts
    const after = query.get('after') ?? ''
    const wanted = (await guard(listNames(store))).filter(name => name > after && !registry.isGone(name))
    const page = wanted.slice(0, readLimit(query.get('limit')))
    const users = await guard(describeUsers(store, page, username => entries.list(username, ['key'])))
    return json(200, { object: 'list', users, next: page.length < wanted.length ? page.at(-1) : null })
  }
}

export function expelUser ({ accounts, tally, audit }: Core): Handler {
  return async call => {
    if (accounts === null) throw storeMissing()
    const username = call.params['username'] ?? ''
    if (!isUsername(username) || !await accounts.registry.expel(username)) {
      throw new GatewayError('not_found', 'There is no such user.')
    }
    tally.forget(username)
    audit({ ...operatorDid('admin-delete', call), user: username })
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

/** The audit entry of an action that succeeded. */
export function operatorDid (action: OperatorAction, { address, id }: Call) {
  return { action, outcome: 'done', address, reqId: id } as const
}

export function storeMissing (): GatewayError {
  return new GatewayError('store_unavailable', 'The store of this proxy is not configured.')
}

function readLimit (text: string | null): number {
  const limit = text === null ? pageSize.usual : Number(text)
  if (Number.isInteger(limit) && limit >= 1 && limit <= pageSize.most) return limit
  throw new GatewayError('invalid_request', `limit: whole number, 1 to ${pageSize.most}.`, { param: 'limit' })
}
