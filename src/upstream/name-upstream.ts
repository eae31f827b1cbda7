// A failed connection names who did not answer, GitHub or Copilot. The runtimes' clients know addresses only.
import type { Config } from '../config.ts'
import { GatewayError } from '../errors.ts'
import type { Send } from './send.ts'

/** The errors stay what they are: others tell them apart by class and code. */
export function namingUpstream (
  send: Send,
  { githubBaseUrl, githubApiBaseUrl }: Pick<Config, 'githubBaseUrl' | 'githubApiBaseUrl'>,
): Send {
  const gitHub = [githubBaseUrl, githubApiBaseUrl].map(base => `${base}/`)
  return async request => {
    try {
      return await send(request)
    } catch (thrown) {
      if (thrown instanceof GatewayError) {
        const name = gitHub.some(base => request.url.startsWith(base)) ? 'GitHub' : 'Copilot'
        thrown.message = thrown.message.replace(/^Upstream\b/, name).replace(/\bto upstream\b/, `to ${name}`)
      }
      throw thrown
    }
  }
}
