// The usage of any store: its own tables, or values of keys. One for each store, because it remembers days.
import type { Store } from './store.ts'
import type { UsageStore } from './usage-store.ts'
import { createUsageValues } from './usage-values.ts'

const known = new WeakMap<Store, UsageStore>()

export function usageOf (store: Store): UsageStore {
  const usage = store.usage ?? known.get(store) ?? createUsageValues(store)
  known.set(store, usage)
  return usage
}
