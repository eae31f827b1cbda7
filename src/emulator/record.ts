// Reads a request into the record that tests assert on.
import { parseJson } from './json.ts'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { HostName, Identity, RecordedRequest } from './types.ts'

const hosts = /^\/(github|github-api|copilot|plan(?=\/)|account(?=\/))(?:(?<=plan|account)\/([^/?]+))?(\/.*)?$/

/** @returns null if the path names none of the emulated hosts */
export function openRecord (incoming: IncomingMessage, at: number): RecordedRequest | null {
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://emulator')
  const match = hosts.exec(pathname)
  if (match === null) return null
  const [, host, label, path = '/'] = match
  return {
    host: host as HostName,
    ...(label === undefined ? {} : { label: decodeURIComponent(label) }),
    method: incoming.method ?? 'GET',
    path,
    query: searchParams,
    headers: Object.fromEntries(
      Object.entries(incoming.headers).map((
        [name, value],
      ) => [name, Array.isArray(value) ? value.join(', ') : value ?? '']),
    ),
    rawHeaders: incoming.rawHeaders,
    identity: identityOf(incoming.headers),
    body: '',
    json: undefined,
    at,
    aborted: false,
  }
}

function identityOf (headers: IncomingHttpHeaders): Identity {
  return { interactionId: headers['x-interaction-id'] !== undefined,
    interactionType: headers['x-interaction-type'] !== undefined, agentTaskId: headers['x-agent-task-id'] !== undefined,
    initiator: headers['x-initiator'] !== undefined }
}

/** @returns false if the client left during the upload */
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
