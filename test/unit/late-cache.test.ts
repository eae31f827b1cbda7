// A cache that is made with its first entry answers as `lru-cache` does, whatever is done to it.
import fc from 'fast-check'
import { LRUCache } from 'lru-cache'
import t from 'tap'
import { LateCache } from '../../src/late-cache.ts'

t.test('any sequence of calls gives what lru-cache gives', async () => {
  let now = 1
  const options = { max: 3, ttl: 10, ttlResolution: 0, perf: { now: () => now } }
  const key = fc.constantFrom('a', 'b', 'c', 'd', 'e')
  const step = fc.oneof(fc.record({ call: fc.constantFrom('get' as const, 'has' as const, 'delete' as const), key }),
    fc.record({ call: fc.constant('set' as const), key, value: fc.nat() }),
    fc.record({ call: fc.constant('purgeStale' as const) }), fc.record({ call: fc.constant('size' as const) }),
    fc.record({ call: fc.constant('wait' as const), ms: fc.nat(12) }))
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), steps => {
    const pair = [new LateCache<string, number>(options), new LRUCache<string, number>(options)]
    return steps.every(step => {
      const [own, theirs] = pair.map(cache => {
        switch (step.call) {
          case 'get':
          case 'has':
          case 'delete':
            return cache[step.call](step.key)
          case 'size':
            return cache.size
          case 'set':
            return void cache.set(step.key, step.value)
          case 'purgeStale':
            return void cache.purgeStale()
          case 'wait':
            return void (now += step.ms / 2) // For each of the two.
        }
      })
      return own === theirs
    })
  }))
})
