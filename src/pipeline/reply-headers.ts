// The headers of every reply: those of both runtimes, and CORS on the routes of the API.
import type { Headers, ReceivedHeaders, Reply } from '../contract.ts'
import { corsHeaders, preflightHeaders } from '../cors.ts'
import { everyReply } from '../security-headers.ts'

export interface Cors {
  /** For the replies of the API's routes. */
  readonly headers: (request: ReceivedHeaders) => Headers
  /** Answers an OPTIONS without credentials: browsers send none with it. */
  readonly preflight: (request: ReceivedHeaders) => Reply
}

export function createCors (origins: readonly string[]): Cors {
  // Where every origin is allowed, all replies share one object.
  const always = origins.includes('*') ? corsHeaders({}, origins) : null
  return {
    headers: request => always ?? corsHeaders(request, origins),
    preflight: request => ({ status: 204, headers: preflightHeaders(request, origins), body: null }),
  }
}

/** @param cors null for a route without CORS */
export function ownHeaders (id: string, cors: Headers | null): Headers {
  return { ...everyReply, 'x-request-id': id, ...cors }
}
