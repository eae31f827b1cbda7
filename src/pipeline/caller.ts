// Finds out who calls: the user on the routes of the API, the operator on those of the scope `admin`. The body is still
// unread, so the 30 MB of an unknown client stay in the client's socket.
import { isUsername, type Account } from '../auth/account.ts'
import { readPageSession } from '../auth/session-cookie.ts'
import type { Call, ReceivedHeaders } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import type { Gateway } from '../gateway.ts'
import type { Route } from '../route.ts'

export interface CallerRequest {
  readonly id: string
  readonly params: Readonly<Record<string, string>>
  readonly headers: ReceivedHeaders
  /** `?key=`, where the route takes it and the operator allows it. */
  readonly keyInUrl?:
    | string
    | null
  /** The host that people see, after trusted proxies. */
  readonly host: string
  readonly address: string
  readonly defer: Call['defer']
}
type Prove = (request: CallerRequest) => Promise<Account | null>

/** By scope. Null: the route needs no credentials. The functions reject with GatewayErrors. */
export function createCallers (
  { authenticate, admit, config }: Pick<Gateway, 'authenticate' | 'admit' | 'config'>,
): Readonly<Record<Route['scope'], Prove | null>> {
  return {
    site: null,
    probe: null,
    admin: request => admit(request).then(() => null),
    api: ({ id, params: { username = '' }, headers, keyInUrl = null, host, address, defer }) =>
      isUsername(username)
        ? authenticate({ id, username, headers, keyInUrl, address, defer,
          session: readPageSession({ headers, host }, config.publicOrigin) })
        : Promise.reject(username === 'admin' && config.adminToken === null ? noOperator() : namesNoUser()),
  }
}

/** Paths of the operator that have the form of a user's, such as `/admin/usage`. */
function noOperator (): GatewayError {
  return new GatewayError('not_found', 'This proxy has no page and no routes for an operator.')
}

function namesNoUser (): GatewayError {
  return new GatewayError('invalid_request',
    'This base URL names no user: https://<host>/<username>/v1, the user name in lower-case letters, digits and '
      + 'hyphens.')
}
