// Runs the faults: each case by its number and title on one target. After each case it checks that another user is
// served at once and that no connection to upstream is left open.
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { ceiling } from '../fixtures/ceiling.ts'
import { call, until } from '../fixtures/http.ts'
import type { Settings, Target, User } from '../fixtures/targets.ts'

export interface Faults {
  readonly target: Target
  /** @param where `node` for faults of Node's own sockets, store or process */
  readonly fault: (name: string, body: (t: Test, target: Target) => Promise<void>, where?: 'node') => void
  /** Runs on a target of its own. */
  readonly faultWith: (
    settings: Settings,
    name: string,
    body: (t: Test, target: Target) => Promise<void>,
    where?: 'node',
  ) => void
}

export function runFaults (t: Test, target: Target, suites: ReadonlyArray<(faults: Faults) => void>): void {
  const isNode = target.kind.startsWith('node')
  t.setTimeout(200_000)
  const run = (name: string, where: 'node' | undefined, body: (t: Test) => Promise<void>) => {
    void t.test(name, { skip: where === 'node' && !isNode && 'about Node itself' }, body)
  }
  for (const suite of suites) {
    suite({
      target,
      fault: (name, body, where) =>
        run(name, where, async t => {
          const canary = await target.addUser()
          target.begin()
          await body(t, target)
          await aftermath(t, target, canary)
        }),
      faultWith: (settings, name, body, where) =>
        run(name, where, async t => {
          const own = await target.another(settings)
          t.teardown(() => own.close())
          const canary = await own.addUser()
          own.begin()
          await body(t, own)
          await aftermath(t, own, canary)
        }),
    })
  }
  void t.test('no secret is in the store or in the logs of the whole run', async t => {
    t.same(await target.close(), [])
  })
}

type Caller = Pick<User, 'base' | 'password'>

/** If the server runs in this process, a crash would have ended the test. */
export async function aftermath (t: Test, { emulator }: Pick<Target, 'emulator'>, canary: User): Promise<void> {
  emulator.clearFaults()
  emulator.answers.clear()
  Object.assign(emulator.wire, { slice: 'whole', lineEnd: '\n', comments: false, manyPerWrite: false, bom: false })
  emulator.chunkDelayMs = 0
  await assertServed(t, canary)
  await until(() => emulator.requests.every(({ closedAt }) => closedAt !== undefined),
    'no connection to upstream is left')
  t.same(emulator.problems.splice(0), [], 'no forbidden data reached upstream')
}

/**
 * G15, G16: a fault of one user does not affect another, who is served within two seconds.
 * @param how `usage` asks only GitHub, for tests in which the Copilot host fails
 */
export async function assertServed (t: Test, canary: Caller, how: 'chat' | 'usage' = 'chat'): Promise<void> {
  const from = performance.now()
  const { status, text } = how === 'chat'
    ? await ask(canary)
    : await call(`${canary.base}/usage`, { headers: { 'x-api-key': canary.password } })
  const ms = Math.round(performance.now() - from)
  t.ok(status === 200 && ms <= ceiling(2_000), `the canary is served, after ${ms} ms`, { status,
    text: text.slice(0, 300) })
}

export const paths = { chat: '/chat/completions', responses: '/responses', messages: '/v1/messages' } as const
export type Wanted = keyof typeof paths
export const modelOf: Readonly<Record<Wanted, string>> = { chat: 'gpt-4o', responses: 'gpt-5-mini',
  messages: 'claude-sonnet-4.5' }

/** A valid request of the dialect. */
export function bodyOf (dialect: Wanted, more: object = {}): Record<string, unknown> {
  const messages = [{ role: 'user', content: 'hi' }]
  switch (dialect) {
    case 'chat':
      return { model: modelOf.chat, messages, ...more }
    case 'responses':
      return { model: modelOf.responses, input: 'hi', ...more }
    case 'messages':
      return { model: modelOf.messages, max_tokens: 100, messages, ...more }
  }
}

export function ask (
  { base, password }: Caller,
  dialect: Wanted = 'chat',
  more: object = {},
  headers: Record<string, string> = {},
) {
  return call(`${base}${dialect === 'messages' ? '/messages' : paths[dialect]}`, { json: bodyOf(dialect, more),
    headers: { authorization: `Bearer ${password}`, ...headers } })
}

/** The end of a good stream and the error of a broken one, in each dialect. */
export const ends: Readonly<Record<Wanted, { readonly good: RegExp, readonly bad: RegExp }>> = {
  chat: { good: /^data: \[DONE\]/m, bad: /^data: \{"error":\{/m },
  responses: { good: /^event: response\.completed/m, bad: /^event: (?:error|response\.failed)/m },
  messages: { good: /^event: message_stop/m, bad: /^event: error/m },
}

export interface Raw {
  readonly socket: Socket
  readonly text: () => string
  readonly closed: Promise<void>
  /** Milliseconds from connecting to the close, or until now. */
  readonly ms: () => number
}

/** A client that writes exactly these bytes, then does what the test wants. It ends by itself after half a minute. */
export function raw (origin: string, bytes: string | Buffer = '', { allowHalfOpen = true } = {}): Raw {
  const { hostname, port } = new URL(origin)
  const from = performance.now()
  let out = ''
  let endedAt: number | null = null
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen })
  // Written before the connection is open, so that these bytes are the first.
  if (bytes.length > 0) socket.write(bytes)
  socket.setTimeout(30_000, () => socket.destroy()).on('error', () => {})
  socket.setEncoding('latin1').on('data', (chunk: Buffer | string) => {
    out += chunk.toString()
  })
  const closed = new Promise<void>(resolve => {
    const done = () => {
      endedAt ??= performance.now()
      resolve()
    }
    socket.once('end', () => {
      done()
      socket.end()
    }).once('close', done)
  })
  return { socket, closed, text: () => out, ms: () => (endedAt ?? performance.now()) - from }
}

/** The status lines that arrive before the other side closes. */
export async function statuses (origin: string, bytes: string | Buffer): Promise<number[]> {
  const { text, closed } = raw(origin, bytes)
  await closed
  return [...text().matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status))
}

/** A request as text, with the header lines unchanged. */
export function lines (method: string, path: string, headers: readonly string[], body = ''): string {
  return `${method} ${path} HTTP/1.1\r\n${headers.map(line => `${line}\r\n`).join('')}\r\n${body}`
}

export function request ({ username, password }: User, dialect: Wanted, more: object): string {
  const body = JSON.stringify(bodyOf(dialect, more))
  return lines('POST', `/${username}/v1${dialect === 'messages' ? '/messages' : paths[dialect]}`, ['Host: 127.0.0.1',
    `Authorization: Bearer ${password}`, 'Content-Type: application/json', `Content-Length: ${body.length}`], body)
}

export async function resetMidStream (origin: string, user: User, dialect: Wanted): Promise<void> {
  const client = raw(origin, request(user, dialect, { stream: true }))
  await until(() => client.text().includes('data: '), 'the stream has begun')
  await sleep(Math.random() * 40)
  client.socket.resetAndDestroy()
}

export function authLine ({ password }: User): string {
  return `Authorization: Bearer ${password}`
}
