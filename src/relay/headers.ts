// The headers that pass from upstream to a client: each is named here, and must be printable. Never hop-by-hop headers,
// never cookies.
import type { Headers, ReceivedHeaders } from '../contract.ts'

const named = ['retry-after', 'retry-after-ms', 'x-github-request-id', 'x-ratelimit-exceeded'] as const
const prefixes = ['x-quota-snapshot-', 'x-usage-ratelimit-', 'x-ratelimit-'] as const

export function passedHeaders (headers: ReceivedHeaders): Headers {
  const out: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name]
    if (value === undefined || !name.startsWith('x-') && !name.startsWith('retry')) continue
    if (!(named as readonly string[]).includes(name) && !prefixes.some(prefix => name.startsWith(prefix))) continue
    if (/^[\x20-\x7e]{1,256}$/.test(value)) out[name] = value
  }
  return out
}

export const droppedName = 'x-proxy-dropped'

/** The loss ledger as a header: the parts of a request that could not be carried. At most 1 KiB. */
export function droppedHeader (dropped: readonly string[]): Headers {
  return dropped.length === 0 ? {} : { [droppedName]: [...new Set(dropped)].join(',').slice(0, 1_024) }
}
