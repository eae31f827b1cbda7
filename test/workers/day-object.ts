// Runs under workerd: the code of the object, with a count of the rows of each statement. Each call finds the object
// out of memory.
import { DurableObject } from 'cloudflare:workers'
import { createUserState } from '../../src/workers/user-state.ts'
import type { StateSql } from '../../src/workers/user-state-sql.ts'
import type { ObjectCall } from './day.ts'

interface Counted {
  readonly read: number
  readonly written: number
}

export class CountedState extends DurableObject {
  repeat ({ method, args, now }: ObjectCall): Counted {
    let [read, written] = [0, 0]
    const { storage } = this.ctx
    const sql: StateSql = { exec (query, ...values) {
      const cursor = storage.sql.exec(query, ...values)
      const rows = cursor.toArray()
      read += cursor.rowsRead
      written += cursor.rowsWritten
      return rows
    }, transaction: work => storage.transactionSync(work) }
    const state = createUserState(sql, () => now)
    if (method !== 'empty') (state[method] as (...args: readonly unknown[]) => unknown)(...args)
    return { read, written }
  }
}

interface Env {
  readonly STATE: { getByName(name: string): { repeat(call: ObjectCall): Promise<Counted> } }
}

export default {
  async fetch (request: Request, { STATE }: Env): Promise<Response> {
    const total = { read: 0, written: 0, seconds: 0 }
    for (const call of await request.json() as ObjectCall[]) {
      const began = Date.now()
      const { read, written } = await STATE.getByName(call.owner).repeat(call)
      total.seconds += (Date.now() - began) / 1_000
      total.read += read
      total.written += written
    }
    return Response.json(total)
  },
}
