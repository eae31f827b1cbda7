// Every key of the store: its prefix, its value, its lifetime, and whether it is secret. Key names never contain a
// secret, because dashboards, listings and audit logs show them.

import { defaultSeat } from '../seat-names.ts'

/**
 * | Key | Value | Lifetime | Secret |
 * |---|---|---|---|
 * | `user:<username>` | the user's record, `auth/record.ts` | until deleted | sealed |
 * | `cred:<username>:<rid>` | the cached Copilot token, `upstream/token-cache.ts` | the token's own | sealed |
 * | `cred:<username>:<rid>:<seat>`, `models:<username>:<seat>` | the same for a further seat | the same | the same |
 * | `meta:<username>` | `{created, lastUsed, keys, devices}`, days, `auth/last-use.ts` | until deleted | no |
 * | `spend:<username>` | credits that each key spent this month, `usage/spending.ts` | until deleted | no |
 * | `usage:<username>:<day>` | counts of one day, `usage-values.ts`; SQLite has a table instead | `USAGE_DAYS` | no |
 * | `models:<username>` | the seat's models: endpoints and limits, `upstream/model-copy.ts` | 30 days after the last
 * write | no |
 * | `invite:<id>` | an invite: its age and the digest of its code, `auth/invites.ts` | the invite's own | a digest |
 * | `invited:<id>` | whether an invite is used | the invite's own | no |
 * | `device-code:<id>` | a code that signs a device in: the wrapped data key, `auth/device-codes.ts` | two minutes |
 * wrapped under the code's secret |
 * | `device-coded:<id>` | whether that code is used | two minutes | no |
 * | `operator:<digest>` | a session of the operator's page, `auth/operator-sessions.ts` | 12 hours | no |
 * | `probe` | never written; read to see whether the store answers | – | no |
 * | `probe:doctor` | written, read and deleted by the command `doctor` | a minute | no |
 *
 * The original project kept `user:<username>` → `cred:<username>:<password>:<token>`: read once, then replaced.
 */
export const keys = {
  user: (username: string): string => `user:${username}`,
  userPrefix: 'user:',
  token: (username: string, rid: string, seat: string): string => `cred:${username}:${rid}${ofSeat(seat)}`,
  /** No other user's keys have this prefix: a user name contains no colon. */
  tokenPrefix: (username: string): string => `cred:${username}:`,
  meta: (username: string): string => `meta:${username}`,
  metaPrefix: 'meta:',
  models: (username: string, seat: string): string => `models:${username}${ofSeat(seat)}`,
  /** The lists of the further seats. */
  modelsPrefix: (username: string): string => `models:${username}:`,
  usage: (username: string, day: string): string => `usage:${username}:${day}`,
  /** No other user's keys have this prefix: a user name contains no colon. */
  usageOf: (username: string): string => `usage:${username}:`,
  usagePrefix: 'usage:',
  spending: (username: string): string => `spend:${username}`,
  invite: (id: string): string => `invite:${id}`,
  invitePrefix: 'invite:',
  inviteUse: (id: string): string => `invited:${id}`,
  inviteUsePrefix: 'invited:',
  deviceCode: (id: string): string => `device-code:${id}`,
  deviceCodeUse: (id: string): string => `device-coded:${id}`,
  /** @param digest of the session's secret */
  operatorSession: (digest: string): string => `operator:${digest}`,
  /** What ends with a user, next to the record and the cached tokens. */
  ofUser: (
    username: string,
  ): readonly string[] => [keys.meta(username), keys.models(username, defaultSeat), keys.spending(username)],
  /** The prefix of the original layout's keys. Our own cached tokens share it. */
  seedPrefix: 'cred:',
  probe: 'probe',
  doctorProbe: 'probe:doctor',
} as const

/** The keys of the default seat are those of releases without seats. */
function ofSeat (seat: string): string {
  return seat === defaultSeat ? '' : `:${seat}`
}

/** Keys that the proxy can lose: it exchanges a new token, requests a new list, and knows an older day of last use. */
export function isDispensable (key: string): boolean {
  return key.startsWith('cred:') || key.startsWith('meta:') || key.startsWith('models:')
}

/** Keys that the proxy can write later: the counts stay in memory until a day with writes left. */
export function canWait (key: string): boolean {
  return key.startsWith(keys.usagePrefix) || key.startsWith('spend:')
}

/** A value of `user:<name>` that names a key of this prefix was written by the original project. */
export const seedCredentialPrefix = 'cred:'
