// Finds out whether the operator calls: by ADMIN_TOKEN as bearer, or by the session that the operator's page got for
// it. Both count as attempts of the address when they are wrong, also where the page signs out.
import type { Audit } from '../audit.ts'
import { equalBytes, sha256 } from '../bytes.ts'
import type { ReceivedHeaders } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import type { Attempts } from './attempts.ts'
import { hasOperatorCookie, readOperatorCookie, type OperatorSession,
  type OperatorSessions } from './operator-sessions.ts'

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
  /**
   * Ends a session of the page. False if there is none, or none any more.
   * @throws {GatewayError} `rate_limited`, `store_unavailable`
   */
  readonly signOut: (session: string, request: OperatorRequest) => Promise<boolean>
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
      if (session !== null) await check(request, () => isOpen(session))
      else if (bearer !== '') await check(request, () => isToken(bearer))
      else {
        // The page asks whether it has a session. Without a credential that is no attempt.
        if (authorization !== undefined || hasOperatorCookie(request)) note('auth-failed', request)
        throw refused()
      }
    },
    async signIn (token, request) {
      await check(request, () => isToken(token))
      return sessions.open()
    },
    async signOut (session, request) {
      const isEnding = await attempt(request, () => isOpen(session))
      if (isEnding) await sessions.close(session)
      return isEnding
    },
  }

  async function check (request: OperatorRequest, prove: () => Promise<boolean>): Promise<void> {
    if (!await attempt(request, prove)) throw refused()
  }

  async function attempt (request: OperatorRequest, prove: () => Promise<boolean>): Promise<boolean> {
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
    if (!isRight) note('auth-failed', request)
    return isRight
  }

  function refused (): GatewayError {
    return new GatewayError('invalid_api_key',
      'The admin token is wrong, or the session has ended. Send ADMIN_TOKEN as bearer, or sign in at /admin.', {
      headers: { 'www-authenticate': 'Bearer' },
    })
  }

  function note (outcome: 'limited' | 'auth-failed', { address, id }: OperatorRequest): void {
    audit({ action: 'admin', outcome, address, reqId: id })
  }

  async function isOpen (session: string): Promise<boolean> {
    return await sessions.find(session) !== null
  }

  /** Digests have equal lengths, so the time does not reveal the token's length. */
  async function isToken (given: string): Promise<boolean> {
    return adminToken !== null && equalBytes(await sha256(given), await sha256(adminToken))
  }
}
