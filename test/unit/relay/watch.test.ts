// Short real times: what is tested is a timer.
import t from 'tap'
import { setTimeout as sleep } from 'node:timers/promises'
import { createWatch } from '../../../src/relay/watch.ts'

const world = (heartbeatMs: number) => {
  const heard: string[] = []
  const began = performance.now()
  const watch = createWatch({ heartbeatMs, onSilent () {
    heard.push('silent')
  }, onLimit () {
    heard.push(`limit ${Math.round((performance.now() - began) / 10)}`)
  } })
  return { watch, heard }
}

t.test('a client that gets nothing is told of by every heartbeat, and not while it gets something', async t => {
  const { watch, heard } = world(100)
  await sleep(350)
  t.ok(heard.length >= 2 && heard.length <= 3, `${heard.length} heartbeats`)
  heard.length = 0
  for (let at = 0; at < 10; at++) {
    await sleep(10)
    watch.sign()
  }
  t.strictSame(heard, [])
  watch.stop()
})

t.test('what upstream sends for nobody is no sign of life for the client', async t => {
  const { watch, heard } = world(40)
  for (let at = 0; at < 10; at++) {
    await sleep(10)
    watch.heard()
  }
  t.ok(heard.includes('silent'))
  watch.stop()
})

t.test('upstream may be silent without a limit until there is one, and then is given up once, over all the heartbeats', async t => {
  const { watch, heard } = world(15)
  await sleep(60)
  t.notOk(heard.some(word => word.startsWith('limit')))
  watch.limit(50)
  await sleep(150)
  t.equal(heard.filter(word => word.startsWith('limit')).length, 1)
  t.match(heard.at(-1), /limit/, 'nothing comes after it')
})

t.test('a limit shorter than the heartbeat is heeded, and counted anew from what upstream sends', async t => {
  const { watch, heard } = world(10_000)
  watch.limit(40)
  for (let at = 0; at < 8; at++) {
    await sleep(10)
    watch.heard()
  }
  t.strictSame(heard, [])
  await sleep(80)
  t.equal(heard.length, 1)
})

t.test('while the client takes nothing no silence counts; it is counted anew from when it takes again', async t => {
  const { watch, heard } = world(30)
  watch.limit(60)
  watch.pause()
  await sleep(150)
  t.strictSame(heard, [])
  watch.resume()
  await sleep(20)
  t.strictSame(heard, [])
  await sleep(100)
  t.match(heard, ['silent', /limit/])
})

t.test('stop() leaves no timer that keeps the process', async t => {
  world(60_000).watch.stop()
  t.pass('or this file would not end')
})
