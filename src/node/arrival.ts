// How Node reads the facts that `pipeline/arrival.ts` checks.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Config } from '../config.ts'
import { GatewayError } from '../errors.ts'
import type { ArrivalFacts, StepRefusal } from '../pipeline/arrival.ts'
import { repeatedInList } from '../pipeline/repeated-headers.ts'
import { createNodeHostCheck } from './host-check.ts'
import type { InFlight } from './in-flight.ts'
import type { NodeLimits } from './limits.ts'

export interface LoadOptions {
  readonly limits: Pick<NodeLimits, 'inFlight'>
  readonly inFlight: Pick<InFlight, 'count'>
  readonly isDraining: () => boolean
  readonly isTight: () => boolean
}

/** Node reads the first thousand headers and drops the rest silently; of two hosts it keeps one. */
export function nodeArrival (
  { server }: FastifyInstance,
  config: Config,
  { headerPairs, urlLength }: NodeLimits,
  load: (path: string) => StepRefusal,
): ArrivalFacts<FastifyRequest> {
  const checkHost = createNodeHostCheck(server, config)
  return {
    maxHeaders: headerPairs,
    headerCount: ({ raw }) => raw.rawHeaders.length / 2,
    maxUrlLength: urlLength,
    urlLength: ({ raw }) => raw.url?.length ?? 0,
    load: ({ url }) => load(url),
    repeated: ({ raw }) => repeatedInList(raw.rawHeaders),
    checkHost: ({ raw }) => {
      checkHost(raw)
    },
  }
}

/** These answer even when the process is in trouble, because they report its state. */
const operations = /^\/(?:healthz|readyz|metrics|admin)(?:[/?]|$)/

export function createLoad ({ limits, inFlight, isDraining, isTight }: LoadOptions): (url: string) => StepRefusal {
  return url => {
    if (operations.test(url)) return undefined
    if (isDraining()) return tryAgain('draining', 'This proxy is about to end. Try again in a moment.')
    if (isTight() || inFlight.count() > limits.inFlight) {
      return tryAgain('overloaded', 'This proxy is busy. Try again in a moment.')
    }
    return undefined
  }
}

function tryAgain (code: 'draining' | 'overloaded', message: string): GatewayError {
  return new GatewayError(code, message, { retryAfterSeconds: 1, headers: { connection: 'close' } })
}
