// A large body parsed in short turns gives the same values and the same refusals as `JSON.parse`, wherever the pieces
// end.
import fc from 'fast-check'
import t from 'tap'
import { GatewayError } from '../../src/errors.ts'
import { readJsonObject } from '../../src/json.ts'
import { readJsonObjectInTurns } from '../../src/json-pieces.ts'
import { writeJsonInTurns } from '../../src/json-writer.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const outcome = async (read: () => unknown): Promise<string> => {
  try {
    return JSON.stringify(await read())
  } catch (thrown) {
    return thrown instanceof GatewayError ? thrown.code : String(thrown)
  }
}
const agree = async (text: string, pieceLength: number): Promise<boolean> =>
  await outcome(() => readJsonObjectInTurns(bytes(text), pieceLength, 0))
    === await outcome(() => readJsonObject(bytes(text)))

t.setTimeout(300_000)

t.test('any JSON, in pieces of any length, gives the same value as JSON.parse', async () => {
  const value = fc.dictionary(fc.string({ unit: fc.constantFrom('a', '_', '"', '\\', '1', 'ü') }),
    fc.jsonValue({ maxDepth: 5 }))
  await fc.assert(
    fc.asyncProperty(value, fc.nat(30), fc.nat(2), (object, pieceLength, indent) =>
      agree(JSON.stringify(object, null, indent), pieceLength)),
  )
})

t.test('JSON with one character too many or too few is refused as by JSON.parse', async () => {
  const value = fc.record({ a: fc.jsonValue({ maxDepth: 3 }), b: fc.jsonValue({ maxDepth: 3 }),
    c: fc.jsonValue({ maxDepth: 2 }) })
  const char = fc.constantFrom('', ',', ':', '{', '}', '[', ']', '"', ' ', '1', '\\', '\n', 'null')
  await fc.assert(
    fc.asyncProperty(value, fc.nat(), char, fc.nat(1), fc.nat(10), (object, where, more, less, pieceLength) => {
      const text = JSON.stringify(object)
      const at = where % (text.length + 1)
      return agree(text.slice(0, at) + more + text.slice(at + less), pieceLength)
    }),
    { numRuns: 3_000 },
  )
})

t.test('the limits are those of a short body', async t => {
  const nested = (levels: number) => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels)
  for (const text of [nested(128), nested(129), `{"a":${'['.repeat(127)}${']'.repeat(127)}}`,
    `{"a":${'['.repeat(128)}${']'.repeat(128)}}`]) t.ok(await agree(text, 8))
  const wide = (keys: number) => `{${Array.from({ length: keys }, (_, nth) => `"${nth}":1`).join(',')}}`
  for (const text of [wide(10_000), wide(10_001)]) t.ok(await agree(text, 64))
  for (const text of ['', '[1,2]', '"a"', '1', '{}', ' {} ', '{}{}', '{"a":1,}', '{,"a":1}',
    '{"__proto__":{"b":[1,2,3]},"c":1}', '{"a":1,"a":[2,3],"a":3}']) t.ok(await agree(text, 0), text)
})

t.test('other work gets its turn while a large body is parsed', async t => {
  const text = `{"a":[${Array(400_000).fill('{}').join(',')}]}`
  let turns = 0
  const timer = setInterval(() => {
    turns++
  }, 1)
  const { a } = await readJsonObjectInTurns(bytes(text))
  clearInterval(timer)
  t.equal((a as unknown[]).length, 400_000)
  t.ok(turns > 3, `${turns} turns`)
})

t.test('a large value written in turns gives the same text as JSON.stringify', async () => {
  const value = fc.dictionary(fc.string(),
    fc.oneof(fc.jsonValue(), fc.constant(undefined),
      fc.array(fc.jsonValue({ maxDepth: 1 }), { minLength: 499, maxLength: 1_002, size: 'max' })), { maxKeys: 4 })
  await fc.assert(fc.asyncProperty(value, async object => await writeJsonInTurns(object) === JSON.stringify(object)), {
    numRuns: 60,
  })
})

t.test('many values give other work its turn, however they are indented; long prose is parsed at once', async t => {
  const turnsFor = async (text: string): Promise<number> => {
    let turns = 0
    let isOver = false
    const count = () => {
      turns++
      if (!isOver) setImmediate(count)
    }
    setImmediate(count)
    await readJsonObjectInTurns(bytes(text))
    isOver = true
    return turns
  }
  const values = Array.from({ length: 200_000 }, (_, nth) => [nth, 'a', true, null, {}, []][nth % 6])
  for (const indent of [0, 2, 10]) t.ok(await turnsFor(JSON.stringify({ values }, null, indent)) > 3, `${indent}`)
  t.ok(await turnsFor(`{"values":[${values.map(value => JSON.stringify(value)).join(`,${' '.repeat(100)}`)}]}`) > 3)
  const prose = 'She wrote, "no, not now, never", and so on, in prose, as in all of these, that is, words. '
  const messages = Array.from({ length: 500 }, () => ({ role: 'user', content: prose.repeat(50) }))
  t.ok(await turnsFor(JSON.stringify({ messages })) < 3)
})
