// A Copilot token as it stands in the store: sealed under the user's own key, by the wall clock, and a miss whenever
// anything about it is odd.
import type { Account } from '../auth/account.ts'
import type { Session } from './exchange.ts'
import { parseObject } from './read-body.ts'
import { readCopilotToken } from './secrets.ts'

/** `{token, api, storedAt, refreshIn, expiresAt}`, times in milliseconds; `gen` says which GitHub token it came from. */
export async function sealSession (account: Account, { token, base, storedAt, refreshInMs, livesMs }: Session): Promise<string> {
  return account.seal(JSON.stringify({ token, api: base, storedAt, refreshIn: refreshInMs, expiresAt: storedAt + livesMs, gen: account.gen }))
}

/**
 * Null for what does not open, is another GitHub token's, or is past its use by `now`.
 * @param trust reads a host: settings may have changed since the token was kept
 */
export async function openSession (account: Account, sealed: string, now: number, trust: (base: unknown) => string | null): Promise<{ session: Session, ageMs: number } | null> {
  const text = await account.open(sealed)
  const value = text === null ? null : parseObject(text)
  const token = readCopilotToken(value?.['token'])
  if (value === null || token === null || value['gen'] !== account.gen) return null
  const { api, storedAt, refreshIn, expiresAt } = value
  if (typeof storedAt !== 'number' || typeof refreshIn !== 'number' || typeof expiresAt !== 'number' || (api !== null && typeof api !== 'string')) return null
  const ageMs = now - storedAt
  // A clock that stepped back makes a token look younger than it is: such a one is not trusted either.
  if (ageMs < 0 || ageMs >= refreshIn || now >= expiresAt) return null
  return { ageMs, session: { token, base: trust(api), storedAt, refreshInMs: refreshIn, livesMs: expiresAt - storedAt } }
}
