// A failed connection names who did not answer.
import t from 'tap'
import { readConfig } from '../../../src/config.ts'
import { GatewayError } from '../../../src/errors.ts'
import { namingUpstream } from '../../../src/upstream/name-upstream.ts'
import { UpstreamUnreachable, type UpstreamRequest } from '../../../src/upstream/send.ts'

const request = (url: string): UpstreamRequest => ({ method: 'GET', url, headers: {}, body: null, headersMs: 1,
  signal: new AbortController().signal })

t.test('namingUpstream() names GitHub or Copilot by the address, and keeps the error itself', async t => {
  const config = readConfig({ STORE: 'memory' })
  for (const [url, name] of [['https://github.com/login/device/code', 'GitHub'], [
    'https://api.github.com/copilot_internal/user',
    'GitHub',
  ], ['https://api.githubcopilot.com/models', 'Copilot'], ['https://api.github.com.evil.example/',
    'Copilot']] as const) {
    for (const [error, message] of [[new UpstreamUnreachable(null), `${name} cannot be reached.`], [
      new GatewayError('upstream_error', 'The connection to upstream failed.'),
      `The connection to ${name} failed.`,
    ], [new GatewayError('upstream_timeout', 'Upstream did not answer in time.'), `${name} did not answer in time.`], [
      new Error('Upstream'),
      'Upstream',
    ]] as const) {
      const send = namingUpstream(async () => {
        throw error
      }, config)
      const thrown = await send(request(url)).catch((thrown: unknown) => thrown)
      t.equal(thrown, error)
      t.equal((thrown as Error).message, message)
    }
  }
})
