// The plainest replies.
import type { Headers, Reply } from '../contract.ts'

/** Nothing of an answer belongs in a cache: it is one user's. */
export function json (status: number, value: unknown, headers: Headers = {}): Reply {
  return jsonText(status, JSON.stringify(value), headers)
}

/** The same of what is JSON already. */
export function jsonText (status: number, body: string, headers: Headers = {}): Reply {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers }, body }
}
