// A stream from upstream to the client: kept alive, given up, cut off, abandoned. It ends as a success only if
// upstream's answer was complete.
import t from 'tap'
import { bodyOf } from '../../../src/body.ts'
import type { Flow } from '../../../src/contract.ts'
import { ClientGone, GatewayError } from '../../../src/errors.ts'
import { streamReply, type Opened, type StreamOptions } from '../../../src/relay/stream.ts'
import type { StreamRepair } from '../../../src/dialects/contract/dialect.ts'
import { createHandClock, settle } from '../helpers/clock.ts'
import { toBytes } from '../helpers/events.ts'
import { piecesOf } from '../helpers/flow.ts'

type Source = () => AsyncGenerator<Uint8Array>
const bytes = (...texts: string[]): Source =>
  async function* () {
    for (const text of texts) yield toBytes(text)
  }

/** Done at `[DONE]`, cut off without it. An event `drop` is dropped. */
const createRepair = (): StreamRepair => {
  let isDone = false
  return {
    event (data) {
      isDone ||= data === '[DONE]'
      return data === 'drop' ? '' : null
    },
    end () {
      if (!isDone) throw new GatewayError('upstream_error', 'cut')
      return ''
    },
    isDone: () => isDone,
    usage: () => null,
  }
}
const dialect = { ping: ': ping\n\n',
  failStream: ({ code }: GatewayError) => `data: error ${code}\n\n` } as StreamOptions['dialect']

type Sleep = (ms: number) => Promise<void>
const world = (open: (signal: AbortSignal, sleep: Sleep) => Promise<Opened>, options: Partial<StreamOptions> = {}) => {
  const client = new AbortController()
  const clock = createHandClock()
  const ends: Array<string | null> = []
  let isClosed = false
  const reply = streamReply({
    dialect,
    headers: { 'x-a': '1' },
    heartbeatMs: 1_000,
    idleMs: 1_000,
    signal: client.signal,
    clock,
    open: async () => {
      const given = await open(client.signal, clock.sleep)
      return 'text' in given ? given : { ...given, body: { ...given.body, cancel () {
        isClosed = true
        given.body.cancel()
      } } }
    },
    onEnd: error => {
      ends.push(error === null ? null : error.code)
    },
    ...options,
  })
  const read = async () => {
    let text = ''
    for await (const piece of piecesOf((await reply).body)) {
      text += typeof piece === 'string' ? piece : new TextDecoder().decode(piece)
    }
    return text
  }
  return { client, clock, ends, reply, read, isClosed: () => isClosed }
}
const opened = (source: Source): Opened => ({ headers: { 'x-b': '2' }, body: bodyOf(source()), repair: createRepair() })

t.test('streamReply() relays a good stream, reports its end once, and closes the upstream body', async t => {
  const { clock, reply, read, ends, isClosed } = world(async () =>
    opened(bytes('data: a\n\n', 'data: [DONE]\n\n', 'data: more\n\n'))
  )
  t.match(await reply, { status: 200,
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no', 'x-a': '1',
      'x-b': '2' } })
  t.equal(await read(), 'data: a\n\ndata: [DONE]\n\n')
  t.strictSame(ends, [null])
  await clock.run(250)
  t.ok(isClosed())
})

t.test('streamReply() rejects with the error while no status is sent', async t => {
  const { reply, ends } = world(async () => {
    throw new GatewayError('rate_limited', 'no')
  })
  await t.rejects(reply, { code: 'rate_limited' })
  t.strictSame(ends, ['rate_limited'])
})

t.test('streamReply() answers 200 after a heartbeat, pings, and reports a late failure in the stream', async t => {
  for (const fails of [false, true]) {
    const { clock, reply, read, ends } = world(async (_signal, sleep) => {
      await sleep(75)
      if (fails) throw new GatewayError('upstream_timeout', 'slow')
      return opened(bytes('data: [DONE]\n\n'))
    }, { heartbeatMs: 20 })
    await clock.run(20)
    t.equal((await reply).status, 200)
    const text = read()
    await clock.run(55)
    t.equal(await text, ': ping\n\n'.repeat(3) + (fails ? 'data: error upstream_timeout\n\n' : 'data: [DONE]\n\n'))
    t.strictSame(ends, [fails ? 'upstream_timeout' : null])
  }
})

t.test('a stream that is cut, breaks or reports a failure ends with an error, after the events before it', async t => {
  const broken: Source = async function* () {
    yield toBytes('data: a\n\ndata: ha')
    throw new Error('ECONNRESET')
  }
  for (const source of [bytes('data: a\n\n'), bytes('data: a\n\n', 'data: ha'), bytes('data: a\n\ndata: [DONE]\n'),
    broken]) {
    const { read, ends, isClosed } = world(async () => opened(source))
    t.equal(await read(), 'data: a\n\ndata: error upstream_error\n\n')
    t.strictSame(ends, ['upstream_error'])
    t.ok(isClosed())
  }
  const repair: StreamRepair = { ...createRepair(), event (data) {
    if (data === 'b') throw new GatewayError('overloaded', 'no')
    return null
  }, fail: () => 'data: in its own words\n\n' }
  const { read, ends } = world(async () => ({ headers: {},
    body: bodyOf(bytes('data: a\n\ndata: b\n\ndata: [DONE]\n\n')()), repair })
  )
  t.equal(await read(), 'data: a\n\ndata: in its own words\n\n')
  t.strictSame(ends, ['overloaded'])
})

