// Finds a repeated header that must be unique: two hosts, two credentials or two types of one body. Different readers
// might take different ones.
import type { ReceivedHeaders } from '../contract.ts'

const single = ['host', 'authorization', 'x-api-key', 'x-goog-api-key', 'x-copilot-account-type', 'x-copilot-seat',
  'content-type'] as const
const names: ReadonlySet<string> = new Set(single)
/** Most headers have another length than any of these: comparing it is enough for them. */
const lengths: ReadonlySet<number> = new Set(single.map(name => name.length))

/** @param list names and values in turn */
export function repeatedInList (list: readonly string[]): string | undefined {
  let seen = ''
  for (let at = 0; at < list.length; at += 2) {
    const raw = list[at] ?? ''
    if (!lengths.has(raw.length)) continue
    const name = raw.toLowerCase()
    if (!names.has(name)) continue
    if (seen.includes(`${name};`)) return name
    seen += `${name};`
  }
  return undefined
}

/** Fetch joins repeated headers with a comma, which none of these values can contain. */
export function repeatedInJoined (headers: ReceivedHeaders): string | undefined {
  return single.find(name => headers[name]?.includes(',') === true)
}
