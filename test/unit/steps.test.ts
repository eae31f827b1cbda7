// Work in steps gives the same result at once and in turns. Other work gets the event loop in between, and a small
// request does not wait.
import t from 'tap'
import { atOnce, inTurns, isSteps, mapInSteps, mapSameInSteps, stepSize } from '../../src/steps.ts'
import { createLedger } from '../../src/dialects/contract/ledger.ts'
import { applyRules, applyRulesInSteps } from '../../src/rules/apply.ts'
import { bodyOfBytes, requestShapes } from '../growth/request-shapes.ts'
import { targetOf } from '../growth/requests.ts'
import { readJsonObject } from '../../src/json.ts'

const busyMs = (ms: number) => {
  for (const until = performance.now() + ms; performance.now() < until;);
}

t.test('atOnce() and inTurns() give the same result', async t => {
  const items = Array.from({ length: 10 * stepSize }, (_, at) => at)
  const double = () => mapInSteps(items, item => 2 * item)
  t.strictSame(atOnce(double()), items.map(item => 2 * item))
  t.strictSame(await inTurns(double()), items.map(item => 2 * item))
  t.equal(atOnce(mapSameInSteps(items, item => item)), items, 'the same list object if nothing changes')
})

t.test('inTurns() gives other work the event loop', async t => {
  let turns = 0
  const timer = setInterval(() => {
    turns++
  }, 1)
  await inTurns((function* () {
    for (let step = 0; step < 40; step++) {
      busyMs(3)
      yield
    }
  })())
  clearInterval(timer)
  t.ok(turns >= 8, `${turns} turns of other work within 120 ms`)
})

t.test('applyRulesInSteps() gives the result of applyRules(), for a body with many calls of one id', async t => {
  const shape = requestShapes.find(({ name, client }) => name === 'calls of one id' && client === 'openai-chat')
  if (shape === undefined) throw new Error('no such shape')
  const body = readJsonObject(new TextEncoder().encode(bodyOfBytes(shape, 262_144)))
  const ledger = createLedger({ strict: false, model: 'm', upstream: 'openai-chat' })
  const target = targetOf('openai-chat')
  const applying = applyRulesInSteps('/chat/completions', body, target, ledger)
  if (!isSteps(applying)) throw new Error('a large body is fitted at once')
  t.strictSame((await inTurns(applying)).body, applyRules('/chat/completions', body, target, ledger).body)
})

t.test('however much long work there is, other work gets the event loop after each turn of one', async t => {
  let steps = 0
  let mostBetween = 0
  let isOver = false
  const watch = () => {
    mostBetween = Math.max(mostBetween, steps)
    steps = 0
    if (!isOver) setImmediate(watch)
  }
  setImmediate(watch)
  await Promise.all(Array.from({ length: 20 }, () =>
    inTurns((function* () {
      for (let step = 0; step < 6; step++) {
        busyMs(3)
        steps++
        yield
      }
    })())))
  isOver = true
  t.ok(mostBetween <= 3, `${mostBetween} steps of 3 ms at a stretch`)
})