t.test('a failure after the end has no effect', async t => {
  const { read, ends } = world(async () =>
    opened(async function* () {
      yield toBytes('data: [DONE]\n\n')
      throw new Error('ECONNRESET')
    })
  )
  t.equal(await read(), 'data: [DONE]\n\n')
  t.strictSame(ends, [null])
})

t.test('a silent upstream causes pings, then ends at its limit, and a hanging body is closed', async t => {
  const { clock, read, ends, isClosed } = world(async () =>
    opened(async function* () {
      yield toBytes('data: a\n\n')
      await new Promise(() => {})
    }), { heartbeatMs: 20, idleMs: 90 })
  const text = read()
  await clock.run(90)
  t.equal(await text, `data: a\n\n${': ping\n\n'.repeat(4)}data: error upstream_timeout\n\n`)
  t.strictSame(ends, ['upstream_timeout'])
  t.ok(isClosed())
})

t.test('an upstream that sends only dropped events causes pings', async t => {
  const { clock, read } = world(async (_signal, sleep) =>
    opened(async function* () {
      for (let at = 0; at < 10; at++) {
        await sleep(10)
        yield toBytes('data: drop\n\n')
      }
      yield toBytes('data: [DONE]\n\n')
    }), { heartbeatMs: 30 })
  const text = read()
  await clock.run(100)
  t.equal(await text, `${': ping\n\n'.repeat(3)}data: [DONE]\n\n`)
})

t.test('a flowing stream gets no pings', async t => {
  const { clock, read } = world(async (_signal, sleep) =>
    opened(async function* () {
      for (let at = 0; at < 12; at++) {
        await sleep(10)
        yield toBytes(at < 11 ? 'data: a\n\n' : 'data: [DONE]\n\n')
      }
    }), { heartbeatMs: 60 })
  const text = read()
  await clock.run(120)
  t.equal(await text, `${'data: a\n\n'.repeat(11)}data: [DONE]\n\n`)
})

t.test('an upstream that stays open after its end delays no client, whether it is silent or continues', async t => {
  for (const isSilent of [true, false]) {
    const { clock, read, ends, isClosed } = world(async (_signal, sleep) =>
      opened(async function* () {
        yield toBytes('data: [DONE]\n\n')
        for (;;) {
          await (isSilent ? new Promise(() => {}) : sleep(5))
          yield toBytes(': on\n\n')
        }
      })
    )
    t.equal(await read(), 'data: [DONE]\n\n', 'before any time has passed')
    t.strictSame(ends, [null])
    await clock.run(249)
    t.notOk(isClosed())
    await clock.run(1)
    t.ok(isClosed())
  }
})

t.test('a client that leaves ends the call: before the stream, in it, and when no reader starts', async t => {
  const hanging = (signal: AbortSignal): Source =>
    async function* () {
      yield toBytes('data: a\n\n')
      await new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          reject(signal.reason as Error)
        })
      })
    }
  const reading = world(async signal => opened(hanging(signal)))
  const text = reading.read()
  await settle()
  reading.client.abort(new ClientGone())
  t.equal(await text, 'data: a\n\n', 'nothing more is sent to a client that left')
  t.equal(reading.ends.length, 1)

  const unread = world(async signal => opened(hanging(signal)))
  await unread.reply
  unread.client.abort(new ClientGone())
  t.strictSame(unread.ends, ['client_gone'], 'the count of running calls goes down')
  t.ok(unread.isClosed())

  const early = world(async (signal, sleep) => {
    await sleep(10)
    signal.throwIfAborted()
    return opened(bytes())
  })
  early.client.abort(new ClientGone())
  const left = t.rejects(early.reply, { name: 'ClientGone' })
  await early.clock.run(10)
  await left
  t.strictSame(early.ends, ['client_gone'])
})

t.test("upstream is read at the client's pace", async t => {
  let read = 0
  const { reply, client } = world(async () =>
    opened(async function* () {
      for (;;) {
        read++
        yield toBytes('data: a\n\n')
      }
    })
  )
  const pieces = piecesOf((await reply).body)
  for (let at = 1; at <= 5; at++) {
    await pieces.next()
    await settle()
    t.ok(read <= at + 2, `${read} read for ${at}`)
  }
  client.abort(new ClientGone())
})

t.test('silence does not count while the client does not read', async t => {
  const { clock, reply, ends } = world(async (_signal, sleep) => {
    const rest = sleep(200) // Upstream's own time, whether it is read or not.
    return opened(async function* () {
      yield toBytes('data: a\n\n')
      await rest
      yield toBytes('data: [DONE]\n\n')
    })
  }, { heartbeatMs: 1_000, idleMs: 60 })
  const { body } = await reply
  const given: string[] = []
  let isOver = false
  ;(body as Flow).start({ write: piece => {
    given.push(String(piece))
    return false
  }, end (last = '') {
    given.push(String(last))
    isOver = true
  } })
  await clock.run(150)
  t.equal(given.length, 1, 'no ping, and no end')
  t.notOk(isOver)
  t.strictSame(ends, [], 'and no side is given up')
  await clock.run(70)
  ;(body as Flow).resume()
  await clock.run(20)
  t.ok(isOver)
  t.strictSame(ends, [null])
})

t.test('a text that is ready is sent unchanged', async t => {
  const { read, ends } = world(async () => ({ headers: {}, text: 'data: all\n\n' }))
  t.equal(await read(), 'data: all\n\n')
  t.strictSame(ends, [null])
})
