// A day of users on a Worker: the real handlers, in this process, with bindings that count. An isolate is a gateway of
// its own with an empty memory. Time is moved by hand.
import type { Emulator } from '../../src/emulator/emulator.ts'
import type { KvNamespace } from '../../src/store/cloudflare-kv-binding.ts'
import type { HotStep } from '../../src/store/hot-state.ts'
import type { StateNamespace, StateObject } from '../../src/store/state-object.ts'
import { createWorker, type WorkerApp } from '../../src/workers/app.ts'
import type { MovableClock } from '../fixtures/targets.ts'
import { createStateObjects } from '../fixtures/state-objects.ts'
import { testPepper } from '../fixtures/workerd.ts'
import { headers, password } from './client.ts'

/** A call of an object, to be repeated on the platform's own SQLite. */
export interface ObjectCall {
  readonly owner: string
  readonly method: keyof StateObject
  readonly args: readonly unknown[]
  readonly now: number
}
export interface Day {
  readonly counts: Record<'get' | 'put' | 'delete' | 'list', number>
  readonly objectCalls: ObjectCall[]
  readonly newIsolate: () => void
  /** @returns the status and the text, after all that the request left behind has ended */
  readonly ask: (path: string, body: object) => Promise<{ readonly status: number, readonly text: string }>
  readonly save: (username: string) => Promise<void>
}

export function createDay (emulator: Emulator, clock: MovableClock): Day {
  const counts = { get: 0, put: 0, delete: 0, list: 0 }
  const objectCalls: ObjectCall[] = []
  const objects = createStateObjects(clock.now)
  const env = { TOKEN_KV: countedKv(counts), STATE: recorded(objects.namespace, objectCalls, clock.now),
    ...emulator.env, KDF_ITERATIONS: '10000', SECRET_PEPPER: testPepper, LOG_LEVEL: 'warn' }
  let app: WorkerApp = createWorker({ clock })

  const ask: Day['ask'] = async (path, body) => {
    const left: Array<Promise<unknown>> = []
    const context = { waitUntil: (work: Promise<unknown>) => void left.push(work) }
    // An idle object leaves memory after ten seconds.
    objects.evict()
    const response = await app.fetch(
      new Request(`http://worker${path}`, { method: 'POST', headers: { ...headers, 'cf-connecting-ip': '203.0.113.1' },
        body: JSON.stringify(body) }),
      env,
      context,
    )
    const text = await response.text()
    for (let done = 0; done < left.length; done = left.length) await Promise.all(left)
    return { status: response.status, text }
  }

  return {
    counts,
    objectCalls,
    ask,
    newIsolate () {
      app = createWorker({ clock })
    },
    async save (username) {
      const seat = emulator.addSeat()
      for (const { id } of emulator.models) seat.policies.set(id, 'enabled')
      const { status, text } = await ask('/', { username, password, token: seat.githubToken })
      if (status !== 201) throw new Error(`not saved: ${text}`)
    },
  }
}

function countedKv (counts: Day['counts']): KvNamespace {
  const values = new Map<string, string>()
  return {
    async get (key) {
      counts.get++
      return values.get(key) ?? null
    },
    async put (key, value) {
      counts.put++
      values.set(key, value)
    },
    async delete (key) {
      counts.delete++
      values.delete(key)
    },
    async list ({ prefix }) {
      counts.list++
      return { keys: [...values.keys()].filter(key => key.startsWith(prefix)).map(name => ({ name })),
        list_complete: true }
    },
  }
}

function recorded (namespace: StateNamespace, calls: ObjectCall[], now: () => number): StateNamespace {
  return { getByName (owner) {
    const object = namespace.getByName(owner)
    const note = (method: keyof StateObject, ...args: readonly unknown[]) => {
      calls.push({ owner, method, args, now: now() })
    }
    return {
      run (steps: readonly HotStep[]) {
        note('run', steps)
        return object.run(steps)
      },
      usage (from, to) {
        note('usage', from, to)
        return object.usage(from, to)
      },
      values () {
        note('values')
        return object.values()
      },
      keep (key, value, until) {
        note('keep', key, value, until)
        return object.keep(key, value, until)
      },
      empty () {
        note('empty')
        return object.empty()
      },
    }
  } }
}
