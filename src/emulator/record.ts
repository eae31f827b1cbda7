// Reads a request into the record that tests assert on.
import { parseJson } from './json.ts'
import type { IncomingMessage } from 'node:http'
import type { HostName, RecordedRequest } from './types.ts'

const hosts = /^\/(github|github-api|copilot|plan(?=\/)|account(?=\/))(?:(?<=plan|account)\/([^/?]+))?(\/.*)?$/

/** @returns null when the path names no host of ours */
export function openRecord (incoming: IncomingMessage, at: number): RecordedRequest | null {
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://emulator')
  const match = hosts.exec(pathname)
  if (match === null) return null
  const [, host, label, path = '/'] = match
  return {
    host: host as HostName,
    ...(label === undefined ? {} : { label: decodeURIComponent(label) }),
    method: incoming.method ?? 'GET', path, query: searchParams,
    headers: Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value ?? ''])),
    rawHeaders: incoming.rawHeaders, body: '', json: undefined, at, aborted: false,
  }
}

/** @returns false when the client left during the upload */
export async function readBody (incoming: IncomingMessage, record: RecordedRequest): Promise<boolean> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
  } catch {
    return false
  }
  record.body = Buffer.concat(chunks).toString()
  record.json = parseJson(record.body)
  return true
}
