// A KV namespace that reports every call to the test, fails on request, and shows changes as late as the real one if
// the test asks for it.
import type { Clock } from '../../src/contract.ts'
import type { KvNamespace } from '../../src/store/cloudflare-kv-binding.ts'
import type { KvCall, WorkerState } from './control.ts'
import type { TestEnv } from './entry.ts'

/** The values that reads have shown, missing keys too, and how long reads keep showing them. Kept across requests. */
const shown = new Map<string, { value: string | null, until: number }>()
const writtenAt = new Map<string, number>()
let writes = 0
/** The free plan's lists of a day. */
const maxLists = 1_000
let lists = 0

export function watchedKv (
  namespace: KvNamespace,
  control: TestEnv['CONTROL'],
  clock: Clock,
  state: () => WorkerState,
): KvNamespace {
  const enter = async (call: KvCall): Promise<void> => {
    const answer = await control.fetch('http://control/kv', { method: 'POST', body: JSON.stringify(call) })
    const { fail } = await answer.json() as { fail: string | null }
    if (fail !== null) throw new Error(fail)
    const isOver = (call.operation === 'put' && ++writes > state().writesLeft)
      || (call.operation === 'list' && ++lists > maxLists)
    if (state().limits && isOver) throw new Error(`KV ${call.operation.toUpperCase()} failed: 429 Too Many Requests`)
  }
  const oncePerSecond = (key: string): void => {
    const now = clock.now()
    if (state().limits && now - (writtenAt.get(key) ?? -Infinity) < 1_000) {
      throw new Error('KV PUT failed: 429 Too Many Requests')
    }
    writtenAt.set(key, now)
  }
  return {
    async get (key) {
      await enter({ operation: 'get', key })
      const seen = shown.get(key)
      if (seen !== undefined && clock.now() < seen.until) return seen.value
      const value = await namespace.get(key)
      if (state().staleMs > 0) shown.set(key, { value, until: clock.now() + state().staleMs })
      return value
    },
    async put (key, value, options) {
      await enter({ operation: 'put', key })
      oncePerSecond(key)
      await namespace.put(key, value, options)
    },
    async delete (key) {
      await enter({ operation: 'delete', key })
      oncePerSecond(key)
      await namespace.delete(key)
    },
    async list (options) {
      await enter({ operation: 'list', key: options.prefix })
      return namespace.list(options)
    },
  }
}
