// Checks whether the upstream hosts can be reached, how long that takes, and whether the clocks agree. It sends no
// credentials.
import type { Config } from '../../config.ts'
import type { Clock } from '../../contract.ts'
import { GatewayError } from '../../errors.ts'
import { userAgent } from '../../upstream/exchange.ts'
import { readExcerpt } from '../../upstream/read-body.ts'
import type { Send } from '../../upstream/send.ts'
import { fail, ok, skip, systemCode, warn, type Check } from './doctor-check.ts'

const timeoutMs = 10_000
/** A Date header has whole seconds, and the answer takes time to arrive. */
const skewMs = { fine: 10_000, bearable: 300_000 }

export async function checkNetwork (config: Config, send: Send, clock: Clock): Promise<Check[]> {
  const { githubBaseUrl, githubApiBaseUrl, copilotBaseUrl } = config
  const hosts = [['github', githubBaseUrl], ['github-api', githubApiBaseUrl], ['copilot-api', copilotBaseUrl]] as const
  const reached = await Promise.all(hosts.map(([name, url]) => reach(name, url, config, send, clock)))
  const skew = reached.map(({ skewMs }) => skewMs).find(ms => ms !== null) ?? null
  return [...reached.map(({ check }) => check), checkClock(skew)]
}

/** Any status will do: it shows that an HTTP server answers. */
async function reach (
  name: string,
  url: string,
  config: Config,
  send: Send,
  { now, monotonic }: Clock,
): Promise<{ check: Check, skewMs: number | null }> {
  const { host } = new URL(url)
  const way = config.httpsProxy !== null || config.httpProxy !== null ? ', through the configured proxy' : ''
  const from = monotonic()
  try {
    const response = await send({ method: 'GET', url: `${url}/`,
      headers: { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': userAgent(config) },
      body: null, signal: AbortSignal.timeout(timeoutMs), headersMs: timeoutMs })
    const ms = Math.round(monotonic() - from)
    const { status, headers } = response
    await readExcerpt(response, 4_096) // The body does not matter, but the connection must be released.
    const date = Date.parse(headers['date'] ?? '')
    return { check: ok(name, `${host} answers (${status})${way}`, { ms }),
      skewMs: Number.isNaN(date) ? null : now() - ms / 2 - date }
  } catch (thrown) {
    // The host answered, and its answer was refused.
    if (thrown instanceof GatewayError && thrown.cause === undefined) {
      return { check: ok(name, `${host} answers${way}`, { ms: Math.round(monotonic() - from) }), skewMs: null }
    }
    const what = thrown instanceof DOMException && thrown.name === 'TimeoutError' ? ' in time' : systemCode(thrown)
    return {
      check: fail(name, `${host} does not answer${what}${way}`,
        'Check DNS, the firewall, and HTTPS_PROXY if there is a proxy; NODE_EXTRA_CA_CERTS if it opens TLS.'),
      skewMs: null,
    }
  }
}

function checkClock (skew: number | null): Check {
  if (skew === null) return skip('clock', 'no host sent the time')
  const seconds = Math.round(Math.abs(skew) / 1_000)
  if (Math.abs(skew) <= skewMs.fine) return ok('clock', 'agrees with the clocks of the hosts')
  const check = Math.abs(skew) <= skewMs.bearable ? warn : fail
  return check('clock', `this machine is ${seconds} s ${skew > 0 ? 'ahead' : 'behind'}`,
    'Synchronise its clock over the network (NTP).')
}
