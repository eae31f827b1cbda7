// H2: counting tokens delays no other request, whatever the text, and reports how it counted.
import fc from 'fast-check'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import t from 'tap'
import { piecesOf } from '../../../src/node/token-pieces.ts'
import { createTokenizer } from '../../../src/node/tokenizer.ts'
import { createTokenCounter, maxTokenizedLength } from '../../../src/usage/token-counter.ts'
import { createTokenEstimate, estimateTokens } from '../../../src/usage/token-estimate.ts'
import { assertLinear } from '../../growth/measure.ts'

const options = { disallowedSpecial: new Set<string>() }
const direct = (text: string): number => countTokens(text, options)
const inPieces = (text: string): number => [...piecesOf(text)].reduce((sum, piece) => sum + direct(piece), 0)
const prose = 'The quick brown fox jumps over the lazy dog;\n it costs 12,345.67 $ -- and so on.\n\n'

t.setTimeout(300_000)

for (const [name, char] of Object.entries({ letters: 'a', spaces: ' ', signs: '-', 'line ends': '\n', ideographs: '中',
  'halves of characters': '😀' })) {
  t.test(`H2: a run of ${name} costs no more than its length`, async t => {
    assertLinear(t, { name: 'tokens', n: 50_000, prepare: n => () => inPieces(char.repeat(n)) })
  })
}

t.test('piecesOf() loses nothing, and leaves no run longer than the tokenizer accepts', async t => {
  const unit = fc.constantFrom('a', 'B', ' ', '\n', '-', '7', '中', '😀', 'aa '.repeat(100), 'x'.repeat(700),
    '-'.repeat(300))
  fc.assert(fc.property(fc.array(unit, { maxLength: 60 }), units => {
    const text = units.join('')
    const pieces = [...piecesOf(text)]
    return pieces.join('') === text
      && pieces.every(piece => !/([a-zA-Z\u0080-\uffff])[a-zA-Z\u0080-\uffff]{257}|-{258}| {258}/.test(piece))
  }))
  t.pass()
})

t.test('a text without long runs has the exact count; each cut of a run adds one token at most', async t => {
  const long = prose.repeat(2_000)
  t.equal(inPieces(long), direct(long))
  for (const char of ['a', ' ', '-']) {
    const run = char.repeat(3_000)
    const [exact, cut] = [direct(run), inPieces(run)]
    t.ok(cut >= exact && cut - exact <= Math.ceil(3_000 / 256), `${exact} and ${cut} of ${JSON.stringify(char)}`)
  }
})

t.test('H2: the tokenizer counts in its own thread, and the main thread keeps working', async t => {
  const tokenizer = createTokenizer({ longestMs: 60_000 })
  t.teardown(tokenizer.close)
  t.equal(await tokenizer.count(prose), direct(prose))
  let turns = 0
  const timer = setInterval(() => {
    turns++
  }, 1)
  const counted = await tokenizer.count('qwertzuiop'.repeat(20_000))
  clearInterval(timer)
  t.ok(turns > 1, `${turns} turns while it counted`)
  t.ok(counted !== null && counted > 20_000, `${counted} tokens`)
})

t.test('if the thread is closed or too busy, an estimate replaces the count', async t => {
  const tokenizer = createTokenizer()
  t.teardown(tokenizer.close)
  const counts = Array.from({ length: 6 }, () => tokenizer.count('a b '.repeat(500_000)))
  t.equal(await counts.at(-1), null) // more than the queue holds
  await tokenizer.close()
  for (const counted of await Promise.all(counts.slice(0, -1))) t.ok(counted === null || counted > 0)
})

t.test('a text too long for the tokenizer is estimated, and the result is marked as an estimate', async t => {
  const asked: number[] = []
  const count = createTokenCounter(async text => asked.push(text.length))
  t.same(await count('short'), { tokens: 1, by: 'tokenizer' })
  const long = prose.repeat(Math.ceil(maxTokenizedLength / prose.length) + 1)
  t.same(await count(long), { tokens: estimateTokens(long), by: 'estimate' })
  t.same(asked, [5])
  t.same(await createTokenCounter(async () => null)(prose), { tokens: estimateTokens(prose), by: 'estimate' })
  t.same(await createTokenCounter(null)(prose), { tokens: estimateTokens(prose), by: 'estimate' })
})

t.test('an estimate in pieces equals the estimate of the whole, wherever it is cut', async () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'B', ' ', '\n', '-', '7', '中'), maxLength: 60 }),
      fc.array(fc.nat(60), { maxLength: 5 }), (text, cuts) => {
      const estimate = createTokenEstimate()
      let from = 0
      for (const cut of [...cuts.sort((a, b) => a - b), text.length]) {
        const to = Math.min(text.length, Math.max(from, cut))
        estimate.push(text, from, to)
        from = to
      }
      return estimate.end() === estimateTokens(text)
    }),
  )
})
