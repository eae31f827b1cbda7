// Checks the settings: which are set, whether they can be read, and whether those about addresses agree.
import { ConfigError, isLoopback, readConfig, type Config } from '../../config.ts'
import type { Environment } from '../environment.ts'
import { warningsOf } from '../warnings.ts'
import { fail, ok, warn, type Check } from './doctor-check.ts'

/** If some settings are wrong, leaves them out to check the rest; null if that does not help. */
export function checkSettings (
  env: Environment,
): { readonly config: Config | null, readonly checks: readonly Check[] } {
  try {
    return { config: readConfig(env), checks: [ok('settings', 'all of them can be read')] }
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown
    const wrong = new Set(thrown.problems.map(problem => problem.split(':', 1)[0] ?? ''))
    return { config: readOrNull(Object.fromEntries(Object.entries(env).filter(([name]) => !wrong.has(name)))),
      checks: thrown.problems.map(problem => fail('settings', problem)) }
  }
}

export function checkSafety (config: Config): Check[] {
  const { pepper, previousPepper, kdfIterations, registration, adminToken } = config
  const previous = previousPepper === null
    ? ''
    : '; SECRET_PEPPER_PREVIOUS is set: remove it when every user has signed in since'
  return [
    pepper === null
      ? warn('pepper', `SECRET_PEPPER is not set: a stolen store is protected by the users' passwords alone${previous}`,
        'Set it once: openssl rand -base64 32. Each record is sealed again when its user signs in.')
      : ok('pepper', `SECRET_PEPPER is set${previous}`),
    ok('kdf', `${kdfIterations} iterations`),
    ok('registration', `${registration}, /admin and /metrics are ${adminToken === null ? 'off' : 'on'}`),
    ...warningsOf(config).filter(text => !text.startsWith('SECRET_PEPPER ')).map(text => warn('settings', text)),
    ...checkAddresses(config),
  ]
}

function checkAddresses ({ host, publicOrigin, trustProxy }: Config): Check[] {
  const checks: Check[] = []
  const isBehind = trustProxy.length > 0
  if (trustProxy.some(range => /\/0$/.test(range))) {
    checks.push(
      fail('addresses', 'TRUST_PROXY trusts everybody: any client can claim any address and avoid the limits',
        'Name the addresses of your own proxy.'),
    )
  }
  if (publicOrigin !== null && !isBehind) {
    checks.push(
      warn('addresses',
        'PUBLIC_ORIGIN is set and TRUST_PROXY is not: behind a proxy all clients share one address, and its limits',
        'Set TRUST_PROXY to the address of the proxy, such as loopback.'),
    )
  }
  if (publicOrigin?.startsWith('http:') === true && !isLoopback(new URL(publicOrigin).hostname)) {
    checks.push(
      warn('addresses', 'PUBLIC_ORIGIN is plain http: passwords and answers can be read on the way',
        'Put a proxy with TLS in front.'),
    )
  }
  if (publicOrigin === null && isBehind) {
    checks.push(
      warn('addresses',
        'TRUST_PROXY is set and PUBLIC_ORIGIN is not: the proxy has to forward Host or X-Forwarded-Host',
        'Set PUBLIC_ORIGIN if pages answer "cross-site".'),
    )
  }
  if (publicOrigin === null && !isBehind && !isLoopback(host)) {
    checks.push(
      warn('addresses',
        'HOST is an address beyond loopback, and no proxy is set up: without TLS passwords can be read on the way',
        'Put TLS in front, and set TRUST_PROXY and PUBLIC_ORIGIN. In a container whose port is bound to loopback '
          + 'this is fine.'),
    )
  }
  return checks.length > 0
    ? checks
    : [ok('addresses', isBehind ? 'TRUST_PROXY and PUBLIC_ORIGIN fit each other' : 'for this machine alone')]
}

function readOrNull (env: Environment): Config | null {
  try {
    return readConfig(env)
  } catch {
    return null
  }
}
