// How long one request delays all others: every shape of the growth tests at 4 MiB, and a few at 1, 8 and 32 MiB; and
// counting tokens. The emulator's strictness does not matter here, so upstream accepts everything and answers at once.
import { fork, type ChildProcess } from 'node:child_process'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { nextMessage } from '../fixtures/measure.ts'
import type { DialectName } from '../../src/dialects/contract/dialect.ts'
import { bodyOfBytes, requestShapes, type RequestShape } from '../growth/request-shapes.ts'
import { ms, type Figure } from './figure.ts'
import type { Gateway, Stage, User } from './stage.ts'

const paths: Readonly<Record<DialectName, string>> = { 'openai-chat': 'chat/completions',
  'openai-responses': 'responses', 'anthropic-messages': 'messages' }
/** For each dialect, a model that Copilot serves only there. */
const models: Readonly<Record<DialectName, string>> = { 'openai-chat': 'only-chat',
  'openai-responses': 'gpt-5-only-responses', 'anthropic-messages': 'claude-only-messages' }
const names = Object.keys(models) as DialectName[]
const mib = 1_048_576
const runs = 3

const g25: Figure = {
  id: 'G25',
  name: 'Longest wait of /healthz while one request of 4 MiB runs, any shape of the growth tests, any pair',
  must: '≤ 250 ms, median of three runs',
  longestMs: 25 * 60_000,
  async run (stage) {
    const bench = await open(stage)
    try {
      const found: Array<{ readonly name: string, readonly wait: number }> = []
      for (const shape of requestShapes) {
        for (const upstream of names) {
          found.push({ name: `${shape.name}, ${short(shape.client)} to ${short(upstream)}`,
            wait: await bench.stall(shape, upstream, 4 * mib) })
        }
      }
      found.sort((a, b) => b.wait - a.wait)
      const sizes: string[] = []
      for (const size of [1, 8, 32]) {
        let worst = { name: '', wait: 0 }
        for (const { name } of found.slice(0, 3)) {
          const [shape, upstream] = bench.find(name)
          const wait = await bench.stall(shape, upstream, Math.min(size * mib, 33_000_000))
          if (wait > worst.wait) worst = { name, wait }
        }
        sizes.push(`${size} MiB: ${ms(worst.wait)} (${worst.name})`)
      }
      const [worst] = found
      const missed = found.filter(({ wait }) => wait > 250)
      return {
        measured: `${found.length} shapes and pairs; worst ${ms(worst?.wait ?? NaN)} (${
          worst?.name ?? ''
        }), half of them ${ms(found[found.length >> 1]?.wait ?? NaN)} or less${
          missed.length === 0
            ? ''
            : `; over the limit: ${missed.map(({ name, wait }) => `${name} ${ms(wait)}`).join(', ')}`
        }. The three worst at other sizes: ${sizes.join('; ')}`,
        ok: missed.length === 0,
        note:
          'a request every 5 ms from a separate process; the wait includes the delays of that process and the machine',
      }
    } finally {
      bench.close()
    }
  },
}

const g26: Figure = {
  id: 'G26',
  name: 'count_tokens without an upstream that counts: 200 kB of one character, 5 MB of prose',
  must: 'answered in ≤ 3 s; /healthz waits ≤ 100 ms, median of three runs',
  async run (stage) {
    const bench = await open(stage)
    try {
      const texts = { letters: 'a'.repeat(200_000), spaces: ' '.repeat(200_000) + '.', hyphens: '-'.repeat(200_000),
        'prose, 5 MB': 'The quick brown fox jumps over the lazy dog. '.repeat(111_111) }
      await bench.count('warm')
      const measured: string[] = []
      let ok = true
      for (const [name, text] of Object.entries(texts)) {
        const outcomes = [await bench.count(text), await bench.count(text), await bench.count(text)]
        const [wait, took] = [median(outcomes.map(each => each.wait)), median(outcomes.map(each => each.took))]
        ok &&= wait <= 100 && took <= 3_000
        measured.push(`${name}: ${ms(took)}, wait ${ms(wait)}, ${outcomes[0]?.by ?? ''} ${outcomes[0]?.tokens ?? ''}`)
      }
      return { measured: measured.join('; '), ok }
    } finally {
      bench.close()
    }
  },
}

export const stallFigures: readonly Figure[] = [g25, g26]

interface Bench {
  /** The longest wait, the median of three runs. */
  readonly stall: (shape: RequestShape, upstream: DialectName, bytes: number) => Promise<number>
  readonly count: (
    text: string,
  ) => Promise<{ readonly wait: number, readonly took: number, readonly by: string, readonly tokens: number }>
  readonly find: (name: string) => [RequestShape, DialectName]
  readonly close: () => void
}

