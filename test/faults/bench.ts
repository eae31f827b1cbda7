// Helpers for faults below HTTP: a server with limits set by the test, and upstreams that refuse, drop packets or show
// wrong certificates.
import { spawn } from 'node:child_process'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import type { Test } from 'tap'
import { readConfig } from '../../src/config.ts'
import { startEmulator, type Emulator } from '../../src/emulator/emulator.ts'
import type { NodeLimits } from '../../src/node/limits.ts'
import type { RunningServer } from '../../src/node/running-server.ts'
import { startServer } from '../../src/node/server.ts'
import { call } from '../fixtures/http.ts'
import type { User } from '../fixtures/targets.ts'
import { makeCertificate } from './certificate.ts'

export interface Bench {
  readonly origin: string
  readonly server: RunningServer
  readonly emulator: Emulator
  /** @param endpointsApi null: the user's Copilot host comes from the settings */
  readonly addUser: (name: string, endpointsApi?: string | null) => Promise<User>
}

/** A server with the test's own limits and upstream. */
export async function startBench (
  t: Test,
  settings: Record<string, string> = {},
  limits: Partial<NodeLimits> = {},
): Promise<Bench> {
  const emulator = await startEmulator()
  const config = readConfig({ PORT: '0', STORE: 'memory', LOG_LEVEL: 'silent', REGISTRATIONS_PER_10_MINUTES: '0',
    USER_CONCURRENCY: '0', USER_REQUESTS_PER_MINUTE: '0', SHUTDOWN_SECONDS: '0', ...emulator.env, ...settings })
  const server = await startServer(config, { limits })
  t.teardown(async () => {
    await server.close()
    await emulator.close()
  })
  const origin = server.origin.replace('localhost', '127.0.0.1')
  return {
    origin,
    server,
    emulator,
    async addUser (username, endpointsApi) {
      const seat = emulator.addSeat({ endpointsApi })
      const password = 'acpc-0123456789'
      const { status, text } = await call(`${origin}/`, { json: { username, password, token: seat.githubToken } })
      if (status !== 201) throw new Error(text)
      return { username, password, seat, base: `${origin}/${username}/v1` }
    },
  }
}

export async function listen (t: Test, server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.close()
    if ('closeAllConnections' in server) {
      ;(server as unknown as { closeAllConnections: () => void }).closeAllConnections()
    }
  })
  return (server.address() as AddressInfo).port
}

export function serveHttp (handle: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(handle)
  server.keepAliveTimeout = 0
  return server
}

/** Has a certificate for another name, valid or expired. */
export function serveTls (onRequest: () => void, expired: boolean) {
  return createTlsServer(makeCertificate('other.example', new Date(Date.now() + (expired ? -30 : 30) * 86_400_000)),
    (_request, response) => {
      onRequest()
      response.end('{}')
    })
}

/** A port whose queue of connections is full, so that SYNs are dropped: a process listens and never accepts. */
export async function openDeafPort (t: Test): Promise<number> {
  const script = `require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () {
    require('fs').writeSync(1, String(this.address().port) + '\\n')
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30000)
    process.exit() })`
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] })
  t.teardown(() => {
    child.kill('SIGKILL')
  })
  return new Promise(resolve => {
    child.stdout.once('data', (line: Buffer) => {
      resolve(Number(line.toString()))
    })
  })
}

/** An upstream that never ends its stream. It counts what was read of it, and the clients that left. */
export async function openEndless (t: Test): Promise<{ readonly port: number, pulled: number, gone: number }> {
  const event = `data: ${
    JSON.stringify({ id: 'x', object: 'chat.completion.chunk', model: 'gpt-4o',
      choices: [{ index: 0, delta: { content: 'x'.repeat(8_000) }, finish_reason: null }] })
  }\n\n`
  const seen = { port: 0, pulled: 0, gone: 0 }
  const port = await listen(t, serveHttp((request, response) => {
    request.resume()
    if (request.method === 'GET') return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const pump = () => {
      while (!response.destroyed && seen.pulled < 200_000_000) {
        seen.pulled += event.length
        if (!response.write(event)) return
      }
    }
    response.on('drain', pump).on('close', () => {
      seen.gone++
    })
    pump()
  }))
  return Object.assign(seen, { port })
}
