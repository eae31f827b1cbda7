// A client for the emulator's tests, whose requests break no rule unless a test wants it.
import { request as httpRequest } from 'node:http'
import { startEmulator } from '../../src/emulator/emulator.ts'
import type { Emulator, EmulatorOptions, Seat } from '../../src/emulator/emulator.ts'

export type Json = any // eslint-disable-line @typescript-eslint/no-explicit-any -- tests read any field of an answer

export interface Got {
  status: number
  headers: Headers
  text: string
  json: Json
  events: { event?: string, data: Json }[]
}

export interface Client {
  emulator: Emulator
  seat: Seat
  token: string
  api: string
  headers: Record<string, string>
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Got>
  get(path: string): Promise<Got>
  exchange(seat?: Seat): Promise<Got>
}

interface Test {
  teardown: (end: () => Promise<void>) => void
}

export async function connect (t: Test, options: EmulatorOptions = {}, given: Partial<Seat> = {}): Promise<Client> {
  const emulator = await startEmulator(options)
  t.teardown(() => emulator.close())
  const seat = emulator.addSeat(given)
  const exchange = (of: Seat = seat): Promise<Got> =>
    call(`${emulator.githubApiUrl}/copilot_internal/v2/token`, {
      headers: { authorization: `token ${of.githubToken}` },
    })
  const { json } = await exchange()
  const token = String(json?.token)
  const api = String(json?.endpoints?.api ?? emulator.copilotUrl)
  const headers = { authorization: `Bearer ${token}`, 'editor-version': 'vscode/1.111.0',
    'editor-plugin-version': 'copilot-chat/0.42.0', 'content-type': 'application/json' }
  return {
    emulator,
    seat,
    token,
    api,
    headers,
    exchange,
    post: (path, body, more = {}) =>
      call(`${api}${path}`, { method: 'POST', headers: { ...headers, ...more },
        body: typeof body === 'string' ? body : JSON.stringify(body) }),
    get: path => call(`${api}${path}`, { headers }),
  }
}

export async function call (url: string, init: RequestInit = {}): Promise<Got> {
  const response = await fetch(url, { redirect: 'manual', ...init })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: parse(text), events: readEvents(text) }
}

export function readEvents (text: string): { event?: string, data: Json }[] {
  return text.replace(/^\uFEFF/, '').split(/\r?\n\r?\n/).flatMap(block => {
    const lines = block.split(/\r?\n/)
    const data = lines.find(line => line.startsWith('data: '))?.slice(6)
    const event = lines.find(line => line.startsWith('event: '))?.slice(7)
    return data === undefined ? [] : [{ ...(event === undefined ? {} : { event }), data: parse(data) ?? data }]
  })
}

export function parse (text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A request with exactly these headers, including those that fetch would not send. */
export function rawRequest (
  url: string,
  headers: Record<string, string | string[]>,
): Promise<{ status: number, text: string }> {
  return new Promise((resolve, reject) => {
    httpRequest(url, { headers, agent: false }, response => {
      let text = ''
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString()
      }).on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    }).on('error', reject).end()
  })
}

export async function until (condition: () => boolean, ms = 2000): Promise<void> {
  const end = Date.now() + ms
  while (!condition() && Date.now() < end) await new Promise(resolve => setTimeout(resolve, 5))
}

export const says = (content: unknown) => [{ role: 'user', content }]
const schema = (name: string) => ({ type: 'object', properties: { [name]: { type: 'string' } }, required: [name] })
const named = [['get_weather', 'location'], ['read_file', 'path']] as const
export const chatTools = named.map(([name, property]) => ({ type: 'function',
  function: { name, parameters: schema(property) } })
)
export const flatTools = named.map(([name, property]) => ({ type: 'function', name, parameters: schema(property) }))
export const claudeTools = named.map(([name, property]) => ({ name, input_schema: schema(property) }))
export const png = `data:image/png;base64,${Buffer.from('not really a picture').toString('base64')}`
