// `Send` with fetch: no redirects, no decompression, no retries. fetch does not report whether a byte was sent before a
// connection failed, so nothing is tried again; the token exchange has its own retry.
import { GatewayError } from '../errors.ts'
import { bodyOf } from '../body.ts'
import type { Send } from '../upstream/send.ts'

/** Cloudflare's statuses for an origin that it cannot reach; they come with a page. */
const edgeTimeouts: ReadonlySet<number> = new Set([522, 524])
const edgeFailures: ReadonlySet<number> = new Set([520, 521, 523, 525, 526, 527, 530])

export interface FetchSendOptions {
  /**
   * How long a body may be silent. The relay watches streams itself. This limit is for whole answers, and fires later.
   */
  readonly idleMs: number
  readonly fetch?: typeof fetch
}

export function createFetchSend ({ idleMs, fetch: ask = (url, init) => fetch(url, init) }: FetchSendOptions): Send {
  return async ({ url, method, headers, body, signal, headersMs }) => {
    if (signal.aborted) throw signal.reason
    const own = new AbortController()
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      own.abort()
    }, headersMs)
    try {
      const response = await ask(url, { method, headers, body, redirect: 'manual',
        signal: AbortSignal.any([signal, own.signal]) })
      const encoding = response.headers.get('content-encoding')
      // fetch has already unpacked it, to an unknown size.
      const refusal = encoding !== null && encoding !== 'identity'
        ? broken('Upstream compressed an answer that must be uncompressed.')
        : edgeRefusal(response.status)
      if (refusal !== null) {
        own.abort()
        throw refusal
      }
      return { status: response.status, headers: Object.fromEntries(response.headers),
        body: bodyOf(readable(response.body, own, idleMs)) }
    } catch (thrown) {
      if (signal.aborted) throw signal.reason
      if (thrown instanceof GatewayError) throw thrown
      throw isLate ? timedOut(thrown) : broken('Upstream cannot be reached.', thrown)
    } finally {
      clearTimeout(timer)
    }
  }
}

/**
 * The web's own iterator waits for a pending read before it closes; this one closes the connection at once. One timer
 * for each body: it checks the time when it fires and sets itself again.
 */
function readable (
  body: ReadableStream<Uint8Array> | null,
  connection: AbortController,
  idleMs: number,
): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator] () {
      const reader = body?.getReader()
      let timer: ReturnType<typeof setTimeout> | undefined
      let isSilent = false
      /** When the pending read began; Infinity between reads. */
      let since = Infinity
      const watch = (ms: number): void => {
        timer = setTimeout(() => {
          const left = since + idleMs - performance.now()
          if (left > 0) return watch(left === Infinity ? idleMs : left)
          isSilent = true
          connection.abort()
        }, Math.max(1, ms))
      }
      const end = (): { done: true, value: undefined } => {
        clearTimeout(timer)
        return { done: true, value: undefined }
      }
      return {
        async next () {
          if (reader === undefined) return end()
          if (timer === undefined) watch(idleMs)
          since = performance.now()
          try {
            const step = await reader.read()
            since = Infinity
            return step.done ? end() : step
          } catch (thrown) {
            end()
            throw isSilent ? timedOut(thrown) : thrown
          }
        },
        async return () {
          connection.abort()
          reader?.cancel().catch(() => {})
          return end()
        },
      }
    },
  }
}

function edgeRefusal (status: number): GatewayError | null {
  return edgeTimeouts.has(status) ? timedOut() : edgeFailures.has(status) ? broken('Upstream cannot be reached.') : null
}

function timedOut (cause?: unknown): GatewayError {
  return new GatewayError('upstream_timeout', 'Upstream did not answer in time.', { cause })
}

function broken (message: string, cause?: unknown): GatewayError {
  return new GatewayError('upstream_error', message, { cause })
}
