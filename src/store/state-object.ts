// How the drivers call a user's Durable Object: one call is one request, which the free plan counts.
import type { HotResult, HotStep } from './hot-state.ts'
import { withTimeout } from '../single-flight.ts'
import { StoreError } from './store.ts'
import type { UsageRow } from './usage-store.ts'

/** The methods of `workers/user-state-object.ts`. */
export interface StateObject {
  run(steps: readonly HotStep[]): Promise<HotResult[]>
  /** `born` is the day on which the object began, null if it holds nothing. */
  usage(from: string, to: string): Promise<{ readonly rows: readonly UsageRow[], readonly born: string | null }>
  values(): Promise<ReadonlyArray<readonly [key: string, value: string]>>
  keep(key: string, value: string | null, until: number): Promise<void>
  empty(): Promise<void>
}

/** The part of a Worker's binding that is used. */
export interface StateNamespace {
  getByName(name: string): StateObject
}

/** A call takes a few milliseconds. */
const longestMs = 3_000

/** @throws {StoreError} */
export async function callObject<T> (
  namespace: StateNamespace,
  owner: string,
  call: (object: StateObject) => Promise<T>,
): Promise<T> {
  try {
    return await withTimeout(call(namespace.getByName(owner)), longestMs, () => Promise.reject(new Error('too late')))
  } catch (thrown) {
    // The platform's message might quote a value.
    const { overloaded = false } = thrown as { overloaded?: boolean }
    throw new StoreError(`Durable Object: the call failed${overloaded ? ', because it is overloaded' : ''}`)
  }
}
