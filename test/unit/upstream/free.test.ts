import t from 'tap'
import { isFree } from '../../../src/upstream/free.ts'

const free = (billing: unknown, { id = 'x', type = 'chat' } = {}) =>
  isFree({ id, capabilities: { type }, ...(billing === undefined ? {} : { billing }) })

t.test('isFree() follows the billing of a model: multiplier, then is_premium, then token prices', async t => {
  t.equal(free({ multiplier: 0, is_premium: true }), true)
  t.equal(free({ multiplier: 0.25, is_premium: false }), false)
  t.equal(free({ is_premium: false }), true)
  t.equal(free({ is_premium: true }), false)
  t.equal(
    free({ token_prices: { batch_size: 1_000_000, default: { input_price: 0, output_price: 0, cache_price: 5 } } }),
    true,
  )
  t.equal(free({ token_prices: { batch_size: 1_000_000, default: {} } }), true)
  t.equal(free({ token_prices: { default: { input_price: 0, output_price: 0 }, long_context: { input_price: 400 } } }),
    false)
  t.equal(free({ token_prices: { default: { output_price: 1 } } }), false)
})

t.test('isFree() knows embeddings and the seed ids if the list has no billing', async t => {
  for (const billing of [undefined, null, {}, 'odd', { multiplier: '0' }]) {
    t.equal(free(billing, { id: 'gpt-4.1' }), true)
    t.equal(free(billing, { id: 'grok-code-fast-1' }), true)
    t.equal(free(billing, { id: 'claude-sonnet-4.5' }), false)
    t.equal(free(billing, { id: 'text-embedding-9', type: 'embeddings' }), true)
  }
  t.equal(free({ multiplier: 1 }, { id: 'gpt-4.1' }), false, 'billing wins')
})
