// Simple replies.
import type { Headers, Reply } from '../contract.ts'

/** Answers belong to one user, so no cache may keep them. */
export function json (status: number, value: unknown, headers: Headers = {}): Reply {
  return jsonText(status, JSON.stringify(value), headers)
}

/** The same for text that is already JSON. */
export function jsonText (status: number, body: string, headers: Headers = {}): Reply {
  return { status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers }, body }
}
