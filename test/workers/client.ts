// Client calls for the tests of the Worker.
import { connect, type Socket } from 'node:net'
import type { Emulator, Seat } from '../../src/emulator/emulator.ts'

export const password = 'acpc-Ab3dEf6hIj'
export const headers = { authorization: `Bearer ${password}`, 'content-type': 'application/json' }
export const chatPath = '/chat/completions'

/** Saves a user through the public route. */
export async function saveUser (origin: string, emulator: Emulator, username: string, own = password): Promise<Seat> {
  const seat = emulator.addSeat()
  const response = await fetch(`${origin}/`, { method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: own, token: seat.githubToken }) })
  if (response.status !== 201) throw new Error(`not saved: ${response.status} ${await response.text()}`)
  await response.body?.cancel()
  return seat
}

export function chat (
  origin: string,
  username: string,
  body: object = {},
  more: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${origin}/${username}/v1/chat/completions`, { method: 'POST', headers: { ...headers, ...more },
    body: chatBody(body) })
}

export function chatBody (body: object = {}): string {
  return JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }], ...body })
}

/** The same as bytes on a socket, for requests that fetch cannot send. */
export async function rawChat (origin: string, username: string, body: object = {}): Promise<Socket> {
  const { hostname, port } = new URL(origin)
  const text = chatBody(body)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  await new Promise<void>(resolve => socket.once('connect', resolve))
  socket.write(
    `POST /${username}/v1/chat/completions HTTP/1.1\r\nhost: h\r\ncontent-length: ${Buffer.byteLength(text)}\r\n${
      Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('')
    }\r\n${text}`,
  )
  return socket
}

/** @returns milliseconds until the condition held; Infinity if it did not in time */
export async function msUntil (condition: () => boolean, longestMs = 5_000): Promise<number> {
  const began = performance.now()
  while (!condition()) {
    if (performance.now() - began > longestMs) return Infinity
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  return Math.round(performance.now() - began)
}

export const sleep = (ms: number): Promise<void> =>
  new Promise(resolve => {
    setTimeout(resolve, ms)
  })
