// Every key in Valkey. All begin with `copilot-proxy:`, so that one server can serve other programs too, and an ACL can
// name them. The braces make all keys of one owner lie on one node of a cluster.
const prefix = 'copilot-proxy:'

export const valkeyKeys = {
  /** @param key of the store, `keys.ts` */
  record: (key: string): string => `${prefix}record:${key}`,
  /** A channel: an id of the process that changed a user's record. */
  changes: `${prefix}changes`,
  recordPrefix: `${prefix}record:`,
  /** A set: the days with usage. */
  days: (username: string): string => `${prefix}days:{${username}}`,
  daysPrefix: `${prefix}days:{`,
  /** A hash: counts of one day. */
  day: (username: string, day: string): string => `${prefix}day:{${username}}:${day}`,
  /** A hash: buckets and places. */
  counters: (owner: string): string => `${prefix}counters:{${owner}}`,
  /** A sorted set: the keys of the values, by the time at which they expire. */
  values: (owner: string): string => `${prefix}values:{${owner}}`,
  value: (owner: string, key: string): string => `${prefix}value:{${owner}}:${key}`,
  /** A list: ids of the latest writes of usage, so that a write that is sent twice counts once. */
  writes: (owner: string): string => `${prefix}writes:{${owner}}`,
} as const

/** A pattern of SCAN for all keys with this prefix. */
export function patternOf (prefix: string): string {
  return `${prefix.replaceAll(/[\\*?[\]^-]/g, '\\$&')}*`
}
