// Sends a command's requests as the operator: through a running gateway with its ADMIN_TOKEN, or through one that the
// command starts on the configured store, whose audit lines go to standard error.
import { randomBytes } from 'node:crypto'
import { readAddress } from './doctor-deployment.ts'
import { configFor, isMissing } from './configured-store.ts'
import { UsageError, type Io } from './io.ts'
import { unexpected, withGateway, type GatewayAnswer, type GatewayRequest } from './with-gateway.ts'
import type { JsonObject } from '../../json.ts'

export interface OperatorAsk extends Pick<GatewayRequest, 'method' | 'path'> {
  readonly body?: object
  /** The status of success. */
  readonly wanted: number
}

const askMs = 60_000

/** @param url of a running gateway. @throws {Error} for another status than `wanted` */
export async function asOperator (url: string | undefined, io: Io, request: OperatorAsk): Promise<JsonObject> {
  const address = url === undefined ? null : readAddress(url)
  if (address === null) assertLasting(io)
  const token = address === null ? randomBytes(24).toString('hex') : await readAdminToken(io)
  const { wanted, ...ask } = request
  const answer: GatewayAnswer = await withGateway(address, io,
    send => send({ ...ask, path: `/admin${ask.path}`, password: token, ms: askMs }), {
    config: { adminToken: token, logLevel: 'info' },
    logTo: { write: (line: string) => {
      if (line.includes('"event":"audit"')) io.err(line.trimEnd())
    } },
  })
  if (answer.status !== wanted || answer.json === null) throw unexpected(answer)
  return answer.json
}

/** The address of the server on this machine, for what only a running one knows. */
export function localAddress ({ env }: Io): string {
  return `http://localhost:${configFor(env).port}`
}

function assertLasting ({ env }: Io): void {
  const config = configFor(env)
  if (config.store.kind === 'memory') throw new UsageError('STORE is memory: name the running server with --url.')
  if (isMissing(config)) {
    throw new UsageError('There is no SQLite file yet: start the server first, or name it with --url.')
  }
}

/** Never from an argument: process lists and the shell's history show arguments. @throws {UsageError} */
async function readAdminToken ({ env, ask }: Io): Promise<string> {
  const given = env['ADMIN_TOKEN'] ?? await ask('admin token: ') ?? ''
  if (given.trim() === '') throw new UsageError('The ADMIN_TOKEN comes from the environment, or from standard input.')
  return given.trim()
}
