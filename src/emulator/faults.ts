// Scripted upstream failures: which request gets one, how often, and what happens.
import type { HostName, RecordedRequest } from './types.ts'
import { fields, text } from './json.ts'

/** A request must match all given fields. */
export interface FaultMatch {
  /** The path below the host's prefix, such as '/chat/completions'. */
  path?: string | RegExp
  host?: HostName
  label?: string
  method?: string
  model?: string
  /** The credential as sent, without its scheme. */
  token?: string
}

export type Fault =
  | { kind: 'status', status: number, body: string, headers?: Record<string, string>, contentType?: string }
  /** A page like that of a load balancer; 502 by default. */
  | { kind: 'html', status?: number }
  | { kind: 'redirect', location: string, status?: number }
  /** Status 200, the content type of JSON or of a stream, and a body that is neither. */
  | { kind: 'not-json', body?: string, contentType?: string }
  /** No answer at all until one side closes. */
  | { kind: 'hang' }
  /** The right answer, but late. */
  | { kind: 'delay', ms: number }
  | { kind: 'reset-before' }
  /** RST after this many events; for a whole answer, after half its bytes. */
  | { kind: 'reset-after', events: number }
  /**
   * A clean end after this many events, without a terminator. For a whole answer: half its bytes with the full
   * content-length.
   */
  | { kind: 'eof-after', events: number }
  /** Silence after this many events (0: after the headers), then the rest. */
  | { kind: 'stall-after', events: number, ms: number }
  /** The dialect's own error event after this many events, then the end. */
  | { kind: 'error-after', events: number, error?: StreamError, form?: 'event' | 'nested' | 'failed' }
  | { kind: 'gzip' }
  /** The right answer without some of its parts. A key may be a path, such as `response.usage`. */
  | { kind: 'omit', done?: boolean, terminator?: boolean, keys?: string[], headers?: string[] }
  /** The right answer with other headers. */
  | { kind: 'headers', headers: Record<string, string> }

export interface StreamError {
  code?: string
  message?: string
  /** On messages: the error's type. */
  type?: string
}

export interface Faults {
  readonly add: (match: FaultMatch, fault: Fault, times: number) => void
  readonly clear: () => void
  readonly take: (request: RecordedRequest) => Fault | undefined
}

export function createFaults (): Faults {
  let planned: { match: FaultMatch, fault: Fault, times: number }[] = []
  return {
    add: (match, fault, times) => {
      planned.push({ match, fault, times })
    },
    clear: () => {
      planned = []
    },
    take (request) {
      const found = planned.find(({ match }) => fits(match, request))
      if (found === undefined) return undefined
      found.times--
      planned = planned.filter(({ times }) => times > 0)
      return found.fault
    },
  }
}

function fits ({ path, host, label, method, model, token }: FaultMatch, request: RecordedRequest): boolean {
  const credential = (request.headers.authorization ?? '').replace(/^\S+\s+/, '')
  return (path === undefined || (typeof path === 'string' ? path === request.path : path.test(request.path)))
    && (host === undefined || host === request.host) && (label === undefined || label === request.label)
    && (method === undefined || method === request.method) && (token === undefined || token === credential)
    && (model === undefined || model === text(fields(request.json).model))
}
