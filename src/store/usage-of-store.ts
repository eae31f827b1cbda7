// The usage of any store: its own tables, or values of keys.
import type { Store } from './store.ts'
import type { UsageStore } from './usage-store.ts'
import { createUsageValues } from './usage-values.ts'

/** @param now milliseconds since the epoch */
export function usageOf (store: Store, now: () => number = Date.now): UsageStore {
  return store.usage ?? createUsageValues(store, now)
}
