import fc from 'fast-check'
import t from 'tap'
import { createLimiter, limiterAddress } from '../../src/limiter.ts'
import { createHandClock } from './helpers/clock.ts'

t.test('createLimiter() allows the burst, then a steady pace, and gives the time to wait', async t => {
  const { monotonic, advance } = createHandClock()
  const limiter = createLimiter({ perWindow: 5, windowMs: 600_000, monotonic })
  for (let at = 0; at < 5; at++) t.equal(limiter.take('a'), 0)
  t.equal(limiter.take('a'), 120)
  t.equal(limiter.take('b'), 0, 'another key has another bucket')
  advance(119_000)
  t.ok(limiter.take('a') > 0.9)
  advance(1_001)
  t.equal(limiter.take('a'), 0)
  t.ok(limiter.take('a') > 119, 'a refused attempt costs nothing')
  advance(10_000_000)
  for (let at = 0; at < 5; at++) t.equal(limiter.take('a'), 0)
  t.ok(limiter.take('a') > 0, 'unused attempts do not accumulate')
})

t.test('giveBack() returns one attempt, and never exceeds the burst', async t => {
  const { monotonic } = createHandClock()
  const limiter = createLimiter({ perWindow: 1, windowMs: 60_000, monotonic })
  limiter.giveBack('a')
  t.equal(limiter.take('a'), 0)
  limiter.giveBack('a')
  limiter.giveBack('a')
  t.equal(limiter.take('a'), 0)
  t.equal(limiter.take('a'), 60)
})

t.test('createLimiter() with 0 is off', async t => {
  const limiter = createLimiter({ perWindow: 0, windowMs: 1, monotonic: () => 0 })
  for (let at = 0; at < 1_000; at++) if (limiter.take('a') !== 0) t.fail('limited')
})

t.test('createLimiter() never allows more than the burst and the refill, in any order of calls', async () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.nat(5_000), { maxLength: 200 }), (perWindow, waits) => {
      const { monotonic, advance } = createHandClock()
      const limiter = createLimiter({ perWindow, windowMs: 60_000, monotonic })
      let taken = 0
      let passed = 0
      for (const ms of waits) {
        advance(ms)
        passed += ms
        if (limiter.take('a') === 0) taken++
        if (taken > perWindow + passed * perWindow / 60_000 + 1e-6) return false
      }
      return true
    }),
  )
})

t.test('limiterAddress() counts a /64 of IPv6 as one address, however it is written', async t => {
  const cases: Record<string, string> = {
    '203.0.113.7': '203.0.113.7',
    '::ffff:203.0.113.7': '203.0.113.7',
    '::1': '0:0:0:0',
    '::': '0:0:0:0',
    '2001:db8:1:2:3:4:5:6': '2001:db8:1:2',
    '2001:db8:1:2::': '2001:db8:1:2',
    '2001:db8::5': '2001:db8:0:0',
    '2001::5:6:7:8:9': '2001:0:0:5',
    'fe80::1%eth0': 'fe80:0:0:0',
    '2001:0DB8:0001::1': '2001:db8:1:0',
    '203.0.113.7:4711': '203.0.113.7',
    '[2001:db8:1:2::9]:443': '2001:db8:1:2',
  }
  for (const [address, group] of Object.entries(cases)) t.equal(limiterAddress(address), group, address)
  fc.assert(
    fc.property(fc.ipV6(), address =>
      limiterAddress(address).split(':').length === 4 || limiterAddress(address).includes('.')),
  )
})
