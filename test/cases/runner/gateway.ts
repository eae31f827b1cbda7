// A gateway in front of the cases' Copilot, on either runtime, with one user for each case.
import { readConfig } from '../../../src/config.ts'
import { startServer } from '../../../src/node/server.ts'
import { startWorkerd } from '../../fixtures/workerd.ts'
import type { Copilot, Seat } from './copilot.ts'

export type Runtime = 'node' | 'workerd'
export interface Gateway {
  readonly addUser: (seat: Seat) => Promise<User>
  readonly close: () => Promise<void>
}
/** `base`: the address of the API, without `/v1`. */
export interface User {
  readonly base: string
  readonly password: string
}

const settings = {
  PORT: '0',
  STORE: 'memory',
  LOG_LEVEL: 'silent',
  KDF_ITERATIONS: '10000',
  SECRET_PEPPER: Buffer.alloc(32, 7).toString('base64'),
  REGISTRATIONS_PER_10_MINUTES: '0',
  AUTH_FAILURES_PER_MINUTE: '0',
  USER_CONCURRENCY: '0',
  USER_REQUESTS_PER_MINUTE: '0',
}
const password = 'acpc-Cases12345'

export async function startGateway (runtime: Runtime, { env }: Copilot): Promise<Gateway> {
  const { origin, close } = runtime === 'node'
    ? await startServer(readConfig({ ...settings, ...env }))
    : await startWorkerd({ settings: { ...settings, ...env }, without: 'ACCOUNT_LIMIT' })
  let users = 0
  return {
    close,
    async addUser ({ githubToken }) {
      const username = `case-${++users}`
      const response = await fetch(`${origin}/`, { method: 'POST', headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username, password, token: githubToken }) })
      if (response.status !== 201) throw new Error(`user not saved: ${response.status} ${await response.text()}`)
      return { base: `${origin}/${username}`, password }
    },
  }
}
