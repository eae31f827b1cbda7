// The clients of a measurement, in a separate process, so that their cost does not count for the gateway. One job at a
// time, over IPC.
import { createHash } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request, type Dispatcher } from 'undici'
import type { Ask } from './upstream.ts'

export interface Caller {
  readonly url: string
  readonly key: string
}
export type Job =
  /**
   * Streams that start within `rampMs` and run to their end. Every stream whose number is a multiple of `abortEvery`
   * leaves after its first event.
   */
  | { readonly kind: 'streams', readonly who: readonly Caller[], readonly count: number, readonly ask: Ask,
    readonly rampMs: number, readonly abortEvery?: number, readonly messages?: boolean, readonly tag: string }
  /** One call after the other on each connection. */
  | { readonly kind: 'closed', readonly who: readonly Caller[], readonly connections: number, readonly ms: number }
  /** Calls at a steady rate. `fresh`: each on a connection of its own. */
  | { readonly kind: 'open', readonly who: readonly Caller[], readonly perSecond: number, readonly ms: number,
    readonly stream: boolean, readonly fresh?: boolean }
  /** Each call once, this many at a time. */
  | { readonly kind: 'once', readonly who: readonly Caller[], readonly atOnce: number }
  /** Requests a flood and reads none of it. */
  | { readonly kind: 'slow', readonly who: readonly Caller[], readonly count: number, readonly floodBytes: number,
    readonly ms: number }
export interface Done {
  readonly count: number
  readonly failed: number
  readonly reasons: readonly string[]
  readonly seconds: number
  /** The time of each call or event, in milliseconds. */
  readonly took: readonly number[]
  readonly hashes: Readonly<Record<string, string>>
  readonly abortedAt: Readonly<Record<string, number>>
  /** For slow readers: when the other side closed the connection, in milliseconds from the start. */
  readonly closedAfter: readonly number[]
  readonly events: number
}
interface Tally {
  failed: number
  count: number
  events: number
  reasons: Set<string>
  took: number[]
  hashes: Record<string, string>
  abortedAt: Record<string, number>
  closedAfter: number[]
}

const nowMs = () => performance.timeOrigin + performance.now()
let dispatcher = new Agent({ connections: null, keepAliveTimeout: 60_000 })

process.on('message', (job: Job) => {
  void run(job).then(done => process.send?.({ done }))
})
process.on('disconnect', () => process.exit(0))
process.send?.({ port: 0 })

async function run (job: Job): Promise<Done> {
  const tally: Tally = { failed: 0, count: 0, events: 0, reasons: new Set(), took: [], hashes: {}, abortedAt: {},
    closedAfter: [] }
  const from = performance.now()
  const pick = (at: number): Caller => job.who[at % job.who.length] ?? { url: '', key: '' }
  const safely = (work: Promise<void>) =>
    work.catch((thrown: unknown) => {
      tally.failed++
      tally.reasons.add(
        String(thrown instanceof Error && thrown.cause !== undefined ? thrown.cause : thrown).slice(0, 200),
      )
    }).finally(() => {
      tally.count++
    })

  if (job.kind === 'streams') {
    await Promise.all(Array.from({ length: job.count }, async (_, at) => {
      await sleep(job.rampMs * at / job.count)
      await safely(oneStream(job, pick(at), at, tally))
    }))
  }
  if (job.kind === 'closed') {
    await Promise.all(Array.from({ length: job.connections }, async (_, at) => {
      while (performance.now() - from < job.ms) await safely(oneCall(pick(at), tally))
    }))
  }
  if (job.kind === 'once') {
    let next = 0
    await Promise.all(Array.from({ length: job.atOnce }, async () => {
      while (next < job.who.length) await safely(oneCall(pick(next++), tally))
    }))
  }
  if (job.kind === 'open') {
    const pending: Array<Promise<void>> = []
    for (let at = 0; performance.now() - from < job.ms; at++) {
      await sleep(Math.max(0, from + at * 1_000 / job.perSecond - performance.now()))
      pending.push(safely(job.stream ? firstByte(pick(at), tally, `open-${at}`) : oneCall(pick(at), tally, job.fresh)))
    }
    await Promise.all(pending)
  }
  if (job.kind === 'slow') await slowReaders(job, tally)
  const done = { ...tally, reasons: [...tally.reasons].slice(0, 5), seconds: (performance.now() - from) / 1_000 }
  const old = dispatcher
  dispatcher = new Agent({ connections: null, keepAliveTimeout: 60_000 })
  await old.destroy()
  return done
}

const bodyOf = (ask: Ask, stream: boolean) =>
  JSON.stringify({ model: 'gpt-4o', max_tokens: 8_000, stream,
    messages: [{ role: 'user', content: JSON.stringify(ask) }] })
