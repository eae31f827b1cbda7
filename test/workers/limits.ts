// Production limits that a local workerd does not enforce, imitated around the APIs that the Worker uses.
// https://developers.cloudflare.com/workers/platform/limits/ and workerd's limit-enforcer.h.
import type { WorkerState } from './control.ts'

const maxIterations = 100_000
/** Outgoing requests for each incoming one, on the free plan. */
const maxSubrequests = 50
let isInstalled = false
/** For the current request; tests send one at a time. */
let subrequests = 0

export function imitateLimits (state: () => WorkerState): void {
  subrequests = 0
  if (isInstalled) return
  isInstalled = true
  boundPbkdf2(crypto.subtle)
  const real = globalThis.fetch
  globalThis.fetch = async (input, init) => {
    if (++subrequests > maxSubrequests) throw new Error('Too many subrequests by single Worker invocation.')
    const response = await real(input, init)
    const { readGapMs } = state()
    if (readGapMs === null || response.body === null) return response
    return new Response(gapped(response.body, readGapMs), { status: response.status, headers: response.headers })
  }
}

/** In the way of workerd's limit enforcer in production. */
export function boundPbkdf2 (subtle: SubtleCrypto): void {
  const deriveBits = subtle.deriveBits.bind(subtle)
  Object.defineProperty(subtle, 'deriveBits', {
    configurable: true,
    value: async (algorithm: Pbkdf2Params, key: CryptoKey, length: number) => {
      if (algorithm.name === 'PBKDF2' && algorithm.iterations > maxIterations) {
        throw new DOMException(
          `Pbkdf2 failed: iteration counts above ${maxIterations} are not supported (requested `
            + `${algorithm.iterations}).`,
          'NotSupportedError',
        )
      }
      return deriveBits(algorithm, key, length)
    },
  })
}

/** Breaks off if two pieces are too far apart, with workerd's own message. */
function gapped (body: ReadableStream<Uint8Array>, gapMs: number): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  return new ReadableStream<Uint8Array>({
    async pull (controller) {
      let timer: ReturnType<typeof setTimeout> | undefined
      const late = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new Error('Network connection lost.')), gapMs)
      })
      try {
        const { done, value } = await Promise.race([reader.read(), late])
        if (done) controller.close()
        else controller.enqueue(value)
      } catch (thrown) {
        reader.cancel().catch(() => {})
        controller.error(thrown)
      } finally {
        clearTimeout(timer)
      }
    },
    cancel: reason => reader.cancel(reason),
  }, { highWaterMark: 0 })
}
