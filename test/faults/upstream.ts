// F05 to F25, F33 and F34: faults of Copilot and GitHub after a request has reached them.
import { ceiling } from '../fixtures/ceiling.ts'
import { readEvents, until } from '../fixtures/http.ts'
import type { User } from '../fixtures/targets.ts'
import { ask, ends, paths, raw, request, resetMidStream, type Faults, type Wanted } from './frame.ts'

const dialects = Object.keys(paths) as Wanted[]
const exchangePath = '/copilot_internal/v2/token'

export function upstreamFaults ({ fault, faultWith }: Faults): void {
  faultWith({ UPSTREAM_FIRST_BYTE_SECONDS: '0.4', HEARTBEAT_SECONDS: '0.2' },
    "F05 connected, no response headers: 504 at the limit, or the dialect's error after the pings",
    async (t, target) => {
      const user = await target.addUser()
      for (const dialect of dialects) {
        target.emulator.fault({ path: paths[dialect] }, { kind: 'hang' }, 2)
        const from = performance.now()
        t.equal((await ask(user, dialect)).status, 504, dialect)
        const { text } = await ask(user, dialect, { stream: true })
        t.match(text, ends[dialect].bad)
        t.notMatch(text, ends[dialect].good)
        t.ok(performance.now() - from < ceiling(5_000))
      }
    })

  fault('F06 429 with Retry-After: 7: the same, and one call', async (t, { emulator, addUser, seen }) => {
    const user = await addUser()
    for (const dialect of dialects) {
      emulator.fault({ path: paths[dialect] }, { kind: 'status', status: 429,
        body: '{"error":{"message":"slow","code":"rate_limited"}}', headers: { 'retry-after': '7' } })
      const { status, headers } = await ask(user, dialect, { stream: true })
      t.same([status, headers.get('retry-after')], [429, '7'], dialect)
      t.equal(seen(paths[dialect]).length, 1)
    }
  })

  fault('F07 500 with 200 KB of HTML: 502 as JSON, without any of the HTML', async (t, { emulator, addUser }) => {
    const user = await addUser()
    for (const dialect of dialects) {
      emulator.fault({ path: paths[dialect] }, { kind: 'status', status: 500,
        body: `<!doctype html><h1>Unicorn</h1>${'x'.repeat(200_000)}`, contentType: 'text/html' })
      const { status, text, json } = await ask(user, dialect)
      t.match({ status, json }, { status: 502, json: { error: { message: String } } }, dialect)
      t.notMatch(text, /Unicorn|<h1>|xxxx/)
      t.ok(text.length < 1_000)
    }
  })

  fault('F08 503 with Retry-After: the same (on Messages 529), header kept', async (t, { emulator, addUser }) => {
    const user = await addUser()
    for (const dialect of dialects) {
      emulator.fault({ path: paths[dialect] }, { kind: 'status', status: 503, body: 'overloaded',
        headers: { 'retry-after': '9' } })
      const { status, headers } = await ask(user, dialect)
      t.same([status, headers.get('retry-after')], [dialect === 'messages' ? 529 : 503, '9'], dialect)
    }
  })

  fault('F09 401 once, then 200: one renewal, two calls', async (t, { emulator, addUser, seen }) => {
    const user = await addUser()
    emulator.fault({ path: paths.chat }, { kind: 'status', status: 401, body: 'unauthorized\n' })
    t.equal((await ask(user)).status, 200)
    t.same([seen(paths.chat).length, user.seat.exchanges], [2, 2])
  })

  fault('F10 401 always: 403 github_token_rejected, one forced renewal in 30 s', async (t, { emulator, addUser }) => {
    const user = await addUser()
    emulator.fault({ path: paths.chat }, { kind: 'status', status: 401, body: 'unauthorized\n' }, 20)
    for (let n = 0; n < 5; n++) {
      t.match(await ask(user), { status: 403, json: { error: { code: 'github_token_rejected' } } })
    }
    t.equal(user.seat.exchanges, 2)
  })

  fault('F11 402 and 403 for quota: the same code, one plain message', async (t, { emulator, addUser }) => {
    const user = await addUser()
    for (const status of [402, 403]) {
      emulator.fault({ path: paths.chat }, { kind: 'status', status,
        body: JSON.stringify({ error: { message: 'You have used up your quota.', code: 'quota_exceeded' } }) })
      t.match(await ask(user), { status: 402,
        json: { error: { message: 'You have used up your quota.', code: 'insufficient_quota' } } })
    }
  })

  const cut = (name: string, kind: 'reset-after' | 'eof-after', wanted: readonly Wanted[]) => {
    fault(name, async (t, { emulator, addUser }) => {
      const user = await addUser()
      for (const dialect of wanted) {
        for (const events of [0, 2]) {
          emulator.fault({ path: paths[dialect] }, { kind, events })
          const { text } = await ask(user, dialect, { stream: true })
          t.notMatch(text, ends[dialect].good, `${dialect} after ${events}`)
          t.match(text, ends[dialect].bad)
          for (const event of readEvents(text)) {
            t.ok(typeof event === 'object' || String(event).startsWith(':'), 'every event is whole')
          }
        }
        emulator.fault({ path: paths[dialect] }, { kind, events: 1 })
        t.equal((await ask(user, dialect)).status, 502, `${dialect}, not streamed`)
      }
    })
  }
  cut('F12 RST mid-stream, chat: complete events, then an error; no [DONE]', 'reset-after', ['chat'])
  cut('F13 RST mid-stream, messages and responses: an error event, no good end', 'reset-after', ['responses',
    'messages'])
  cut('F14 a clean end without terminator is no success', 'eof-after', dialects)

  faultWith({ HEARTBEAT_SECONDS: '0.2' }, 'F15 a stall, then the rest: heartbeats, and the stream completes',
    async (t, { emulator, addUser }) => {
      const user = await addUser()
      for (const dialect of dialects) {
        emulator.fault({ path: paths[dialect] }, { kind: 'stall-after', events: 2, ms: 900 })
        const { text } = await ask(user, dialect, { stream: true })
        t.match(text, ends[dialect].good, dialect)
        t.ok(text.split('\n\n').filter(event => event.startsWith(':') || event.startsWith('event: ping')).length >= 2)
      }
    })

  faultWith({ HEARTBEAT_SECONDS: '0.2', UPSTREAM_IDLE_SECONDS: '0.5' },
    'F16 an endless stall: an error at the idle limit, and the request to upstream is cancelled',
    async (t, { emulator, addUser }) => {
      const user = await addUser()
      for (const dialect of dialects) {
        emulator.fault({ path: paths[dialect] }, { kind: 'stall-after', events: 2, ms: 60_000 }, 1)
        const from = performance.now()
        const { text } = await ask(user, dialect, { stream: true })
        t.match(text, ends[dialect].bad, dialect)
        t.notMatch(text, ends[dialect].good)
        t.ok(performance.now() - from < ceiling(2_500))
      }
    })

  fault('F17 single bytes, characters and CRLF cut, a byte order mark: identical events',
    async (t, { emulator, addUser }) => {
      const user = await addUser()
      for (const dialect of dialects) {
        const texts = new Set<string>()
        for (const wire of [{}, { slice: 'byte' }, { slice: 'utf8' }, { lineEnd: '\r\n', slice: 'crlf-split' }, {
          bom: true,
        }, { manyPerWrite: true, slice: 5 }] as const) {
          Object.assign(emulator.wire, { slice: 'whole', lineEnd: '\n', comments: false, manyPerWrite: false,
            bom: false, ...wire })
          emulator.answers.push({ text: ['Grüße 漢', '字 🙂\n\n', 'Ende'] })
          const { text } = await ask(user, dialect, { stream: true })
          t.match(text, ends[dialect].good)
          texts.add(JSON.stringify(readEvents(text).map(withoutChance)))
        }
        t.equal(texts.size, 1, dialect)
      }
    })

  fault('F18 a line of 2 MiB, and endless data lines, empty ones too: an error at 1 MiB',
    async (t, { emulator, addUser }) => {
      const user = await addUser()
      for (const dialect of dialects) {
        for (const flood of [`data: ${'x'.repeat(2_097_152)}\n\n`, 'data:\n'.repeat(400_000),
          'data: {"a":\n'.repeat(200_000), `: ${'c'.repeat(2_097_152)}`, '\r'.repeat(10) + 'id: 7\n'.repeat(400_000)]) {
          emulator.fault({ path: paths[dialect] }, { kind: 'not-json', contentType: 'text/event-stream', body: flood })
          const from = performance.now()
          const { text } = await ask(user, dialect, { stream: true })
          t.match(text, ends[dialect].bad, `${dialect}: ${flood.slice(0, 12)}`)
          t.notMatch(text, ends[dialect].good)
          t.ok(text.length < 10_000)
          t.ok(performance.now() - from < ceiling(3_000))
        }
      }
    })

  fault('F19 invalid JSON in one event never crashes, and a translated stream then never ends as a success',
    async (t, { emulator, addUser }) => {
      const user = await addUser()
      for (const dialect of dialects) {
        for (const model of dialect === 'messages'
          ? ['claude-sonnet-4.5', 'gpt-4o']
          : ['gpt-4o', 'gpt-5-mini', 'claude-sonnet-4.5']) {
          emulator.answers.push({ chunks: ['data: {"id":\n\n', 'data: [DONE]\n\n'] })
          const { status, text } = await ask(user, dialect, { model, stream: true })
          t.equal(status, 200)
          if (!(dialect === 'chat' && model === 'gpt-4o')) t.match(text, ends[dialect].bad, `${dialect} from ${model}`)
        }
      }
    })

  fault('F20 200 with HTML, or with nothing, on a stream request: 502', async (t, { emulator, addUser }) => {
    const user = await addUser()
    for (const dialect of dialects) {
      for (const body of ['<html>hello', '', '"text"', '[]']) {
        emulator.fault({ path: paths[dialect] }, { kind: 'not-json', contentType: 'text/html', body })
        const { status, text } = await ask(user, dialect, { stream: true })
        t.equal(status, 502, `${dialect}: ${body}`)
        t.notMatch(text, /<html/)
      }
    }
  })

  fault('F21 a client that resets its connection mid-stream, many times: upstream is closed within a second',
    async (t, { emulator, addUser, origin, seen }) => {
      const user = await addUser()
      emulator.chunkDelayMs = 30
      for (let round = 0; round < 5; round++) {
        await Promise.all(Array.from({ length: 20 }, (_, n) => resetMidStream(origin, user, dialects[n % 3] ?? 'chat')))
      }
      await until(() => seen().every(({ closedAt }) => closedAt !== undefined), 'every call to upstream is over', 1_000)
      t.equal(seen().filter(({ method }) => method === 'POST').length, 100)
      t.ok(seen().filter(({ aborted }) => aborted).length > 50, 'most streams were cut off')
    })

  fault('F22 a client that leaves before upstream answers: the same',
    async (t, { emulator, addUser, origin, seen }) => {
      const user = await addUser()
      for (const stream of [true, false]) {
        emulator.fault({ path: paths.chat }, { kind: 'delay', ms: 20_000 }, 20)
        const clients = Array.from({ length: 20 }, () => raw(origin, request(user, 'chat', { stream })))
        await until(() => seen(paths.chat).length === (stream ? 20 : 40), 'all have arrived')
        for (const { socket } of clients) socket.resetAndDestroy()
        await until(() => seen(paths.chat).every(({ aborted }) => aborted), 'all requests to upstream are closed',
          1_000)
        emulator.clearFaults()
      }
      t.pass()
    })

  fault('F24 the token exchange fails in every way: 502, 504 or 403, remembered for a while', async (t, target) => {
    const { emulator, clock } = target
    const ways = [[{ kind: 'status', status: 500, body: 'x' }, 502], [{ kind: 'html' }, 502], [{ kind: 'not-json' },
      502], [{ kind: 'status', status: 200, body: '{"token":""}' }, 502], [{ kind: 'status', status: 200,
      body: '{"expires_at":1}' }, 502], [{ kind: 'status', status: 200,
      body: JSON.stringify({ token: 'tid=x;exp=1', expires_at: 1, refresh_in: 1_500 }) }, 502], [{ kind: 'status',
      status: 403, body: '{"message":"no"}' }, 403], [{ kind: 'status', status: 401,
      body: '{"message":"Bad credentials"}' }, 403]] as const
    for (const [way, status] of ways) {
      const user = await target.addUser()
      clock?.advance(3_600_000)
      emulator.fault({ path: exchangePath }, way, 20)
      t.equal((await ask(user)).status, status, JSON.stringify(way).slice(0, 80))
      const { exchanges } = user.seat
      t.equal((await ask(user)).status, status)
      t.equal(user.seat.exchanges, exchanges, 'the failure is remembered')
      emulator.clearFaults()
      clock?.advance(61_000)
      t.equal((await ask(user)).status, 200, 'but not for ever')
    }
  })

  fault('F25 many requests when tokens expire: one exchange a user', async (t, target) => {
    const users = await Promise.all(Array.from({ length: 10 }, () => target.addUser()))
    target.clock?.advance(3_600_000)
    const before = users.map(({ seat }) => seat.exchanges)
    const got = await Promise.all(Array.from({ length: 100 }, (_, n) => ask(users[n % 10] as User)))
    t.ok(got.every(({ status }) => status === 200))
    t.same(users.map(({ seat }, at) => seat.exchanges - (before[at] ?? 0)), Array(10).fill(1))
  })

  fault('F33 a redirect elsewhere: 502, and the other host is not called', async (t, { emulator, addUser, seen }) => {
    const user = await addUser()
    for (const status of [301, 302, 303, 307, 308]) {
      emulator.fault({ path: paths.chat }, { kind: 'redirect', status,
        location: `${emulator.origin}/copilot/elsewhere` }, 1)
      t.equal((await ask(user)).status, 502, String(status))
    }
    t.same(seen('/elsewhere'), [])
    t.equal(seen(paths.chat).length, 5)
  })

  fault('F34 unrequested compression, six layers, a body shorter than its length: 502',
    async (t, { emulator, addUser }) => {
      const user = await addUser()
      for (const way of [{ kind: 'gzip' }, { kind: 'headers',
        headers: { 'content-encoding': 'gzip, gzip, gzip, gzip, gzip, br' } }, { kind: 'eof-after',
        events: 1 }] as const) {
        for (const stream of way.kind === 'eof-after' ? [false] : [true, false]) {
          emulator.fault({ path: paths.chat }, way)
          t.equal((await ask(user, 'chat', { stream })).status, 502, `${way.kind} ${stream}`)
        }
      }
    }, 'node')
}

/** Removes random parts: ids, times and sealed data. */
function withoutChance (event: unknown): unknown {
  return JSON.parse(JSON.stringify(event),
    (key, value: unknown) =>
      /^(?:id|item_id|created|created_at|completed_at|encrypted_content|obfuscation|system_fingerprint|signature)$/
          .test(key)
        ? ''
        : value)
}
