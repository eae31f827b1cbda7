// The common setup of tests of Copilot tokens.
import { createMemoryStore } from '../../../src/store/memory.ts'
import { GatewayError } from '../../../src/errors.ts'
import { createTokens } from '../../../src/upstream/tokens.ts'
import { createHandClock, settle } from './clock.ts'
import { createTestLog } from './log.ts'
import { createCountingStore } from './stores.ts'
import { configOf, createAccount, createHandExchange, tokenOf } from './upstream.ts'

export const minute = 60_000
export const broken = new GatewayError('upstream_error', 'GitHub is broken')
export const rejected = new GatewayError('github_token_rejected', 'no')

/** Tokens with the test's store and clock, and a GitHub that numbers the tokens it gives. */
export function createTokenWorld (options: { refreshInMs?: number, livesMs?: number } = {}) {
  const clock = createHandClock()
  const store = createCountingStore(clock, createMemoryStore(clock))
  const github = createHandExchange(clock.now, options)
  const pending: Array<Promise<unknown>> = []
  const defer = (work: Promise<unknown>) => {
    pending.push(work)
  }
  const open = () =>
    createTokens({ config: configOf(), exchange: github.exchange, store, clock, log: createTestLog(), random: () =>
      0.5 })
  const tokens = open()
  const quiet = async () => {
    await Promise.all(pending.splice(0))
    await settle()
  }
  const get = async (of = tokens, account = createAccount()) => {
    const { token } = await of.get(account, defer)
    await quiet()
    return token as string
  }
  const renew = (refused: string, account = createAccount()) => tokens.renew(account, tokenOf(refused), defer)
  return { clock, store, github, defer, open, tokens, quiet, get, renew }
}
