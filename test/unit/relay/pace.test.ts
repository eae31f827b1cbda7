// Short real times: what is tested is a timer.
import t from 'tap'
import { setTimeout as sleep } from 'node:timers/promises'
import { createPace, silent } from '../../../src/relay/pace.ts'

const never = () => new Promise<never>(() => {})
const late = () => new Error('late')

t.test('wait() gives what the promise gives, and its failure', async t => {
  const pace = createPace(1_000)
  t.equal(await pace.wait(Promise.resolve(1), 1_000, late), 1)
  await t.rejects(pace.wait(Promise.reject(new Error('no')), 1_000, late), /no/)
  pace.stop()
})

t.test('wait() is silent after a heartbeat, as often as it takes, and the promise is not lost', async t => {
  const pace = createPace(20)
  const work = sleep(70, 'done')
  const given: unknown[] = []
  for (let step: unknown = silent; step === silent;) given.push(step = await pace.wait(work, 1_000, late))
  pace.stop()
  t.equal(given.at(-1), 'done')
  t.ok(given.length >= 3 && given.length <= 5, `${given.length} steps`)
})

t.test('wait() gives a promise up after its limit, over all the heartbeats', async t => {
  const pace = createPace(15)
  const began = performance.now()
  const work = never()
  const ended = (async () => { for (;;) await pace.wait(work, 50, late) })()
  await t.rejects(ended, /late/)
  const took = performance.now() - began
  t.ok(took >= 48 && took < 200, `${took} ms`)
  pace.stop()
})

t.test('wait() counts the limit anew for another promise', async t => {
  const pace = createPace(1_000)
  for (let at = 0; at < 4; at++) t.equal(await pace.wait(sleep(25, at), 60, late), at)
  await t.rejects(pace.wait(never(), 20, late), /late/, 'and a shorter one is heeded at once')
  pace.stop()
})

t.test('wait() counts silence from the last sign, not from what came for nobody', async t => {
  const pace = createPace(40)
  const began = performance.now()
  let silentAfter = 0
  while (silentAfter === 0) if (await pace.wait(sleep(10), 1_000, late) === silent) silentAfter = performance.now() - began
  t.ok(silentAfter < 120, `${silentAfter} ms: trickling upstream, silent client`)
  for (let at = 0; at < 8; at++) {
    t.not(await pace.wait(sleep(10), 1_000, late), silent)
    pace.sign()
  }
  pace.stop()
})

t.test('stop() leaves no timer that keeps the process', async t => {
  const pace = createPace(60_000)
  void pace.wait(never(), Infinity, late)
  pace.stop()
  t.pass('or this file would not end')
})
