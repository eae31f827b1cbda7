import fc from 'fast-check'
import t from 'tap'
import { concatBytes, decodeBase64, equalBytes, fromUtf8, lengthPrefixed, toBase64, toBase64Url,
  utf8 } from '../../src/bytes.ts'
import { readJsonObject } from '../../src/json.ts'

const bytes = fc.uint8Array({ maxLength: 200 }).map(array => Uint8Array.from(array))

t.test('base64 and base64url are decoded, with padding and without', async t => {
  fc.assert(
    fc.property(bytes, each =>
      [toBase64(each), toBase64Url(each), toBase64(each).replace(/=+$/, '')].every(text =>
        equalBytes(decodeBase64(text) ?? new Uint8Array(999), each)
      )),
  )
  t.equal(toBase64(new Uint8Array(100_000)), Buffer.alloc(100_000).toString('base64'))
  for (const text of ['a', 'ab!c', 'a b', '====', 'YQ===', 'é']) t.equal(decodeBase64(text), null, text)
})

t.test('equalBytes() is true for the same bytes only', async () => {
  fc.assert(
    fc.property(bytes, bytes, (a, b) => equalBytes(a, b) === (Buffer.compare(a, b) === 0) && equalBytes(a, a.slice())),
  )
})

t.test('lengthPrefixed() gives different bytes for different lists of fields', async t => {
  t.notSame(lengthPrefixed('ab', 'c'), lengthPrefixed('a', 'bc'))
  t.notSame(lengthPrefixed('a', ''), lengthPrefixed('a'))
  t.strictSame([...lengthPrefixed('é', new Uint8Array([9]))], [0, 0, 0, 2, 0xc3, 0xa9, 0, 0, 0, 1, 9])
  fc.assert(
    fc.property(fc.array(bytes), fc.array(bytes), (a, b) =>
      equalBytes(lengthPrefixed(...a), lengthPrefixed(...b)) === (JSON.stringify(a) === JSON.stringify(b))),
  )
})

t.test('concatBytes(), utf8() and fromUtf8() do what their names promise', async t => {
  t.equal(fromUtf8(concatBytes([utf8('é'), utf8('😀')])), 'é😀')
  t.throws(() => fromUtf8(new Uint8Array([0xc3])), TypeError)
})

t.test('readJsonObject() accepts an object of at most 128 levels', async t => {
  const nested = (depth: number) => utf8(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)
  t.match(readJsonObject(nested(128)), { a: {} })
  for (const wrong of [nested(129), utf8(`{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`), utf8('[]'), utf8('null'),
    utf8('"a"'), utf8('{'), utf8(''), new Uint8Array([0x7b, 0xff, 0x7d])]) {
    t.throws(() => readJsonObject(wrong), { code: 'invalid_request', status: 400 })
  }
})

t.test('readJsonObject() accepts at most 10,000 keys in an object, and any number in total', async t => {
  const wide = (count: number, between = ',', colon = ':') =>
    `{"messages":[{"role":"user"}],"x":{${
      Array.from({ length: count }, (_, at) => `"k${at}"${colon}"a\\"b:{"`).join(between)
    }}}`
  t.equal(Object.keys(readJsonObject(utf8(wide(10_000)))['x'] as object).length, 10_000)
  for (const text of [wide(10_001), wide(10_001, ' ,\n', ' \t:\n '), wide(10_001).slice(0, -2),
    `{"\\\\":1,"y":${wide(10_001)}}`]) {
    t.throws(() => readJsonObject(utf8(text)), { code: 'invalid_request', status: 400, message: /keys/ })
  }
  const many = { messages: Array.from({ length: 30_000 }, () => ({ role: 'user', content: '"::::{"' })),
    text: ':'.repeat(100_000) }
  t.strictSame(readJsonObject(utf8(JSON.stringify(many))), many)
  t.throws(() => readJsonObject(utf8(`{"a":"${'x'.repeat(100_000)}`)), { message: /not valid JSON/ },
    'a string without an end')
})

t.test('readJsonObject() pollutes no prototype', async t => {
  const body = readJsonObject(utf8('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'))
  const copy = { ...body, more: 1 } as Record<string, unknown>
  t.equal(({} as Record<string, unknown>)['polluted'], undefined)
  t.equal(copy['polluted'], undefined)
  t.match(JSON.stringify(copy), /"__proto__":\{"polluted":true\}/)
})
