// `Send` with undici: no redirects, no decompression, and a retry only if no connection could be made.
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, EnvHttpProxyAgent, type Dispatcher } from 'undici'
import type { Config } from '../config.ts'
import { GatewayError } from '../errors.ts'
import { UpstreamUnreachable, type Send, type UpstreamRequest, type UpstreamResponse } from '../upstream/send.ts'
import { dispatch, type Answered } from './upstream-body.ts'

export interface NodeSend {
  readonly send: Send
  readonly close: () => Promise<void>
}

/** The error codes of undici and Node that mean that no byte of the request can have been sent. */
const notConnected: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH',
  'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'])
const retriedWithinMs = 1_000
const timedOut: ReadonlySet<string> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])

export function createNodeSend (
  config: Pick<Config, 'upstreamIdleSeconds' | 'httpProxy' | 'httpsProxy' | 'noProxy'>,
): NodeSend {
  const options: Agent.Options = {
    connections: 2_048,
    // undici offers HTTP/2 too, and then a server chooses it. One connection would carry all streams, and one lost
    // packet or GOAWAY would stop them all; nothing here was tried with it.
    allowH2: false,
    // Upstream may close an idle connection just as a request is sent on it, so keep connections for less time than it
    // does.
    keepAliveTimeout: 4_000,
    // Less than a first request waits for its list of models: a host that drops packets then costs one wait, not two.
    connect: { timeout: 3_500, keepAlive: true, keepAliveInitialDelay: 30_000 },
    maxHeaderSize: 16_384,
    // The relay watches streams itself. This timeout is for whole answers, and fires later.
    bodyTimeout: config.upstreamIdleSeconds * 1_000 + 2_000,
  }
  const dispatcher: Dispatcher = config.httpProxy === null && config.httpsProxy === null
    ? new Agent(options)
    : new EnvHttpProxyAgent({
      ...options,
      noProxy: config.noProxy ?? '',
      ...(config.httpProxy === null ? {} : { httpProxy: config.httpProxy }),
      ...(config.httpsProxy === null ? {} : { httpsProxy: config.httpsProxy }),
    })

  const attempt = ({ url, method, headers, body, signal, headersMs }: UpstreamRequest): Promise<Answered> => {
    const at = url.indexOf('/', 'https://'.length)
    return dispatch(dispatcher, { origin: url.slice(0, at), path: url.slice(at), method, headers, body,
      headersTimeout: headersMs }, signal)
  }
  const toResponse = (response: Answered): UpstreamResponse => {
    const received = first(response.headers)
    // We request `identity`. A compressed answer is refused, because it could be a decompression bomb.
    if ((received['content-encoding'] ?? 'identity') !== 'identity') {
      response.body.cancel()
      throw new GatewayError('upstream_error', 'Upstream sent a compressed answer without being asked.')
    }
    return { status: response.status, headers: received, body: response.body }
  }
  return {
    close: () => dispatcher.destroy(),
    async send (upstream) {
      const beganAt = performance.now()
      try {
        return toResponse(await attempt(upstream))
      } catch (thrown) {
        if (upstream.signal.aborted) throw upstream.signal.reason
        // A slow failure would fail as slowly again, and the client has waited long enough.
        if (!notConnected.has(codeOf(thrown)) || performance.now() - beganAt > retriedWithinMs) {
          throw toGatewayError(thrown)
        }
      }
      await sleep(100 + 200 * Math.random())
      try {
        return toResponse(await attempt(upstream))
      } catch (thrown) {
        if (upstream.signal.aborted) throw upstream.signal.reason
        throw toGatewayError(thrown)
      }
    },
  }
}

function first (headers: Record<string, string | string[] | undefined>): Record<string, string | undefined> {
  for (const name in headers) {
    const value = headers[name]
    if (Array.isArray(value)) headers[name] = value[0]
  }
  return headers as Record<string, string | undefined>
}

function codeOf (thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
}

function toGatewayError (cause: unknown): GatewayError {
  if (cause instanceof GatewayError) return cause
  if (timedOut.has(codeOf(cause))) {
    return new GatewayError('upstream_timeout', 'Upstream did not answer in time.', { cause })
  }
  if (notConnected.has(codeOf(cause))) return new UpstreamUnreachable(cause)
  return new GatewayError('upstream_error', 'The connection to upstream failed.', { cause })
}
