// Finds what must never reach GitHub or Copilot: the client's credentials, and headers that belong to one hop or one
// client.
import type { RecordedRequest } from './types.ts'

const forbidden = [/^x-api-key$/, /^cookie2?$/, /^x-stainless-/,
  /^anthropic-(?:workspace-id|user-profile-id|dangerous-direct-browser-access)$/,
  /^openai-(?:organization|project|beta)$/, /^origin$/, /^referer$/, /^sec-fetch-(?:site|dest|user)$/, /^sec-ch-/,
  /^idempotency-key$/, /^x-copilot-account-type$/, /^x-forwarded-/, /^forwarded$/, /^via$/, /^x-real-ip$/,
  /^(?:true-client|cf-connecting)-ip$/, /^proxy-/, /^keep-alive$/, /^te$/, /^trailer$/, /^upgrade$/, /^expect$/,
  /^x-amz-/, /^x-app$/]
/** A password of the gateway, anywhere in the request. */
const password = /acpc-[A-Za-z0-9]{10}/

/** @param origin of the emulator; another `host` header was copied from somewhere */
export function findLeaks (request: RecordedRequest, url: string, origin: string): string[] {
  const found: string[] = []
  const report = (what: string): void => {
    found.push(`${request.method} ${request.host}${request.path}: ${what}`)
  }
  for (const [name, value] of Object.entries(request.headers)) {
    if (forbidden.some(pattern => pattern.test(name))) report(`header ${name} must not be sent`)
    if (password.test(value)) report(`a password in header ${name}`)
  }
  if (password.test(decode(url))) report('a password in the URL')
  const { connection = 'keep-alive', host, 'x-initiator': initiator = 'user',
    'accept-encoding': encodings = 'identity' } = request.headers
  if (!/^(?:keep-alive|close)$/i.test(connection)) report(`connection: ${connection}`)
  if (!['user', 'agent'].includes(initiator)) report(`x-initiator: ${initiator}`)
  if (host !== undefined && host.replace('localhost', '127.0.0.1') !== new URL(origin).host) {
    report(`host of another server: ${host}`)
  }
  const unknown = encodings.split(',').map(encoding => encoding.trim().replace(/;.*$/, '')).find(encoding =>
    !['identity', 'gzip', 'deflate', 'br', '*', ''].includes(encoding)
  )
  if (unknown !== undefined) report(`accept-encoding: ${unknown}`)
  for (const name of duplicates(request.rawHeaders)) report(`header ${name} sent twice`)
  return found
}

const modelCall = /^\/(?:chat\/completions|responses|v1\/messages)$/
const identity = ['x-interaction-id', 'x-interaction-type', 'x-agent-task-id', 'x-initiator']

/** Headers that the official client sends with each model call and that this request lacks. */
export function findMissing ({ method, path, headers }: RecordedRequest): string[] {
  return method === 'POST' && modelCall.test(path)
    ? identity.filter(name => headers[name] === undefined).map(name => `POST ${path}: header ${name} is missing`)
    : []
}

function duplicates (rawHeaders: readonly string[]): string[] {
  const names = rawHeaders.filter((_, index) => index % 2 === 0).map(name => name.toLowerCase())
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))]
}

function decode (url: string): string {
  try {
    return decodeURIComponent(url)
  } catch {
    return url
  }
}
