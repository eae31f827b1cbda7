// The Durable Object of one user. Bound as `STATE`. It sets no alarm and no timer, and it waits for nobody: an object
// that is idle costs nothing. A call ends when its row is on disk, because the platform holds the answer back until
// then.
import { DurableObject } from 'cloudflare:workers'
import type { DurableObjectState } from '@cloudflare/workers-types'
import type { HotResult, HotStep } from '../store/hot-state.ts'
import type { StateObject } from '../store/state-object.ts'
import { createUserState, type UserState as State } from './user-state.ts'
import type { StateSql } from './user-state-sql.ts'

export class UserState extends DurableObject implements StateObject {
  readonly #state: State = createUserState(sqlOf(this.ctx), () => this.now())

  async run (steps: readonly HotStep[]): Promise<HotResult[]> {
    return this.#state.run(steps)
  }

  async usage (from: string, to: string): ReturnType<StateObject['usage']> {
    return this.#state.usage(from, to)
  }

  async values (): ReturnType<StateObject['values']> {
    return this.#state.values()
  }

  async keep (key: string, value: string | null, until: number): Promise<void> {
    this.#state.keep(key, value, until)
  }

  /** Nothing stays, not even the tables. */
  async empty (): Promise<void> {
    await this.ctx.storage.deleteAll()
    this.#state.reset()
  }

  protected now (): number {
    return Date.now()
  }
}

function sqlOf ({ storage }: DurableObjectState): StateSql {
  return {
    exec: (query, ...values) => storage.sql.exec(query, ...values).toArray(),
    transaction: work => storage.transactionSync(work),
  }
}
