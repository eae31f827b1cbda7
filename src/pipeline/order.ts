// The order in which a request is refused or served. Both runtimes call these functions in the order of `Order`, and
// the first refusal wins; `test/suite/order.ts` compares the two.
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
import { refusalOfRoute, type Found } from './found.ts'
import { createCors, type Cors } from './reply-headers.ts'

export interface Order<Request> {
  /** 1. The headers of the route, which all answers below have. */
  readonly cors: Cors
  /** 2. Malformed addresses; sizes of headers and address; load; repeated headers; the host name. */
  readonly arrive: (request: Request) => StepRefusal
  /** 3. Unknown routes and wrong methods. Pages and preflights are answered here. */
  readonly route: (found: Found, method: string) => StepRefusal
  /** 4. Credentials. Null for a scope that needs none. */
  readonly caller: Readonly<Record<Route['scope'], ((request: CallerRequest) => Promise<Account | null>) | null>>
  /** 5. The body, up to so many bytes; then the handler. */
  readonly maxBytes: (route: Pick<Route, 'maxBytes'>) => number
  /** Whatever a step throws, in the form that the route's clients expect. */
  readonly fail: ReturnType<typeof createFailures>
}

export function createOrder<Request> (
  gateway: Pick<Gateway, 'config' | 'authenticate' | 'admit'>,
  log: Log,
  facts: ArrivalFacts<Request>,
): Order<Request> {
  const { config } = gateway
  return {
    cors: createCors(config.corsOrigins),
    arrive: createArrival(facts),
    route: refusalOfRoute,
    caller: createCallers(gateway),
    maxBytes: ({ maxBytes = Infinity }) => Math.min(maxBytes, config.maxBodyBytes),
    fail: createFailures(log),
  }
}

export type { Failed, Found, StepRefusal }
