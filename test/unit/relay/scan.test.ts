// The scanner gives the same events however the bytes come, in time that grows with the bytes and not faster.
import { deepStrictEqual as deepEqual } from 'node:assert'
import fc from 'fast-check'
import t from 'tap'
import { GatewayError } from '../../../src/errors.ts'
import type { PlainEvent } from '../../../src/dialects/contract/plain-event.ts'
import { createScanner } from '../../../src/relay/scan.ts'
import type { StreamRepair } from '../../../src/dialects/contract/dialect.ts'
import { createRecordingRepair, cut, cuts, readEvents, scan, streams, toBytes } from '../helpers/events.ts'

t.test('push() shows the repair the events of the standard and sends the same, however they are cut', async () => {
  fc.assert(fc.property(streams, cuts, (text, lengths) => {
    const wanted = readEvents(text)
    for (const pieces of [[toBytes(text)], cut(toBytes(text), lengths), cut(toBytes(text), [1])]) {
      const repair = createRecordingRepair()
      const { text: sent, failure } = scan(pieces, repair)
      deepEqual({ failure, seen: repair.seen, sent: readEvents(sent) }, { failure: null, seen: wanted, sent: wanted })
    }
  }), { numRuns: 400 })
})

t.test("push() sends the repair's replacement of an event, and drops an event that the repair drops", async () => {
  const repairOf = (): StreamRepair => ({ ...createRecordingRepair(),
    event: (data, name) =>
      data.length % 3 === 0
        ? null
        : data.length % 3 === 1
        ? ''
        : `event: ${name}!\ndata: <${data.replaceAll('\n', '')}>\n\n` })
  fc.assert(fc.property(streams, cuts, (text, lengths) => {
    const [whole, pieces] = [scan([toBytes(text)], repairOf()), scan(cut(toBytes(text), lengths), repairOf())]
    deepEqual(readEvents(pieces.text), readEvents(whole.text))
  }), { numRuns: 400 })
})

t.test('push() sends the events before a failure, then fails, however the bytes are cut', async t => {
  const repairOf = (): StreamRepair => ({ ...createRecordingRepair(), event (data) {
    if (data === 'boom') throw new GatewayError('upstream_error', 'boom')
    return null
  } })
  const text = 'data: one\n\ndata: two\n\ndata: boom\n\ndata: three\n\n'
  for (const length of [1, 2, 3, 7, 11, 20, 1_000]) {
    const { text: sent, failure } = scan(cut(toBytes(text), [length]), repairOf())
    t.strictSame(readEvents(sent).map(({ data }) => data), ['one', 'two'], `cut every ${length} bytes`)
    t.match(failure, { code: 'upstream_error', message: 'boom' })
  }
})

t.test('push() returns a clean chunk as the very same buffer', async t => {
  const repair = createRecordingRepair()
  const scanner = createScanner(repair)
  for (const text of ['data: {"a":1}\n\n', 'data: é\n\ndata: b\n\n', ': comment\n\n', 'event: x\ndata: y\n\n',
    'data: a\ndata: b\n\n']) {
    const chunk = toBytes(text)
    t.equal(scanner.push(chunk), chunk, JSON.stringify(text))
  }
  t.equal(repair.seen.length, 5)
})

t.test('push() answers an event like those before without the repair, wherever the pieces are cut', async t => {
  const repairOf = () => {
    const values: PlainEvent['values'] = [{ kind: 'text', path: 'a', sent: ['a'] }]
    return { ...createRecordingRepair(), plain: () => ({ values }) }
  }
  const whole = toBytes(
    ['one', 'two', 'three', 'four', 'five', 'six'].map(word => `data: {"a":"${word}"}\n\n`).join(''),
  )
  for (const length of [1, 3, 7, 18, 19, 40, 1_000]) {
    const repair = repairOf()
    const { text } = scan(cut(whole, [length]), repair)
    t.equal(text, new TextDecoder().decode(whole))
    t.strictSame(repair.seen.map(({ data }) => data), ['{"a":"one"}', '{"a":"two"}', '{"a":"three"}'],
      `cut every ${length} bytes`)
  }
})

t.test('push() drops a byte order mark only at the beginning of a stream', async t => {
  t.equal(scan([toBytes('\ufeffdata: a\n\n'), toBytes('\ufeffdata: b\n\n')], createRecordingRepair()).text,
    'data: a\n\n')
})

