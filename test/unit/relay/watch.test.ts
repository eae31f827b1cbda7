// Watches a stream for silence on both sides, with a clock that the test moves.
import t from 'tap'
import { createWatch } from '../../../src/relay/watch.ts'
import { createHandClock } from '../helpers/clock.ts'

const world = (heartbeatMs: number) => {
  const calls: string[] = []
  const clock = createHandClock()
  const began = clock.monotonic()
  const watch = createWatch({ clock, heartbeatMs, onSilent () {
    calls.push(`silent ${clock.monotonic() - began}`)
  }, onLimit () {
    calls.push(`limit ${clock.monotonic() - began}`)
  } })
  /** Does `work` every 10 ms. */
  const repeat = (times: number, work: () => void): void => {
    for (let at = 0; at < times; at++) {
      clock.advance(10)
      work()
    }
  }
  return { watch, calls, clock, repeat }
}

t.test('onSilent is called at every heartbeat while the client gets nothing, and not otherwise', async t => {
  const { watch, calls, clock, repeat } = world(100)
  clock.advance(350)
  t.strictSame(calls, ['silent 100', 'silent 200', 'silent 300'])
  calls.length = 0
  repeat(100, watch.sign)
  t.strictSame(calls, [])
  watch.stop()
})

t.test("upstream's events that do not reach the client count as silence for the client", async t => {
  const { watch, calls, repeat } = world(40)
  repeat(10, watch.onUpstream)
  t.strictSame(calls, ['silent 40', 'silent 80'])
  watch.stop()
})

t.test('upstream may be silent until there is a limit, and is then given up once, over all the heartbeats', async t => {
  const { watch, calls, clock } = world(15)
  clock.advance(60)
  t.strictSame(calls, ['silent 15', 'silent 30', 'silent 45', 'silent 60'])
  watch.limit(50)
  clock.advance(1_000)
  t.strictSame(calls.slice(4), ['silent 75', 'silent 90', 'silent 105', 'limit 110'], 'nothing comes after it')
  t.equal(clock.timers(), 0)
})

t.test('a limit shorter than the heartbeat counts, and starts again with each piece of upstream', async t => {
  const { watch, calls, clock, repeat } = world(10_000)
  watch.limit(40)
  repeat(8, watch.onUpstream)
  t.strictSame(calls, [])
  clock.advance(80)
  t.strictSame(calls, ['limit 120'])
})

t.test('silence does not count while the client does not read, and counts again when it reads', async t => {
  const { watch, calls, clock } = world(30)
  watch.limit(60)
  watch.pause()
  clock.advance(150)
  t.strictSame(calls, [])
  watch.resume()
  clock.advance(20)
  t.strictSame(calls, [])
  clock.advance(100)
  t.strictSame(calls, ['silent 180', 'limit 210'])
})

t.test('one timer watches a stream, and stop() cancels it', async t => {
  const { watch, clock, repeat } = world(60_000)
  watch.limit(30_000)
  repeat(100, () => {
    watch.onUpstream()
    watch.sign()
  })
  t.equal(clock.timers(), 1)
  watch.stop()
  t.equal(clock.timers(), 0)
})
