// The fast path accepts a value only if a parser would read the same, and finds each value where it is.
import { deepStrictEqual as deepEqual } from 'node:assert'
import fc from 'fast-check'
import t from 'tap'
import { endOfInteger, endOfJson, endOfString, isUsual, readInteger } from '../../../src/relay/fast-text/json-bytes.ts'
import { isSameAt, toWords } from '../../../src/relay/fast-text/words.ts'
import { locateValues } from '../../../src/relay/fast-text/locate.ts'
import { toBytes } from '../helpers/events.ts'

/** What a strict reader makes of the bytes; undefined if they are no JSON. */
function read (bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    return undefined
  }
}

const fragments = fc.array(
  fc.oneof(
    fc.constantFrom('"', '\\', '\\"', '\\\\', '\\n', '\\/', '\\u00e9', '\\u12', '\\q', '\n', '\t', 'é', '漢', '😀'),
    fc.string({ maxLength: 3 }),
  ).map(text => [...toBytes(text)]),
  { maxLength: 8 },
)
const broken = fc.array(
  fc.oneof(
    fc.constantFrom([0xff], [0xc3], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xc0, 0x80], [0xa7]),
    fc.constantFrom([0x61], [0x20], [0xc3, 0xa9]),
  ),
  { maxLength: 6 },
)

t.test('a string ends where a parser ends it, and no invalid one is accepted', async () => {
  fc.assert(fc.property(fc.oneof(fragments, broken), parts => {
    const bytes = Uint8Array.from([0x22, ...parts.flat(), 0x22, 0x2c])
    const end = endOfString(bytes, 1)
    const first = [...bytes.keys()].find(at =>
      at > 0 && bytes[at] === 0x22 && typeof read(bytes.subarray(0, at + 1)) === 'string'
    )
    deepEqual(end, first ?? -1)
    if (end === -1 || !isUsual(bytes, 1, end)) return
    const text = new TextDecoder().decode(bytes.subarray(0, end + 1))
    if (!text.includes('\ufeff')) deepEqual(JSON.stringify(JSON.parse(text)), text)
  }), { numRuns: 2_000 })
})

t.test('any JSON without white space ends where it ends, and an incomplete one does not', async () => {
  fc.assert(fc.property(fc.json({ maxDepth: 4 }), fc.nat(), (json, at) => {
    const compact = JSON.stringify(JSON.parse(json))
    deepEqual(endOfJson(toBytes(`${compact},`), 0), toBytes(compact).length)
    const cut = toBytes(compact).slice(0, at % Math.max(1, toBytes(compact).length))
    const end = endOfJson(cut, 0)
    if (end !== -1) deepEqual(read(cut.subarray(0, end)) === undefined, false)
  }), { numRuns: 500 })
})

t.test('an integer is accepted only as JSON.stringify writes it', async t => {
  for (const text of ['0', '7', '-7', '120', '-1', '999999999999999']) {
    const bytes = toBytes(`${text},`)
    t.equal(endOfInteger(bytes, 0), text.length, text)
    t.equal(readInteger(bytes, 0, text.length), Number(text))
  }
  for (const text of ['', '-', '-0', '01', '1000000000000000', 'x', '"1"']) {
    t.equal(endOfInteger(toBytes(`${text},`), 0), -1, text)
  }
})

t.test('a literal is found where it is, and not where one of its bytes differs', async () => {
  const ascii = fc.string({ unit: 'grapheme-ascii', maxLength: 40 })
  fc.assert(fc.property(ascii, ascii, ascii, fc.nat(), (before, text, behind, at) => {
    const piece = toBytes(before + text + behind)
    deepEqual(isSameAt(toWords(piece).view, before.length, toWords(toBytes(text)), 0, text.length), true)
    if (text === '') return
    const changed = before.length + at % text.length
    piece[changed] = (piece[changed] ?? 0) ^ 1
    deepEqual(isSameAt(toWords(piece).view, before.length, toWords(toBytes(text)), 0, text.length), false)
  }))
})

t.test('values are found by their paths, and not if a key may be another', async t => {
  const at = (json: string, ...paths: string[]) =>
    locateValues(json, paths)?.map(({ from, to }) => json.slice(from, to)) ?? null
  t.strictSame(at('{"a":{"b":["x",{"c":12}]},"d":"y"}', 'd', 'a.b.1.c', 'a.b.0'), ['y', '12', 'x'])
  t.strictSame(at('{"a" : {"c":true}, "c": [1, 2]}', 'a.c', 'c'), ['true', '[1, 2]'], 'white space, and a key twice')
  t.strictSame(at('{"a":"x\\"y","b":"\\\\"}', 'a', 'b'), ['x\\"y', '\\\\'])
  t.strictSame(at('{"a":"x","b":{"a":"y"}}', 'b.a'), ['y'], 'the key of another object')
  t.equal(at('{"a":"x","a":"y"}', 'a'), null, 'a repeated key')
  t.equal(at('{"a":"x","\\u0061":"y"}', 'a'), null, 'a key with an escape')
  t.equal(at('{"b":1}', 'a'), null)
})
