// A stream that is collected for a client that does not stream. It is checked as strictly as a relayed stream.
import t from 'tap'
import { bodyOf } from '../../../src/body.ts'
import { GatewayError } from '../../../src/errors.ts'
import { readWhole } from '../../../src/relay/read-whole.ts'
import type { StreamRepair } from '../../../src/dialects/contract/dialect.ts'
import { createHandClock } from '../helpers/clock.ts'
import { createRecordingRepair, toBytes } from '../helpers/events.ts'

const read = async (
  body: AsyncIterable<Uint8Array>,
  changes: Partial<StreamRepair> = {},
  idleMs = 1_000,
  clock = createHandClock(),
) => {
  const repair = createRecordingRepair('[DONE]')
  await readWhole(bodyOf(body), { ...repair, ...changes }, idleMs, clock)
  return repair.seen.map(({ data }) => data)
}
async function* bytes (...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield toBytes(text)
}

t.test('readWhole() reads to the terminator, and no further', async t => {
  t.strictSame(await read(bytes('data: a\n\n', 'data: [DONE]\n\n', 'data: b\n\n')), ['a', '[DONE]'])
})

t.test('readWhole() fails with an error that the stream reports, even if the stream then ends well', async t => {
  const boom = (data: string) => {
    if (data === 'boom') throw new GatewayError('overloaded', 'boom')
    return null
  }
  await t.rejects(read(bytes('data: a\n\ndata: boom\n\n', 'data: [DONE]\n\n'), { event: boom }), { code: 'overloaded' })
  await t.rejects(read(bytes('data: a\n\n'), { end () {
    throw new GatewayError('upstream_error', 'cut')
  } }), { code: 'upstream_error', message: 'cut' })
  await t.rejects(read((async function* () {
    yield toBytes('data: a\n\n')
    throw new Error('ECONNRESET')
  })()), { code: 'upstream_error' })
})

t.test('readWhole() gives up after silence, not after a total time', async t => {
  const clock = createHandClock()
  const silent = read((async function* () {
    yield toBytes('data: a\n\n')
    await new Promise(() => {})
  })(), {}, 40, clock)
  const refused = t.rejects(silent, { code: 'upstream_timeout', status: 504 })
  await clock.run(39)
  t.equal(clock.timers(), 1, 'it still waits')
  await clock.run(1)
  t.equal(clock.timers(), 0)
  await refused

  const slow = async function* () {
    for (let at = 0; at < 8; at++) {
      await clock.sleep(15)
      yield toBytes('data: a\n\n')
    }
    yield toBytes('data: [DONE]\n\n')
  }
  const whole = read(slow(), {}, 60, clock)
  await clock.run(8 * 15)
  t.equal((await whole).length, 9, 'it took twice the limit, and was never silent for that long')
})
