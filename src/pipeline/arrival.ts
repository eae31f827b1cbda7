// Refuses requests on arrival, before their route matters. The runtime provides the facts of a request; this file
// decides what is refused, and in which order.
import { GatewayError, toGatewayError } from '../errors.ts'

export type StepRefusal = GatewayError | undefined

export interface ArrivalFacts<Request> {
  readonly headerCount: (request: Request) => number
  readonly maxHeaders: number
  readonly urlLength: (request: Request) => number
  readonly maxUrlLength: number
  /** The refusal of a runtime that is too busy or about to end. */
  readonly load: (request: Request) => StepRefusal
  /** The name of an important header that is there twice. */
  readonly repeated: (request: Request) =>
    | string
    | undefined
  /** @throws {GatewayError} `host_not_allowed` */
  readonly checkHost: (request: Request) => void
}

/** Two `Host` headers are refused before the host name is checked: nothing tells which of the two counts. */
export function createArrival<Request> (facts: ArrivalFacts<Request>): (request: Request) => StepRefusal {
  return request =>
    tooManyHeaders(facts, request) ?? tooLongUrl(facts, request) ?? facts.load(request)
      ?? repeatedHeader(facts, request)
      ?? unknownHost(facts, request)
}

export function malformedAddress (cause?: unknown): GatewayError {
  return new GatewayError('invalid_request', 'The address is malformed.', { cause })
}

function tooManyHeaders<Request> ({ headerCount, maxHeaders }: ArrivalFacts<Request>, request: Request): StepRefusal {
  return headerCount(request) > maxHeaders
    ? new GatewayError('headers_too_large', `The request has more than ${maxHeaders} headers.`)
    : undefined
}

function tooLongUrl<Request> ({ urlLength, maxUrlLength }: ArrivalFacts<Request>, request: Request): StepRefusal {
  return urlLength(request) > maxUrlLength
    ? new GatewayError('uri_too_long', `The address is longer than ${maxUrlLength} bytes.`)
    : undefined
}

function repeatedHeader<Request> ({ repeated }: ArrivalFacts<Request>, request: Request): StepRefusal {
  const name = repeated(request)
  return name === undefined
    ? undefined
    : new GatewayError('invalid_request', `The header ${name} is there twice.`, { param: name })
}

function unknownHost<Request> ({ checkHost }: ArrivalFacts<Request>, request: Request): StepRefusal {
  try {
    return void checkHost(request)
  } catch (thrown) {
    return toGatewayError(thrown)
  }
}
