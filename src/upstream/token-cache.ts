// The stored form of a Copilot token: sealed under the user's own key, with wall-clock times. Anything unexpected in it
// counts as a cache miss.
import type { Account } from '../auth/account.ts'
import type { Session } from './exchange.ts'
import { parseObject } from './read-body.ts'
import { readCopilotToken } from './secrets.ts'

/**
 * `{token, api, storedAt, refreshIn, expiresAt}`, times in milliseconds. `gen` tells which GitHub token it was
 * exchanged for.
 */
export async function sealSession (
  account: Account,
  { token, base, storedAt, refreshInMs, livesMs }: Session,
): Promise<string> {
  return account.seal(
    JSON.stringify({ token, api: base, storedAt, refreshIn: refreshInMs, expiresAt: storedAt + livesMs,
      gen: account.gen }),
  )
}

/** The clocks of two machines may differ so much. */
export const clockSkewMs = 2_000

export interface AgedSession {
  readonly session: Session
  readonly ageMs: number
}

/** False from the moment at which Copilot begins to refuse the token. */
export function isFresh ({ session, ageMs }: AgedSession): boolean {
  return ageMs < session.refreshInMs
}

/**
 * Null if it does not open, belongs to another GitHub token, or has expired at `now`. It may be old: see `isFresh`.
 * @param trust checks a host again: settings may have changed since the token was stored
 */
export async function openSession (
  account: Account,
  sealed: string,
  now: number,
  trust: (base: unknown) => string | null,
): Promise<AgedSession | null> {
  const text = await account.open(sealed)
  const value = text === null ? null : parseObject(text)
  const token = readCopilotToken(value?.['token'])
  if (value === null || token === null || value['gen'] !== account.gen) return null
  const { api, storedAt, refreshIn, expiresAt } = value
  if (typeof storedAt !== 'number' || typeof refreshIn !== 'number' || typeof expiresAt !== 'number'
    || (api !== null && typeof api !== 'string')) return null
  const ageMs = Math.max(0, now - storedAt)
  // If the clock stepped back, a token looks younger than it is. Such a token is not trusted either.
  if (now < storedAt - clockSkewMs || now >= expiresAt) return null
  return { ageMs,
    session: { token, base: trust(api), storedAt, refreshInMs: refreshIn, livesMs: expiresAt - storedAt } }
}
