// Checks a running gateway: is it alive, is it ready, is it this version?
import { isLoopback, type Config } from '../../config.ts'
import type { Clock } from '../../contract.ts'
import { parseObject, readText } from '../../upstream/read-body.ts'
import { createNodeSend } from '../send.ts'
import { fail, ok, systemCode, warn, type Check } from './doctor-check.ts'
import { plain, UsageError } from './io.ts'

const timeoutMs = 10_000
const maxBytes = 16_384

/** @throws {UsageError} */
export function readAddress (text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '' || url.search !== ''
    || url.hash !== '') throw new UsageError('--url is an http or https address, such as http://localhost:8787.')
  return url.href.replace(/\/+$/, '')
}

export async function checkDeployment (
  address: string,
  config: Config,
  version: string,
  clock: Clock,
): Promise<Check[]> {
  const isHere = isLoopback(new URL(address).hostname)
  const { send, close } = createNodeSend(isHere ? { ...config, httpProxy: null, httpsProxy: null } : config)
  const ask = async (path: string) => {
    const from = clock.monotonic()
    const response = await send({ method: 'GET', url: address + path,
      headers: { accept: 'application/json', 'accept-encoding': 'identity' }, body: null,
      signal: AbortSignal.timeout(timeoutMs), headersMs: timeoutMs })
    return { status: response.status, json: parseObject(await readText(response, maxBytes)),
      ms: Math.round(clock.monotonic() - from) }
  }
  try {
    const alive = await ask('/healthz')
    if (alive.status !== 200 || !['ok', 'draining'].includes(String(alive.json?.['status']))) {
      return [
        fail('healthz', `it answers ${alive.status}, but not as this proxy does`,
          'Is it the right address? Is another server in front of it?'),
      ]
    }
    const { status, json, ms } = await ask('/readyz')
    const field = (name: string) => typeof json?.[name] === 'string' ? plain(json[name]).slice(0, 64) : 'unknown'
    const detail = `${field('status')}, store: ${field('store')}, hot state: ${field('hot_state')}, registration: ${
      field('registration')
    }, version: ${field('version')}`
    return [ok('healthz', 'alive', { ms: alive.ms }),
      status === 200 ? ok('readyz', detail, { ms }) : fail('readyz', `${detail} (${status})`, 'See its log.'),
      ...(field('version') === version ? [] : [warn('readyz', `its version differs from this one, ${version}`)])]
  } catch (thrown) {
    return [fail('healthz', `nobody answers there${systemCode(thrown)}`, 'Is it running, and is the address right?')]
  } finally {
    await close()
  }
}
