import t from 'tap'
import { testHotState } from '../fixtures/hot-contract.ts'
import { createHotMemory } from '../../src/store/hot-memory.ts'
import { mergeRows, type UsageRow } from '../../src/store/usage-store.ts'

testHotState(t, 'memory', () => {
  let at = Date.now()
  const now = () => at
  const counted: UsageRow[] = []
  const hot = createHotMemory((_owner, rows) => {
    counted.push(...rows)
  }, now)
  return {
    hot,
    other: hot,
    advance (ms) {
      at += ms
    },
    usageOf: async () => mergeRows(counted),
  }
})
