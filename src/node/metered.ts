// Wraps the store and `Send` to count each call, its outcome and its duration.
import type { Send } from '../upstream/send.ts'
import { GatewayError } from '../errors.ts'
import type { Store } from '../store/store.ts'
import type { NodeMeter } from './metrics.ts'

export function meteredStore (store: Store, { storeCall }: NodeMeter): Store {
  const timed = async <T>(operation: string, work: () => Promise<T>): Promise<T> => {
    const from = performance.now()
    try {
      const result = await work()
      storeCall(store.kind, operation, 'ok', performance.now() - from)
      return result
    } catch (thrown) {
      storeCall(store.kind, operation, 'failed', performance.now() - from)
      throw thrown
    }
  }
  const copy = store.copy?.bind(store)
  return {
    ...store,
    get: key => timed('get', () => store.get(key)),
    set: (key, value, expiresAt) => timed('set', () => store.set(key, value, expiresAt)),
    create: (key, value) => timed('create', () => store.create(key, value)),
    delete: key => timed('delete', () => store.delete(key)),
    // Each step counts: a listing of many keys has many pages.
    async *keys (prefix) {
      const steps = store.keys(prefix)[Symbol.asyncIterator]()
      try {
        for (let step = await timed('keys', () => steps.next()); step.done !== true; step = await timed('keys', () =>
          steps.next())) yield step.value
      } finally {
        await steps.return?.()
      }
    },
    ...copy === undefined ? {} : { copy: () => timed('copy', copy) },
  }
}

/** @param gitHub origins of GitHub; every other origin counts as Copilot */
export function meteredSend (send: Send, { upstream }: NodeMeter, gitHub: readonly string[]): Send {
  return async request => {
    const host = gitHub.some(base => request.url.startsWith(`${base}/`)) ? 'github' : 'copilot'
    const from = performance.now()
    try {
      const response = await send(request)
      upstream(host, `${Math.floor(response.status / 100)}xx`, performance.now() - from)
      return response
    } catch (thrown) {
      const outcome = request.signal.aborted
        ? 'aborted'
        : thrown instanceof GatewayError && thrown.code === 'upstream_timeout'
        ? 'timeout'
        : 'failed'
      upstream(host, outcome, performance.now() - from)
      throw thrown
    }
  }
}