function post (
  { url, key }: Caller,
  body: string,
  signal: AbortSignal | null = null,
  fresh = false,
): Promise<Dispatcher.ResponseData> {
  return request(url, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body, dispatcher, signal, headersTimeout: 30_000, bodyTimeout: 90_000, reset: fresh })
}

async function oneCall (who: Caller, tally: Tally, fresh = false): Promise<void> {
  const from = performance.now()
  const { statusCode, body } = await post(who, bodyOf({ bytes: 400 }, false), null, fresh)
  const text = await body.text()
  if (statusCode !== 200) throw new Error(`${statusCode} ${text.slice(0, 120)}`)
  tally.took.push(performance.now() - from)
}

/** From the request to the first byte, without the time that upstream itself took. */
async function firstByte (who: Caller, tally: Tally, id: string): Promise<void> {
  const from = nowMs()
  const { statusCode, body } = await post(who, bodyOf({ id, events: 1 }, true))
  if (statusCode !== 200) throw new Error(`${statusCode}`)
  let took: number | undefined
  for await (const piece of body as AsyncIterable<Buffer>) {
    if (took !== undefined) continue
    const [, gotAt = 0, sentAt = 0] = /\|([\d.]+)\|([\d.]+);/.exec(piece.toString())?.map(Number) ?? []
    took = nowMs() - from - (sentAt - gotAt)
  }
  if (took === undefined) throw new Error('no event')
  tally.took.push(took)
}

async function oneStream (job: Job & { kind: 'streams' }, who: Caller, at: number, tally: Tally): Promise<void> {
  const id = `${job.tag}${at}`
  const leaves = job.abortEvery !== undefined && at % job.abortEvery === 0
  const leaving = new AbortController()
  const { statusCode, body } = await post(who, bodyOf({ ...job.ask, id }, true), leaving.signal)
  if (statusCode !== 200) throw new Error(`${statusCode} ${(await body.text()).slice(0, 120)}`)
  const hash = createHash('sha256')
  let text = ''
  let wanted = 0
  let isWhole = false
  const read = (piece: string) => {
    const at = nowMs()
    text += piece
    const cut = text.lastIndexOf('\n\n')
    if (cut === -1) return
    const whole = text.slice(0, cut)
    text = text.slice(cut + 2)
    isWhole ||= whole.includes(job.messages === true ? 'event: message_stop' : 'data: [DONE]')
    for (const match of whole.matchAll(/([^|"\s]+)\|(\d+)\|[\d.]+\|([\d.]+);/g)) {
      if (match[1] !== id || Number(match[2]) !== wanted++) {
        throw new Error(`event ${match[1]} ${match[2]} came as ${id} ${wanted - 1}`)
      }
      tally.took.push(at - Number(match[3]))
      tally.events++
    }
  }
  try {
    for await (const piece of body as AsyncIterable<Buffer>) {
      hash.update(piece)
      read(piece.toString())
      if (leaves && wanted > 0) {
        tally.abortedAt[id] = nowMs()
        leaving.abort()
        return
      }
    }
  } catch (thrown) {
    if (leaves && leaving.signal.aborted) return
    throw thrown
  }
  if (wanted !== job.ask.events || !isWhole) {
    throw new Error(`${wanted} of ${job.ask.events} events${isWhole ? '' : ', and no end'}`)
  }
  if (job.messages !== true) tally.hashes[id] = hash.digest('hex')
}

async function slowReaders (job: Job & { kind: 'slow' }, tally: Tally): Promise<void> {
  const from = performance.now()
  const sockets: Socket[] = Array.from({ length: job.count }, (_, at) => {
    const { url, key } = job.who[at % job.who.length] ?? { url: '', key: '' }
    const { hostname, port, pathname } = new URL(url)
    const body = bodyOf({ id: `slow${at}`, floodBytes: job.floodBytes }, true)
    const socket = connect(Number(port), hostname, () => {
      socket.pause()
      socket.write(
        `POST ${pathname} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${key}\r\nContent-Type: `
          + `application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      )
    })
    return socket.on('error', () => {}).on('close', () => {
      tally.closedAfter.push(performance.now() - from)
    })
  })
  // A client that does not read learns of a reset only when it writes.
  const poke = setInterval(() => {
    for (const socket of sockets) if (!socket.destroyed) socket.write('\r\n')
  }, 1_000)
  while (performance.now() - from < job.ms && tally.closedAfter.length < job.count) await sleep(100)
  clearInterval(poke)
  tally.failed = job.count - tally.closedAfter.length
  for (const socket of sockets) socket.destroy()
}
