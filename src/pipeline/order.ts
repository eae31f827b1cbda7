// The order in which a request is refused or served. Both runtimes refuse addresses that cannot be read, then call
// these functions in the order of `Order`. The first refusal wins. `test/suite/order.ts` shows that the runtimes agree.
//
// A refusal costs as little as its step needs: nothing reads the body before the caller is known. From `arrive` on,
// refusals have the CORS headers of their route, so that a page can read why it was refused.
import type { Account } from '../auth/account.ts'
import type { Log } from '../contract.ts'
import type { Gateway } from '../gateway.ts'
import type { Route } from '../route.ts'
import { createArrival, type ArrivalFacts, type StepRefusal } from './arrival.ts'
import { createCallers, type CallerRequest } from './caller.ts'
import { createFailures, type Failed } from './failure.ts'
import { createRouteRefusals, type Found, type RefuseRoute } from './found.ts'
import { createUpgradeCheck, type UpgradeRequest } from './upgrade.ts'
import { createCors, type Cors } from './reply-headers.ts'

export interface Order<Request> {
  /** 1. The CORS headers of the route. All answers below have them. */
  readonly cors: Cors
  /** 2. Number of headers, length of the address, load, repeated headers, host name. */
  readonly arrive: (request: Request) => StepRefusal
  /** 3. Unknown routes and wrong methods. The runtime answers pages and preflights here. */
  readonly route: RefuseRoute
  /** The same for a route with a `socket`: whether the request can become a WebSocket. */
  readonly upgrade: (request: UpgradeRequest) => StepRefusal
  /** 4. Credentials. Null for a scope that needs none. */
  readonly caller: Readonly<Record<Route['scope'], ((request: CallerRequest) => Promise<Account | null>) | null>>
  /** Whether the caller's key may be in the address of this route. */
  readonly takesKeyInUrl: (route: Pick<Route, 'takesKeyInUrl'>) => boolean
  /** 5. The largest body. The runtime reads it, then calls the handler. */
  readonly maxBytes: (route: Pick<Route, 'maxBytes'>) => number
  /** Renders what a step or the handler throws. */
  readonly fail: ReturnType<typeof createFailures>
}

export function createOrder<Request> (
  gateway: Pick<Gateway, 'config' | 'routes' | 'authenticate' | 'admit'>,
  log: Log,
  facts: ArrivalFacts<Request>,
): Order<Request> {
  const { config } = gateway
  return {
    cors: createCors(config.corsOrigins),
    arrive: createArrival(facts),
    route: createRouteRefusals(gateway.routes),
    upgrade: createUpgradeCheck(config),
    caller: createCallers(gateway),
    takesKeyInUrl: ({ takesKeyInUrl = false }) => takesKeyInUrl && config.allowKeyInUrl,
    maxBytes: ({ maxBytes = Infinity }) => Math.min(maxBytes, config.maxBodyBytes),
    fail: createFailures(log),
  }
}

export type { Failed, Found, StepRefusal }
