// The complete sign-in of one process, wired as `gateway.ts` does it, with the test's store and clock.
import { createHmac } from 'node:crypto'
import { lengthPrefixed } from '../../../src/bytes.ts'
import type { Account } from '../../../src/auth/account.ts'
import { createEntries, type Entries } from '../../../src/auth/entries.ts'
import { createKdfGate } from '../../../src/auth/kdf-gate.ts'
import { createPeppers } from '../../../src/auth/peppers.ts'
import { createRecordChanges } from '../../../src/auth/record-changes.ts'
import { createRecordWriter } from '../../../src/auth/record-writer.ts'
import { createSeatLinks, type SeatLinks } from '../../../src/auth/seat-links.ts'
import { createRegistry, type Registry } from '../../../src/auth/registry.ts'
import { createSignIn, type SignIn } from '../../../src/auth/sign-in.ts'
import { createUserStore, type UserStore } from '../../../src/auth/user-store.ts'
import { createVerifier, type Verifier } from '../../../src/auth/verifier.ts'
import type { Bytes } from '../../../src/contract.ts'
import type { Store } from '../../../src/store/store.ts'
import { readGitHubToken, type GitHubToken } from '../../../src/upstream/secrets.ts'
import type { HandClock } from './clock.ts'
import { createTestLog } from './log.ts'

export const password = 'acpc-Ab3dEf6hIj'
export const otherPassword = 'acpc-Zz9yXx8wVv'
export const address = '203.0.113.7'
export const token = toToken('ghu_0123456789abcdefABCDEF0123456789abcd')
export const otherToken = toToken('gho_abcdefABCDEF0123456789abcdefABCDEF0123')

export interface ProcessOptions {
  readonly store: Store
  readonly clock: HandClock
  readonly pepper?: Bytes | null
  readonly previousPepper?: Bytes | null
  readonly iterations?: number
  readonly failuresPerMinute?: number
  readonly revalidateSeconds?: number
}

export interface TestProcess {
  readonly users: UserStore
  readonly verifier: Verifier
  readonly registry: Registry
  readonly entries: Entries
  readonly seats: SeatLinks
  readonly signIn: SignIn
  readonly log: ReturnType<typeof createTestLog>
  readonly defer: (work: Promise<unknown>) => void
  /** Waits for all deferred work. */
  readonly quiet: () => Promise<void>
  readonly enter: (username: string, key: string, from?: string) => Promise<Account>
  readonly register: (username: string) => Promise<Account>
}

export function createProcess (
  { store, clock, pepper = null, previousPepper = null, iterations = 10_000, failuresPerMinute = 10,
    revalidateSeconds = 60 }: ProcessOptions,
): TestProcess {
  const log = createTestLog()
  const users = createUserStore(store, clock)
  const peppers = createPeppers(pepper, previousPepper, log)
  const gate = createKdfGate()
  const fingerprint = (username: string, key: string) =>
    createHmac('sha256', 'test').update(lengthPrefixed(username, key)).digest('base64')
  const verifier = createVerifier({ users, peppers, gate, fingerprint, clock, log, iterations, failuresPerMinute,
    deleteSeedKey: key => store.delete(key) })
  const signIn: SignIn = createSignIn({ users, verifier, fingerprint, clock, log, revalidateSeconds,
    refreshSeal: (key, verified, from) => registry.refreshSeal(key, verified, from) })
  const changes = createRecordChanges({ store, users, peppers, gate, clock, log, iterations, onOutdated: () => {} })
  const registry: Registry = createRegistry({ store, users, verifier, signIn, peppers, changes, log, iterations })
  const write = createRecordWriter({ users, signIn, changes })
  const entries = createEntries({ users, peppers, write, clock })
  const seats = createSeatLinks({ store, write, changes })
  const pending = new Set<Promise<unknown>>()
  const defer = (work: Promise<unknown>) => {
    pending.add(work)
  }
  return {
    users,
    verifier,
    registry,
    entries,
    seats,
    signIn,
    log,
    defer,
    async quiet () {
      for (const work of pending) await work.finally(() => pending.delete(work))
    },
    enter: (username, key, from = address) =>
      signIn.authenticate({ username, headers: { authorization: `Bearer ${key}` }, address: from, defer }),
    async register (username) {
      const account = await registry.create({ username, password }, token, { address, defer })
      if (account === null) throw new Error('the name is taken')
      return account
    },
  }
}

function toToken (text: string): GitHubToken {
  const read = readGitHubToken(text)
  if (read === null) throw new Error('no token')
  return read
}
