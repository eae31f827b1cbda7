// Runs the golden cases of `docs/spec/translation.md#golden-cases`: each by its number, whole and streamed, over HTTP
// only, through a gateway in front of an emulator that records upstream's view.
import type { Test } from 'tap'
import type { Emulator, Script } from '../../../src/emulator/emulator.ts'
import { call, type Got, type Json } from '../../fixtures/http.ts'
import { startTarget, type Settings, type Target, type TargetKind, type User } from '../../fixtures/targets.ts'
import { createClients, eventsOf, type Clients } from './clients.ts'
import { addModels } from './models.ts'
import { createVercel, type Vercel } from './vercel.ts'

/** The tools that a case gets. */
export interface Golden extends Clients {
  /** Whether the client asks for a stream in this run. */
  readonly stream: boolean
  readonly target: Target
  readonly emulator: Emulator
  readonly user: User
  readonly vercel: Vercel
  /** Sets the next answers of the models, in order. */
  readonly script: (...scripts: Script[]) => void
  /** The body of the latest model call, to this path if one is given. @throws {Error} if there was none */
  readonly sent: (path?: string) => Json
  /** The number of model calls that reached upstream. */
  readonly calls: () => number
  /** Headers of the latest model call. */
  readonly sentHeaders: () => Readonly<Record<string, string>>
  /** The fields that the last answer reports as lost. */
  readonly lost: () => string[]
  /** The events of the last answer as they were on the wire. */
  readonly events: () => Promise<Json[]>
  /** A request without an SDK. */
  readonly post: (path: string, json: Json, headers?: Record<string, string>) => Promise<Got>
  /** The error that the SDK threw. @throws {Error} if it threw none */
  readonly failure: (made: Promise<unknown>) => Promise<Json>
  /** The same on a gateway with its own settings, which closes with the case. */
  readonly another: (t: Test, settings: Settings) => Promise<Golden>
}
type Body = (t: Test, golden: Golden) => Promise<void>
export interface GoldenFrame {
  /** @param todo the reason if the case does not hold yet */
  readonly both: (number: number, sentence: string, body: Body, todo?: string) => void
  readonly whole: (number: number, sentence: string, body: Body) => void
  readonly streamed: (number: number, sentence: string, body: Body) => void
}
export type GoldenSuite = (frame: GoldenFrame) => void

const modelPaths = ['/chat/completions', '/responses', '/v1/messages']
export const everyCase = Array.from({ length: 98 }, (_, at) => at + 1)

/** Those of Google's API have numbers of their own: `docs/spec/translation.md#golden-cases-of-gemini`. */
export const everyGeminiCase = Array.from({ length: 30 }, (_, at) => at + 1)

export async function runGolden (
  t: Test,
  kind: TargetKind,
  suites: readonly GoldenSuite[],
  numbers: readonly number[] = everyCase,
): Promise<void> {
  const target = await startTarget(kind)
  addModels(target.emulator)
  const user = await addUser(target)
  const seen = new Set<number>()
  const run = (number: number, sentence: string, stream: boolean, body: Body, todo?: string): void => {
    seen.add(number)
    void t.test(`golden ${number}${stream ? ' (stream)' : ''}: ${sentence}`, { todo: todo ?? false }, async t => {
      target.begin()
      t.teardown(() => {
        repair(target)
      })
      await body(t, createGolden(target, user, stream))
      t.same(target.emulator.problems, [], 'no forbidden data reached upstream')
      t.equal(target.emulator.answers.pending, 0, 'every script was used')
    })
  }
  const whole = (number: number, sentence: string, body: Body, todo?: string) =>
    run(number, sentence, false, body, todo)
  const streamed = (number: number, sentence: string, body: Body, todo?: string) =>
    run(number, sentence, true, body, todo)
  for (const suite of suites) {
    suite({ whole, streamed, both: (number, sentence, body, todo) => {
      whole(number, sentence, body, todo)
      streamed(number, sentence, body, todo)
    } })
  }
  void t.test('every golden case exists, and no secret is in the store or in the logs', async t => {
    t.same([...seen].toSorted((a, b) => a - b), numbers)
    t.same(await target.close(), [])
  })
}

/** Also loads the user's models into the gateway: without the list it would plan by the names of the real models. */
export async function addUser (target: Target): Promise<User> {
  const user = await target.addUser(undefined, {
    quota: { entitlement: 1_000_000, remaining: 1_000_000, overage: 0, overagePermitted: false },
  })
  await call(`${user.base}/models`, { headers: { authorization: `Bearer ${user.password}` } })
  return user
}

export function createGolden (target: Target, user: User, stream: boolean): Golden {
  const { emulator } = target
  const clients = createClients(user, stream)
  const modelCalls = () => target.seen().filter(request => modelPaths.includes(request.path))
  const latest = (path?: string) => {
    const found = modelCalls().findLast(request => path === undefined || request.path === path)
    if (found === undefined) {
      throw new Error(
        `upstream got nothing at ${path ?? 'all'}, but ${modelCalls().map(request => request.path).join(', ')}`,
      )
    }
    return found
  }
  return {
    ...clients,
    stream,
    target,
    emulator,
    user,
    vercel: createVercel(user, stream, clients.fetch),
    script: emulator.answers.push,
    sent: path => latest(path).json as Json,
    calls: () => modelCalls().length,
    sentHeaders: () => latest().headers,
    lost: () => (clients.last.headers.get('x-proxy-dropped') ?? '').split(',').filter(field => field !== ''),
    events: () => eventsOf(clients.last),
    post: (path, json: unknown, headers) =>
      call(`${user.base}${path}`, { json, headers: { authorization: `Bearer ${user.password}`, ...headers } }),
    async failure (made) {
      try {
        await made
      } catch (thrown) {
        return thrown as Json
      }
      throw new Error('that did not fail')
    },
    async another (t, settings) {
      const own = await target.another(settings)
      t.teardown(async () => {
        await own.close()
      })
      addModels(own.emulator)
      const golden = createGolden(own, await addUser(own), stream)
      own.begin()
      return golden
    },
  }
}

/** Resets the emulator after a case, also after one that failed. */
function repair ({ emulator }: Target): void {
  emulator.problems.length = 0
  emulator.answers.clear()
  emulator.clearFaults()
  Object.assign(emulator.wire, { slice: 'whole', lineEnd: '\n', comments: false, manyPerWrite: false, bom: false })
  emulator.chunkDelayMs = 0
}
