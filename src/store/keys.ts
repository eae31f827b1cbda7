// Each key of the store in one place: its prefix, what stands there, how long, and whether it is secret.
// No secret ever stands in a key name: names show in dashboards, list replies and audit logs.

/**
 * | Key | Value | Lifetime | Secret |
 * |---|---|---|---|
 * | `user:<username>` | the user's record, `auth/record.ts` | until deleted | sealed |
 * | `cred:<username>:<rid>` | the cached Copilot token, `upstream/token-cache.ts` | the token's own | sealed |
 * | `meta:<username>` | `{created, lastUsed}`, days as `YYYY-MM-DD`, `auth/last-use.ts` | until deleted | no |
 * | `probe` | never written; read to see whether the store answers | – | no |
 * | `probe:doctor` | written, read and deleted by the command `doctor` | a minute | no |
 *
 * The original project kept `user:<username>` → `cred:<username>:<password>:<token>`: read once, then replaced.
 */
export const keys = {
  user: (username: string): string => `user:${username}`,
  userPrefix: 'user:',
  token: (username: string, rid: string): string => `cred:${username}:${rid}`,
  /** No other user's keys begin so: a user name holds no colon. */
  tokenPrefix: (username: string): string => `cred:${username}:`,
  meta: (username: string): string => `meta:${username}`,
  metaPrefix: 'meta:',
  /** Of the original layout's keys, beside which our own cached tokens stand. */
  seedPrefix: 'cred:',
  probe: 'probe',
  doctorProbe: 'probe:doctor',
} as const

/** What a proxy can do without: a token is exchanged anew, and a day of last use is a day older. */
export function isDispensable (key: string): boolean {
  return key.startsWith('cred:') || key.startsWith('meta:')
}

/** A value of `user:<name>` that names a key of this prefix was written by the original project. */
export const seedCredentialPrefix = 'cred:'
