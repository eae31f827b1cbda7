// Sends requests through a real server to a strict emulator, and returns what was refused.
import type { Test } from 'tap'
import { readConfig } from '../../../src/config.ts'
import { startEmulator, type Emulator } from '../../../src/emulator/emulator.ts'
import type { JsonObject } from '../../../src/json.ts'
import { startServer } from '../../../src/node/server.ts'
import { call, type Got, type Json } from '../../fixtures/http.ts'
import { continued, type Path } from './continued.ts'

export interface World {
  readonly emulator: Emulator
  /** The answer, and the last body that Copilot received. */
  readonly ask: (
    path: Path,
    body: JsonObject,
    headers?: Record<string, string>,
  ) => Promise<Got & { readonly upstream: string }>
  /** @throws {Error} for anything but a 200 whose stream ends well */
  readonly send: (path: Path, body: JsonObject, headers?: Record<string, string>) => Promise<Json>
  /** Sends a request and, if its answer is whole, the next one of the conversation, to another model. */
  readonly converse: (
    path: Path,
    body: JsonObject,
    nextModel: string,
    headers?: Record<string, string>,
  ) => Promise<void>
}

export async function startWorld (
  t: Test,
  strict: NonNullable<Parameters<typeof startEmulator>[0]>['strict'],
): Promise<World> {
  const emulator = await startEmulator({ strict: { quota: false, ...strict } })
  const server = await startServer(
    readConfig({ PORT: '0', STORE: 'memory', LOG_LEVEL: 'silent', USER_CONCURRENCY: '0', USER_REQUESTS_PER_MINUTE: '0',
      ...emulator.env }),
  )
  t.teardown(async () => {
    await server.close()
    await emulator.close()
  })
  const origin = server.origin.replace('localhost', '127.0.0.1')
  const password = 'acpc-0123456789'
  const { status, text } = await call(`${origin}/`, {
    json: { username: 'alice', password, token: emulator.addSeat({ plan: 'enterprise' }).githubToken },
  })
  if (status !== 201) throw new Error(text)

  async function ask (
    path: Path,
    body: JsonObject,
    headers: Record<string, string> = {},
  ): Promise<Got & { readonly upstream: string }> {
    const got = await call(`${origin}/alice/v1/${path}`, { json: body,
      headers: { ...headers, authorization: `Bearer ${password}` } })
    const upstream = emulator.requests.at(-1)?.body ?? ''
    emulator.requests.length = 0
    return { ...got, upstream }
  }

  async function send (path: Path, body: JsonObject, headers?: Record<string, string>): Promise<Json> {
    const { status, text, json, upstream } = await ask(path, body, headers)
    if (status !== 200) throw new Error(`${status} ${text}\nupstream: ${upstream.slice(0, 4_000)}`)
    if (body['stream'] === true && /^event: error$|^data: \{"error"|"type":"response\.failed"/m.test(text)) {
      throw new Error(`the stream fails: ${text.slice(-500)}\nupstream: ${upstream.slice(0, 4_000)}`)
    }
    return json
  }
  return {
    emulator,
    ask,
    send,
    async converse (path, body, nextModel, headers) {
      const answer = await send(path, body, headers)
      if (body['stream'] !== true) await send(path, { ...continued(path, body, answer), model: nextModel }, headers)
    },
  }
}