t.test('push() fails with what the repair throws, and keeps what came before', async t => {
  const scanner = createScanner({ ...createRecordingRepair(), event (data) {
    if (data === 'x') throw new GatewayError('upstream_error', 'boom')
    return null
  } })
  t.equal(scanner.push(toBytes('data: x\n\n')), null)
  t.notOk(scanner.isSound())
  t.throws(scanner.assertSound, { code: 'upstream_error', message: 'boom' })
})

t.test('push() returns a chunk unchanged only if a client reads it the same', async t => {
  const pieces = [[[0xef], [0xbb, 0xbf, ...toBytes('data: x\n\n')]], [[0xef, 0xbb, 0xbf, ...toBytes('data: x\n\n')]], [[
    ...toBytes('data: x\n\n'),
    0xc3,
  ], [0xa9, ...toBytes(': 1\n\n')]], [[...toBytes('data: x\r')], [...toBytes('\n')], [...toBytes('\n')]], [[
    ...toBytes('data: x\r\n\r'),
  ], [...toBytes('\n')]]]
  for (const cutUp of pieces) {
    const { text } = scan(cutUp.map(piece => Uint8Array.from(piece)), createRecordingRepair())
    t.equal(text, 'data: x\n\n', JSON.stringify(cutUp))
  }
})

t.test('push() repairs forms that some SDKs do not read: no space, no data, blank lines', async t => {
  t.equal(scan([toBytes('\n\ndata:x\n\nevent: none\n\nid: 1\n\n\n\n: c\ndata: y\n\n')], createRecordingRepair()).text,
    'data: x\n\ndata: y\n\n')
})

t.test('push() refuses an event of more than 1 MiB, in one piece, in many, and made of empty lines', async t => {
  const refused = { code: 'upstream_error', status: 502, message: /more than 1048576/ }
  const long = toBytes(`data: ${'x'.repeat(1_048_576)}`)
  t.match(scan([toBytes('data: first\n\n'), long], createRecordingRepair()), { text: 'data: first\n\n',
    failure: refused })
  t.match(scan(cut(long, [50_000]), createRecordingRepair()).failure, refused)
  t.match(scan([toBytes(`data: ${'x'.repeat(1_048_576)}\n\n`)], createRecordingRepair()).failure, refused)
  t.match(scan(cut(toBytes('data:\n'.repeat(200_000)), [8_192]), createRecordingRepair()).failure, refused)
  t.equal(scan([toBytes(`data: ${'x'.repeat(1_048_000)}\n\n`)], createRecordingRepair()).failure, null)
})

t.test('push() ends the stream when the repair is done, and discards the rest of the chunk and later ones', async t => {
  const repair = createRecordingRepair('[DONE]')
  const { text } = scan([toBytes('data: a\n\ndata: [DONE]\n\ndata: b\n\n'), toBytes('data: c\n\n')], repair)
  t.equal(text, 'data: a\n\ndata: [DONE]\n\n')
  t.strictSame(repair.seen.map(({ data }) => data), ['a', '[DONE]'])
})

t.test('push() takes time in proportion to the bytes, in pieces of one byte too', async t => {
  const time = (length: number): number => {
    const pieces = cut(toBytes(`data: ${'x'.repeat(length)}\n\n`), [1])
    const began = performance.now()
    scan(pieces, createRecordingRepair())
    return performance.now() - began
  }
  time(50_000)
  const [small, large] = [Math.min(time(100_000), time(100_000), time(100_000)), Math.min(time(400_000), time(400_000))]
  t.ok(large < 16 * small + 50, `${small.toFixed(0)} ms for 100 kB, ${large.toFixed(0)} ms for four times as much`)
})

t.test('push() decodes each byte once, however the bytes are cut', async t => {
  const stream = toBytes(`data: ${'x'.repeat(10_000)}\n\ndata: [DONE]\n\n`)
  for (const lengths of [[1], [7, 300], [stream.length]]) {
    let decoded = 0
    const scanner = createScanner(createRecordingRepair(), (piece, from = 0, to = piece.length) => {
      decoded += to - from
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(piece.subarray(from, to))
    })
    for (const piece of cut(stream, lengths)) scanner.push(piece)
    scanner.end()
    t.ok(decoded <= stream.length, `${decoded} of ${stream.length} bytes`)
  }
})
