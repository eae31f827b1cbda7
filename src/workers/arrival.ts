// How a Worker reads the facts that `pipeline/arrival.ts` checks.
import type { createHostCheck } from '../allowed-hosts.ts'
import type { ReceivedHeaders } from '../contract.ts'
import type { ArrivalFacts } from '../pipeline/arrival.ts'
import { repeatedInJoined } from '../pipeline/repeated-headers.ts'
import type { SplitUrl } from './call.ts'

export interface Arriving extends SplitUrl {
  readonly headers: ReceivedHeaders
}

/** As on Node, with twenty more headers, because Cloudflare adds its own. It also limits the load. */
export function workerArrival (checkHost: ReturnType<typeof createHostCheck>): ArrivalFacts<Arriving> {
  return {
    maxHeaders: 120,
    headerCount: ({ headers }) => Object.keys(headers).length,
    maxUrlLength: 2_048,
    urlLength: ({ length }) => length,
    load: () => undefined,
    repeated: ({ headers }) => repeatedInJoined(headers),
    checkHost: arriving => checkHost?.(arriving),
  }
}