async function open (stage: Stage): Promise<Bench> {
  const copilot = createServer((request, response) => {
    request.resume().on('end', () => {
      answer(request.url ?? '', response)
    })
  })
  await new Promise<void>(resolve => {
    copilot.listen(0, '127.0.0.1', resolve)
  })
  const gateway = await stage.startGateway({
    COPILOT_API_BASE_URL: `http://127.0.0.1:${(copilot.address() as AddressInfo).port}`,
  })
  const [user] = await stage.users(gateway, 1)
  if (user === undefined) throw new Error('no user')
  const canary = fork(fileURLToPath(new URL('canary.ts', import.meta.url)))
  await nextMessage(canary)
  await post(gateway, user, 'chat/completions', chatBody) // Fetches a token and a list of models.
  const watched = async <T>(work: () => Promise<T>): Promise<{ result: T, wait: number }> => {
    canary.send({ origin: gateway.origin })
    await new Promise(resolve => {
      setTimeout(resolve, 60)
    })
    const result = await work()
    canary.send({ stop: true })
    return { result, wait: (await nextMessage<{ longest: number }>(canary)).longest }
  }
  return {
    async stall (shape, upstream, bytes) {
      const body = bodyOfBytes(shape, bytes).replace('"asked"', JSON.stringify(models[upstream]))
      const waits: number[] = []
      for (let run = 0; run < runs; run++) {
        const { result, wait } = await watched(() => post(gateway, user, paths[shape.client], body))
        if (result.status >= 500) {
          throw new Error(
            `${shape.name}, ${short(shape.client)} to ${short(upstream)}: ${result.status} ${
              result.text.slice(0, 200)
            }`,
          )
        }
        waits.push(wait)
      }
      return median(waits)
    },
    async count (text) {
      const from = performance.now()
      const { result, wait } = await watched(() =>
        post(gateway, user, 'messages/count_tokens',
          JSON.stringify({ model: models['openai-chat'], messages: [{ role: 'user', content: text }] }))
      )
      return { wait, took: performance.now() - from - 60, by: result.by,
        tokens: (JSON.parse(result.text) as { input_tokens: number }).input_tokens }
    },
    find (name) {
      for (const shape of requestShapes) {
        for (const upstream of names) {
          if (name === `${shape.name}, ${short(shape.client)} to ${short(upstream)}`) {
            return [shape, upstream]
          }
        }
      }
      throw new Error(name)
    },
    close () {
      stopProcess(canary)
      copilot.closeAllConnections()
      copilot.close()
      void gateway.stop()
    },
  }
}

const chatBody = JSON.stringify({ model: models['openai-chat'], messages: [{ role: 'user', content: 'hi' }] })

async function post (
  gateway: Gateway,
  { username, password }: User,
  path: string,
  body: string,
): Promise<{ status: number, text: string, by: string }> {
  const response = await fetch(`${gateway.origin}/${username}/v1/${path}`, { method: 'POST',
    headers: { authorization: `Bearer ${password}`, 'content-type': 'application/json' }, body })
  return { status: response.status, text: await response.text(), by: response.headers.get('x-token-count') ?? '' }
}

/** The smallest answer that each dialect accepts. */
function answer (path: string, response: ServerResponse): void {
  const reply = (value: unknown, status = 200) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  }
  const entry = (id: string, endpoint: string) => ({ id, object: 'model', name: id, vendor: 'OpenAI', version: id,
    supported_endpoints: [endpoint],
    capabilities: { family: id, type: 'chat', limits: { max_output_tokens: 16_000 },
      supports: { streaming: true, tool_calls: true, vision: true } } })
  switch (path) {
    case '/models':
      return reply({ object: 'list',
        data: [entry(models['openai-chat'], '/chat/completions'), entry(models['openai-responses'], '/responses'),
          entry(models['anthropic-messages'], '/v1/messages')] })
    case '/chat/completions':
      return reply({ id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'm',
        choices: [{ index: 0, message: { role: 'assistant', content: 'ok' }, finish_reason: 'stop' }] })
    case '/responses':
      return reply({ id: 'resp_1', object: 'response', created_at: 1, model: 'm', status: 'completed',
        output: [{ id: 'msg_1', type: 'message', role: 'assistant', status: 'completed',
          content: [{ type: 'output_text', text: 'ok', annotations: [] }] }] })
    case '/v1/messages':
      return reply({ id: 'msg_1', type: 'message', role: 'assistant', model: 'm',
        content: [{ type: 'text', text: 'ok' }], stop_reason: 'end_turn', stop_sequence: null,
        usage: { input_tokens: 1, output_tokens: 1 } })
    default:
      return reply({ error: { message: 'not found' } }, 404)
  }
}

function short (name: DialectName): string {
  return name.replace(/^(?:openai|anthropic)-/, '')
}

function median (values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN
}

function stopProcess (child: ChildProcess): void {
  if (child.exitCode === null) child.kill('SIGKILL')
}
