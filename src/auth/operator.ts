// Finds out whether the operator calls: by ADMIN_TOKEN as bearer, or by the session that the operator's page got for
// it. Both count as attempts of the address when they are wrong.
import type { Audit } from '../audit.ts'
import { equalBytes, utf8 } from '../bytes.ts'
import type { ReceivedHeaders } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import type { Attempts } from './attempts.ts'
import { readOperatorCookie, type OperatorSession, type OperatorSessions } from './operator-sessions.ts'

export interface OperatorRequest {
  readonly headers: ReceivedHeaders
  /** The host that people see. */
  readonly host: string
  readonly address: string
  readonly id: string
}

export interface Operator {
  /**
   * Runs before a route of the scope `admin` is served, and before its body is read.
   * @throws {GatewayError} `invalid_api_key`, `rate_limited`, `store_unavailable`
   */
  readonly admit: (request: OperatorRequest) => Promise<void>
  /** Opens a session of the page. @throws {GatewayError} as `admit` */
  readonly signIn: (token: string, request: OperatorRequest) => Promise<OperatorSession>
}

interface Options {
  readonly adminToken: string | null
  readonly publicOrigin: string | null
  readonly sessions: OperatorSessions
  readonly attempts: Attempts
  readonly audit: Audit
}

export function createOperator ({ adminToken, publicOrigin, sessions, attempts, audit }: Options): Operator {
  return {
    async admit (request) {
      const { authorization } = request.headers
      const session = authorization === undefined ? readOperatorCookie(request, publicOrigin) : null
      const bearer = /^Bearer +(\S{1,1024}) *$/i.exec(authorization ?? '')?.[1] ?? ''
      if (session !== null) await check(request, async () => await sessions.find(session) !== null)
      else if (bearer === '') throw refused(request)
      else await check(request, () => isToken(bearer))
    },
    async signIn (token, request) {
      await check(request, () => isToken(token))
      return sessions.open()
    },
  }

  async function check (request: OperatorRequest, prove: () => Promise<boolean>): Promise<void> {
    const isRight = await attempts.run({ address: request.address }, prove, isProven => !isProven).catch(
      (thrown: unknown) => {
        if (!(thrown instanceof GatewayError && thrown.code === 'rate_limited')) throw thrown
        note('limited', request)
        throw new GatewayError('rate_limited', 'Too many wrong admin tokens from this address. Try again later.', {
          cause: thrown,
          headers: thrown.headers,
        })
      },
    )
    if (!isRight) throw refused(request)
  }

  function refused (request: OperatorRequest): GatewayError {
    note('auth-failed', request)
    return new GatewayError('invalid_api_key',
      'The admin token is wrong, or the session has ended. Send ADMIN_TOKEN as bearer, or sign in at /admin.', {
      headers: { 'www-authenticate': 'Bearer' },
    })
  }

  function note (outcome: 'limited' | 'auth-failed', { address, id }: OperatorRequest): void {
    audit({ action: 'admin', outcome, address, reqId: id })
  }

  /** Digests have equal lengths, so the time does not reveal the token's length. */
  async function isToken (given: string): Promise<boolean> {
    return adminToken !== null && equalBytes(await digest(given), await digest(adminToken))
  }
}

async function digest (text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text)))
}
