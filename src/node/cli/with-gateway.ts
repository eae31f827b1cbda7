// Sends a command's requests through a gateway: a running one (also a Worker), or one that the command starts on
// loopback with the configured store.
import type { DestinationStream } from 'pino'
import type { Config } from '../../config.ts'
import { isObject, type JsonObject } from '../../json.ts'
import { parseObject, readText } from '../../upstream/read-body.ts'
import { createNodeSend } from '../send.ts'
import { startServer } from '../server.ts'
import { configFor } from './configured-store.ts'
import { plain, type Io } from './io.ts'

export interface GatewayRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  /** The user's password; for the routes below a user. */
  readonly password?: string
  readonly body?: object
  readonly ms: number
}
export interface GatewayAnswer {
  readonly status: number
  /** Null if it is no JSON object. */
  readonly json: JsonObject | null
}
export type AskGateway = (request: GatewayRequest) => Promise<GatewayAnswer>

const maxBytes = 1_048_576

/**
 * @param address null: starts a gateway, and ends it afterwards
 * @param own settings and log of a gateway that it starts
 */
export async function withGateway<T> (
  address: string | null,
  { env, clock }: Io,
  work: (ask: AskGateway) => Promise<T>,
  { config: more = {}, logTo }: { readonly config?: Partial<Config>, readonly logTo?: DestinationStream } = {},
): Promise<T> {
  // It may have other settings than the server: usage that the server keeps must not expire here.
  const config = { ...configFor(env), logLevel: 'silent' as const, usageDays: 0, ...more }
  const own = address === null
    ? await startServer({ ...config, host: '127.0.0.1', port: 0 }, { clock, ...logTo === undefined ? {} : { logTo } })
    : null
  const { send, close } = createNodeSend({ ...config, ...(own === null ? {} : { httpProxy: null, httpsProxy: null }) })
  try {
    return await work(async ({ method, path, password, body, ms }) => {
      const response = await send({
        method,
        url: `${own?.origin ?? address}${path}`,
        body: body === undefined ? null : JSON.stringify(body),
        headers: { ...password === undefined ? {} : { authorization: `Bearer ${password}` },
          'accept': 'application/json', 'accept-encoding': 'identity',
          ...body === undefined ? {} : { 'content-type': 'application/json' } },
        signal: AbortSignal.timeout(ms),
        headersMs: ms,
      })
      return { status: response.status, json: parseObject(await readText(response, maxBytes)) }
    })
  } finally {
    await close()
    await own?.close()
  }
}

/** An answer that the command did not expect, in one line. */
export function unexpected ({ status, json }: GatewayAnswer): Error {
  const error = json?.['error']
  const message = isObject(error) && typeof error['message'] === 'string'
    ? error['message']
    : 'this is no gateway of this version.'
  return new Error(`The gateway answers ${status}: ${plain(message).slice(0, 400)}`)
}
