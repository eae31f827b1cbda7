// A row of the route table.
import type { ErrorRenderer, Handler } from './contract.ts'
import type { OperationId } from './openapi/operations.ts'
import type { SocketHandler } from './socket.ts'

export interface Route {
  readonly methods: readonly string[]
  /** With `:name` parameters, in the common subset of Fastify's router and URLPattern. */
  readonly path: string
  /**
   * `api`: below a user name, with credentials and CORS. `probe`: below a user name, without credentials. `site`: the
   * pages' own routes and operations, without CORS. `admin`: only for the operator, who sends the ADMIN_TOKEN; the
   * gateway checks it before it reads the body. Without that setting these routes do not exist.
   */
  readonly scope: 'api' | 'probe' | 'site' | 'admin'
  readonly renderError: ErrorRenderer
  /** Whether the key may be in the address as `?key=`, if the operator allows that. */
  readonly takesKeyInUrl?: boolean
  /** The limit of the body, if it is less than MAX_BODY_BYTES. */
  readonly maxBytes?: number
  /**
   * Its description in `/openapi.json`. One operation may have several addresses; the first one has the description.
   */
  readonly operation: OperationId
  readonly handler: Handler
  /** Serves clients that ask for a WebSocket. Without that wish, the method is wrong. */
  readonly socket?: SocketHandler
}
