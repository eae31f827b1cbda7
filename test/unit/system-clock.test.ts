import t from 'tap'
import { systemClock } from '../../src/system-clock.ts'

t.test('setTimer() calls once, unless it is cancelled', async t => {
  const calls: string[] = []
  const cancel = systemClock.setTimer(() => {
    calls.push('cancelled')
  }, 1)
  cancel()
  await new Promise<void>(resolve => {
    systemClock.setTimer(() => {
      calls.push('kept')
      resolve()
    }, 2)
  })
  t.strictSame(calls, ['kept'])
  t.doesNotThrow(cancel)
})

t.test('setTimer() waits even for longer than setTimeout can', async t => {
  let isOver = false
  const cancel = systemClock.setTimer(() => {
    isOver = true
  }, 2 ** 40)
  await new Promise<void>(resolve => {
    systemClock.setTimer(resolve, 5)
  })
  t.notOk(isOver)
  cancel()
})
