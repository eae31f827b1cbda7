// The driver over the object's own code, on Node's SQLite: the contract, and what the tables must not do.
import t from 'tap'
import { createHotDurableObject } from '../../src/store/hot-durable-object.ts'
import type { StateNamespace } from '../../src/store/state-object.ts'
import { testHotState } from '../fixtures/hot-contract.ts'
import { createStateObjects } from '../fixtures/state-objects.ts'

for (const isEvicted of [false, true]) {
  testHotState(t, `durable-object${isEvicted ? ', out of memory after each call' : ''}`, () => {
    let at = Date.now()
    const objects = createStateObjects(() => at)
    const namespace: StateNamespace = { getByName (owner) {
      if (isEvicted) objects.evict()
      return objects.namespace.getByName(owner)
    } }
    const hot = createHotDurableObject(namespace)
    return {
      hot,
      other: createHotDurableObject(namespace),
      advance (ms) {
        at += ms
      },
      usageOf: async username => (await namespace.getByName(username).usage('2020-01-01', '2099-12-31')).rows,
    }
  })
}
