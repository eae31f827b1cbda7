// Whether GitHub and Copilot can be reached, asked when the operator looks. No credentials are sent, and any answer
// that is not a failure of the host will do. The request path pays nothing for it.
import type { Config } from '../config.ts'
import type { Clock } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { userAgent } from './exchange.ts'
import { readExcerpt } from './read-body.ts'
import type { Send } from './send.ts'

export interface HostHealth {
  readonly name:
    | 'github'
    | 'github-api'
    | 'copilot-api'
  /** `failing`: it answers with a status of 500 or more. */
  readonly status: 'ok' | 'failing' | 'unreachable'
  readonly ms: number
}
/** Asked at most every 30 s. */
export type UpstreamHealth = () => Promise<readonly HostHealth[]>

const timeoutMs = 5_000
const freshMs = 30_000

export function createUpstreamHealth (config: Config, send: Send, { monotonic }: Clock): UpstreamHealth {
  let last: { readonly at: number, readonly hosts: readonly HostHealth[] } | null = null
  const hosts = [['github', config.githubBaseUrl], ['github-api', config.githubApiBaseUrl], ['copilot-api',
    config.copilotBaseUrl]] as const

  return async () => {
    if (last !== null && monotonic() - last.at < freshMs) return last.hosts
    const found = await Promise.all(hosts.map(async ([name, url]): Promise<HostHealth> => {
      const from = monotonic()
      const status = await reach(url)
      return { name, status, ms: Math.round(monotonic() - from) }
    }))
    last = { at: monotonic(), hosts: found }
    return found
  }

  async function reach (url: string): Promise<HostHealth['status']> {
    try {
      const response = await send({ method: 'GET', url: `${url}/`,
        headers: { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': userAgent(config) },
        body: null, signal: AbortSignal.timeout(timeoutMs), headersMs: timeoutMs })
      await readExcerpt(response, 4_096) // The body does not matter, but the connection must be released.
      return response.status >= 500 ? 'failing' : 'ok'
    } catch (thrown) {
      // The host answered, and the gateway refused the form of its answer.
      return thrown instanceof GatewayError && thrown.cause === undefined ? 'ok' : 'unreachable'
    }
  }
}
