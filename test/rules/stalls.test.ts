// Faults of size: small bodies that once blocked the event loop for seconds. `test/growth/` tests growth itself.
import t from 'tap'
import { createLedger } from '../../src/dialects/contract/ledger.ts'
import { assertFewStops } from '../../src/relay/stop-cutter.ts'
import { applyRules } from '../../src/rules/apply.ts'
import { fitRoot } from '../../src/rules/schema-root.ts'
import { startOfJson } from '../../src/rules/start-of-json.ts'
import { targetOf } from '../growth/requests.ts'

const ms = (work: () => unknown): number => {
  const from = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(from)
  return (user + system) / 1_000
}

t.test('branches that refer to one definition are merged once', async t => {
  const names = Array.from({ length: 2_000 }, (_, nth) => `p${nth}`)
  const big = { type: 'object', properties: Object.fromEntries(names.map(name => [name, {}])), required: names }
  for (const more of [{}, { required: ['q'] }]) {
    const schema = { anyOf: Array.from({ length: 2_000 }, () => ({ $ref: '#/$defs/d', ...more })), $defs: { d: big } }
    const took = ms(() => {
      t.strictSame(fitRoot(schema)['required'], names)
    })
    t.ok(took < 250, `${took} ms`)
  }
})

t.test('only names that each branch requires are required, and all names of allOf', async t => {
  const branches = [{ $ref: '#/$defs/d' }, { $ref: '#/$defs/d' }, { properties: { b: {} }, required: ['a', 'b'] }]
  const $defs = { d: { type: 'object', properties: { a: {} }, required: ['a'] } }
  t.strictSame(fitRoot({ anyOf: branches, $defs })['required'], ['a'])
  t.strictSame(fitRoot({ allOf: branches, $defs })['required'], ['a', 'b'])
})

t.test('a description of 50,000 branches is written only up to the length that is kept', async t => {
  const schema = { allOf: Array.from({ length: 50_000 }, (_, nth) => ({ description: 'x'.repeat(60), const: nth })) }
  const took = ms(() => {
    t.ok(String(fitRoot(schema)['description']).length <= 1_024)
  })
  t.ok(took < 250, `${took} ms`)
})

t.test('the start of JSON equals that of JSON.stringify', async t => {
  for (const value of [{ a: [1, null, 'x"\n', { b: true }], c: {} }, ['y'.repeat(3_000)], [], 'z', {
    long: Array(900).fill('ab'),
  }]) {
    t.equal(startOfJson(value, 1_024).slice(0, 1_024), JSON.stringify(value).slice(0, 1_024))
  }
})

t.test('a long call id that repeats is hashed once', async t => {
  const id = 'c'.repeat(5_000)
  const messages = Array.from({ length: 2_000 },
    () => ({ role: 'assistant', tool_calls: [{ id, type: 'function', function: { name: 'f', arguments: '{}' } }] }))
  const took = ms(() => {
    const { body } = applyRules('/chat/completions', { messages }, targetOf('openai-chat'),
      createLedger({ strict: false, model: 'm', upstream: 'openai-chat' }))
    const ids = (body['messages'] as typeof messages).map(message => message.tool_calls[0]?.id)
    t.equal(new Set(ids).size, 2_000)
  })
  t.ok(took < 500, `${took} ms`)
})

t.test('more stop sequences than the gateway emulates are refused', async t => {
  assertFewStops(Array(64).fill('x'.repeat(64)), 'stop')
  t.throws(() => {
    assertFewStops(Array(65).fill('x'), 'stop')
  }, { code: 'unsupported_parameter', param: 'stop' })
  t.throws(() => {
    assertFewStops(['x'.repeat(4_097)], 'stop_sequences')
  }, { code: 'unsupported_parameter', param: 'stop_sequences' })
})
