// An upstream that answers from a script, an account without a store, and settings.
import type { Account } from '../../../src/auth/account.ts'
import { bodyOf } from '../../../src/body.ts'
import { readConfig, type Config } from '../../../src/config.ts'
import type { GatewayError } from '../../../src/errors.ts'
import type { Exchange, Session } from '../../../src/upstream/exchange.ts'
import { readCopilotToken } from '../../../src/upstream/secrets.ts'
import type { Send, UpstreamRequest, UpstreamResponse } from '../../../src/upstream/send.ts'
import { token } from './process.ts'

export function configOf (env: Record<string, unknown> = {}): Config {
  return readConfig({ STORE: 'memory', ...env })
}

export interface Scripted {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body?: unknown
}

export function toResponse ({ status = 200, headers = {}, body = '' }: Scripted): UpstreamResponse {
  const bytes = new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body))
  return { status, headers, body: bodyOf((async function* () {
    yield bytes
  })()) }
}

/** Each call takes the next answer; the last one repeats. An Error is thrown. */
export function createScriptedSend (
  ...answers: ReadonlyArray<Scripted | Error>
): Send & { readonly requests: UpstreamRequest[] } {
  const requests: UpstreamRequest[] = []
  const send: Send = async request => {
    const answer = answers[Math.min(requests.length, answers.length - 1)]
    requests.push(request)
    if (answer instanceof Error) throw answer
    return toResponse(answer ?? {})
  }
  return Object.assign(send, { requests })
}

/** Seals a text by reversing it: these tests are not about cryptography. */
export function createAccount (gen = 1, rid = 'rid-1', username = 'alice'): Account {
  const turn = (text: string) => [...text].reverse().join('')
  return {
    username,
    rid,
    gen,
    seat: 'default',
    seatId: `${username}:${rid}:${gen}`,
    owner: username,
    seats: new Map(),
    entry: null,
    openGitHubToken: async () => token,
    seal: async text => turn(`${rid}|${text}`),
    digest: async text =>
      new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${username}|${rid}|${text}`))),
    open: async sealed => turn(sealed).startsWith(`${rid}|`) ? turn(sealed).slice(rid.length + 1) : null,
  }
}

export const tokenOf = (text: string) =>
  readCopilotToken(text) ?? (() => {
    throw new Error('no token')
  })()

export interface HandExchange {
  readonly exchange: Exchange
  readonly calls: () => number
  /** Sets what the next calls do: give a session numbered by the call, or throw. */
  answer: (error: GatewayError | null) => void
  /** Makes calls wait until this is called. */
  readonly hold: () => () => void
}

export function createHandExchange (
  now: () => number,
  { refreshInMs = 1_500_000, livesMs = 1_800_000 } = {},
): HandExchange {
  let calls = 0
  let error: GatewayError | null = null
  let gate = Promise.resolve()
  return {
    calls: () => calls,
    answer (next) {
      error = next
    },
    hold () {
      const { promise, resolve } = Promise.withResolvers<void>()
      gate = promise
      return resolve
    },
    async exchange (): Promise<Session> {
      const number = ++calls
      await gate
      if (error !== null) throw error
      return { token: tokenOf(`tid=${number}`), base: null, storedAt: now(), refreshInMs, livesMs }
    },
  }
}
