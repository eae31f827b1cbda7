// What is compared and written as bytes is what the same would be as text.
import { deepStrictEqual as deepEqual } from 'node:assert'
import fc from 'fast-check'
import t from 'tap'
import { splice } from '../../../src/bytes.ts'
import { createTextWriter, literalOf, numberedBytes, spliceText, standsIn, textEndIn,
  wordsOf } from '../../../src/dialects/shared/framed-bytes.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const textOf = (given: Uint8Array | string | null) =>
  typeof given === 'string' ? given : given === null ? null : new TextDecoder().decode(given)
const ascii = fc.string({ unit: 'grapheme-ascii', maxLength: 40 })

t.test('a literal stands where it was put, and not where one of its bytes is another', async () => {
  fc.assert(fc.property(ascii, ascii, ascii, fc.nat(), (before, text, behind, at) => {
    const piece = bytes(before + text + behind)
    deepEqual(standsIn(wordsOf(piece), before.length, literalOf(text)), true)
    if (text === '') return
    const changed = before.length + at % text.length
    piece[changed] = (piece[changed] ?? 0) ^ 1
    deepEqual(standsIn(wordsOf(piece), before.length, literalOf(text)), false)
  }))
})

t.test('the text of an event is found to its closing quote, in a piece that is that event and no more', async t => {
  const frame = { before: literalOf('data: {"choices":[{"index":0,"delta":{"content":"'),
    behind: literalOf('"}}]}\n\n') }
  const end = (text: string) => textEndIn(bytes(text), frame)
  const event = (raw: string) => `data: {"choices":[{"index":0,"delta":{"content":"${raw}"}}]}\n\n`
  for (const raw of ['', 'a', ' word', 'a\\"b', '\\\\', '\\\\\\"', '漢😀', '\\u0041', '\u007f']) {
    t.equal(end(event(raw)), bytes(event(raw)).length - frame.behind.bytes.length, JSON.stringify(raw))
  }
  for (const raw of ['\\', 'a"b', 'a\nb', 'a\tb', 'a\rb', '\\\\\\', '\\\n', '\\\r', 'x\\\ny', '"}}]}\n\n']) {
    t.equal(end(event(raw)), -1, JSON.stringify(raw))
  }
  for (const whole of ['', '\n', event('a').slice(0, -1), event('a').slice(1), `${event('a')}\n`,
    event('a') + event('b'), event('a').replace('0', '1'), event('a').replace(']', '['),
    event('a').replaceAll('\n', '\r')]) t.equal(end(whole), -1, JSON.stringify(whole))
})

t.test(
  'text that JSON writes as it is goes between its surroundings, any other takes the longer way, and both say the '
    + 'same',
  async () => {
    fc.assert(
      fc.property(fc.oneof(ascii, fc.string({ unit: 'binary', maxLength: 20 })), ascii, ascii,
        (text, before, behind) => {
          const isPlain = JSON.stringify(text) === `"${text}"` && /^[ -~]*$/.test(text)
          deepEqual(textOf(spliceText(bytes(before), text, bytes(behind))), isPlain ? before + text + behind : null)
          const said: string[] = []
          const writer = createTextWriter(before, behind, more => {
            said.push(more)
          })
          const wanted = before + JSON.stringify(text) + behind
          deepEqual([writer.write(text), textOf(writer.writeAlone(text)), said], [wanted, wanted, [text, text]])
        }),
    )
  },
)

t.test('a number has as many digits as it takes, whatever came before it', async t => {
  const write = numberedBytes('{"é":', ',"b":"')
  for (const number of [0, 0, 1, 8, 9, 10, 11, 99, 100, 101, 999, 1_000, 123_456_789, 10, 9, 0]) {
    t.equal(textOf(write(number)), `{"é":${number},"b":"`)
  }
})

t.test('what was put together stays as it is, however much is put together after it', async () => {
  fc.assert(fc.property(fc.array(fc.tuple(ascii, fc.string({ maxLength: 3_000 }), ascii), { maxLength: 30 }), parts => {
    const made = parts.map(([before, text, behind]) =>
      splice(bytes(before), bytes(`<${text}>`), 1, bytes(text).length + 1, bytes(behind))
    )
    deepEqual(made.map(textOf),
      parts.map(([before, text, behind]) => before + new TextDecoder().decode(bytes(text)) + behind))
  }), { numRuns: 50 })
})
