// Reads every setting, reports every mistake at once, and shows no value in any message.
import t from 'tap'
import { ConfigError, isLoopback, readConfig } from '../../src/config.ts'

const pepper = Buffer.alloc(32, 7).toString('base64')
const problemsOf = (env: Record<string, unknown>, runtime?: 'node' | 'worker'): readonly string[] => {
  try {
    readConfig(env, runtime)
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown.problems
    throw thrown
  }
  return []
}

t.test('readConfig() works without any setting', async t => {
  t.match(readConfig({}), {
    port: 8787,
    host: '127.0.0.1',
    store: { kind: 'sqlite', dir: './data' },
    pepper: null,
    previousPepper: null,
    kdfIterations: 100_000,
    registration: 'open',
    registrationCode: null,
    adminToken: null,
    githubBaseUrl: 'https://github.com',
    githubApiBaseUrl: 'https://api.github.com',
    githubClientId: 'Iv1.b507a08c87ecfe98',
    tenantCopilotHost: null,
    copilotBaseUrl: 'https://api.githubcopilot.com',
    copilotAccountBaseUrl: 'https://api.{account}.githubcopilot.com',
    userConcurrency: 16,
    userRequestsPerMinute: 120,
    registrationsPer10Minutes: 5,
    deviceStartsPer10Minutes: 5,
    authFailuresPerMinute: 10,
    authRevalidateSeconds: 60,
    accountTypes: [],
    publicOrigin: null,
    heartbeatSeconds: 10,
    upstreamFirstByteSeconds: 600,
    upstreamIdleSeconds: 300,
    shutdownSeconds: 30,
    maxBodyBytes: 33_554_432,
    corsOrigins: ['*'],
    trustProxy: [],
    allowedHosts: [],
    logLevel: 'info',
    httpProxy: null,
    httpsProxy: null,
    noProxy: null,
  })
  t.ok(Object.isFrozen(readConfig({})))
  t.equal(readConfig({}, 'worker').maxBodyBytes, 12_582_912)
})

t.test('readConfig() accepts every setting', async t => {
  const cases: Array<[string, string, string, unknown]> = [['PORT', '0', 'port', 0], ['HOST', '0.0.0.0', 'host',
    '0.0.0.0'], ['REGISTRATION', 'closed', 'registration', 'closed'], ['ADMIN_TOKEN', '0123456789abcdef', 'adminToken',
    '0123456789abcdef'], ['GITHUB_BASE_URL', 'http://localhost:1/', 'githubBaseUrl', 'http://localhost:1'], [
    'GITHUB_API_BASE_URL',
    'https://ghes.example/api/v3/',
    'githubApiBaseUrl',
    'https://ghes.example/api/v3',
  ], ['GITHUB_CLIENT_ID', 'Iv1.0123456789', 'githubClientId', 'Iv1.0123456789'], ['COPILOT_API_BASE_URL',
    'http://127.0.0.1:9', 'copilotBaseUrl', 'http://127.0.0.1:9'], ['COPILOT_ACCOUNT_API_BASE_URL',
    'http://localhost:9/{account}', 'copilotAccountBaseUrl', 'http://localhost:9/{account}'], ['COPILOT_EDITOR_VERSION',
    'vscode/9.9', 'editorVersion', 'vscode/9.9'], ['COPILOT_PLUGIN_VERSION', 'x/1', 'pluginVersion', 'x/1'], [
    'COPILOT_API_VERSION',
    '2026-01-01',
    'copilotApiVersion',
    '2026-01-01',
  ], ['COPILOT_INTEGRATION_ID', 'me', 'integrationId', 'me'], ['USER_CONCURRENCY', '0', 'userConcurrency', 0], [
    'USER_REQUESTS_PER_MINUTE',
    '7',
    'userRequestsPerMinute',
    7,
  ], ['REGISTRATIONS_PER_10_MINUTES', '0', 'registrationsPer10Minutes', 0], ['DEVICE_STARTS_PER_10_MINUTES', '9',
    'deviceStartsPer10Minutes', 9], ['AUTH_FAILURES_PER_MINUTE', '0', 'authFailuresPerMinute', 0], [
    'AUTH_REVALIDATE_SECONDS',
    '0.5',
    'authRevalidateSeconds',
    0.5,
  ], ['ACCOUNT_TYPES', 'individual, business,', 'accountTypes', ['individual', 'business']], ['PUBLIC_ORIGIN',
    'https://copilot.example.com/', 'publicOrigin', 'https://copilot.example.com'], ['ALLOWED_HOSTS',
    'Copilot.example.com, proxy:8787,', 'allowedHosts', ['copilot.example.com', 'proxy']], ['HEARTBEAT_SECONDS', '0.05',
    'heartbeatSeconds', 0.05], ['UPSTREAM_FIRST_BYTE_SECONDS', '1.5', 'upstreamFirstByteSeconds', 1.5], [
    'UPSTREAM_IDLE_SECONDS',
    '2',
    'upstreamIdleSeconds',
    2,
  ], ['SHUTDOWN_SECONDS', '0', 'shutdownSeconds', 0], ['MAX_BODY_BYTES', '1024', 'maxBodyBytes', 1_024], ['CORS_ORIGIN',
    'https://a.example, https://b.example', 'corsOrigins', ['https://a.example', 'https://b.example']], ['TRUST_PROXY',
    '10.0.0.0/8,::1,loopback', 'trustProxy', ['10.0.0.0/8', '::1', 'loopback']], ['LOG_LEVEL', 'silent', 'logLevel',
    'silent'], ['HTTP_PROXY', 'http://p:1', 'httpProxy', 'http://p:1'], ['HTTPS_PROXY', 'http://p:2', 'httpsProxy',
    'http://p:2'], ['NO_PROXY', 'localhost', 'noProxy', 'localhost']]
  for (const [name, value, key, wanted] of cases) {
    t.strictSame((readConfig({ [name]: value }) as unknown as Record<string, unknown>)[key], wanted, name)
    t.strictSame(readConfig({ [name]: '' }), readConfig({}), `${name}: an empty value counts as unset`)
    t.strictSame(readConfig({ [name]: ' \n' }), readConfig({}), `${name}: and so does white space`)
  }
  t.match(
    readConfig({ SECRET_PEPPER: pepper, SECRET_PEPPER_PREVIOUS: pepper.replace('=', ''), KDF_ITERATIONS: '10000' }),
    { pepper: { length: 32 }, previousPepper: { length: 32 }, kdfIterations: 10_000 },
  )
  t.match(readConfig({ REGISTRATION: 'code', REGISTRATION_CODE: '8 signs!' }), { registration: 'code',
    registrationCode: '8 signs!' })
  t.strictSame([...readConfig({ MODEL_ALIASES: '{"a":"b"}' }).modelAliases], [['a', 'b']])
})

t.test("readConfig() knows a tenant's hosts", async t => {
  for (const domain of ['company.ghe.com', 'https://company.ghe.com/', 'COMPANY.ghe.com']) {
    t.match(readConfig({ GITHUB_ENTERPRISE_DOMAIN: domain }), { githubBaseUrl: 'https://company.ghe.com',
      githubApiBaseUrl: 'https://api.company.ghe.com', copilotBaseUrl: 'https://copilot-api.company.ghe.com',
      tenantCopilotHost: 'copilot-api.company.ghe.com' })
  }
  t.strictSame(problemsOf({ GITHUB_ENTERPRISE_DOMAIN: 'no host' }).map(line => line.split(':')[0]), [
    'GITHUB_ENTERPRISE_DOMAIN',
  ], 'one mistake, one line')
})

t.test("readConfig() reads a Worker's variables that are not text, and leaves its bindings alone", async t => {
  t.match(readConfig({ USER_CONCURRENCY: 3, SHUTDOWN_SECONDS: 0, TOKEN_KV: { get () {} } }, 'worker'), {
    userConcurrency: 3,
    shutdownSeconds: 0,
  })
  t.equal(problemsOf({ KDF_ITERATIONS: 5, REGISTRATION: true }, 'worker').length, 2)
})

t.test('readConfig() reads VALKEY_URL with user, password, database, TLS, Sentinels and cluster', async t => {
  const read = (url: string, more = {}) => readConfig({ STORE: 'valkey', VALKEY_URL: url, ...more }).store
  const plain = { kind: 'valkey', isTls: false, username: null, password: null, db: 0, isCluster: false,
    sentinel: null }
  t.match(read('valkey://cache'), { ...plain, addresses: [{ host: 'cache', port: 6_379 }] })
  t.match(read('redis://[::1]:7000/3'), { ...plain, addresses: [{ host: '::1', port: 7_000 }], db: 3 })
  t.match(read('rediss://gateway:p%40ss%2Cword%25@cache.example/'), { isTls: true, username: 'gateway',
    password: 'p@ss,word%' })
  t.match(read('valkeys://:secret@one, two:7001', { VALKEY_CLUSTER: '1' }), { isTls: true, isCluster: true,
    username: null, password: 'secret', addresses: [{ host: 'one', port: 6_379 }, { host: 'two', port: 7_001 }] })
  t.match(read('redis://one:26379,redis://two:26379', { VALKEY_SENTINEL: 'main', VALKEY_SENTINEL_PASSWORD: 'x' }), {
    sentinel: 'main',
    sentinelPassword: 'x',
    addresses: [{ host: 'one', port: 26_379 }, { host: 'two', port: 26_379 }],
  })
})

t.test('readConfig() names a wrong VALKEY_URL without its value', async t => {
  for (const url of ['', 'cache:6379', 'http://cache', 'redis://:hunter2@', 'redis://:hunter2@cache/x',
    'redis://:hunter2@cache?db=1', 'redis://:hunter2%@cache', 'redis://:hun,ter2@cache', 'redis://cache:99999']) {
    const problems = problemsOf({ STORE: 'valkey', VALKEY_URL: url })
    t.equal(problems.length, 1, url)
    t.match(problems[0], /^VALKEY_URL: (?:needed when STORE is valkey|of the form valkey:)/)
    t.notMatch(problems[0], /hunter2|hun|99999/)
  }
  t.match(problemsOf({ STORE: 'valkey', VALKEY_URL: 'redis://a', VALKEY_CLUSTER: '1', VALKEY_SENTINEL: 'm' }), [
    'VALKEY_CLUSTER: a cluster has no VALKEY_SENTINEL',
  ])
  t.ok(readConfig({ VALKEY_URL: 'redis://cache' }).warnings.includes('VALKEY_URL has no effect without STORE=valkey'))
})

t.test('readConfig() chooses the store', async t => {
  const all = { CF_API_TOKEN: 't', CF_ACCOUNT_ID: 'a', CF_KV_NAMESPACE_ID: 'n' }
  t.match(readConfig({ DATA_DIR: '/data' }).store, { kind: 'sqlite', dir: '/data' })
  t.match(readConfig(all).store, { kind: 'cloudflare-kv', apiToken: 't', accountId: 'a', namespaceId: 'n',
    baseUrl: 'https://api.cloudflare.com/client/v4', missing: [] })
  t.match(readConfig({ ...all, STORE: 'sqlite' }).store, { kind: 'sqlite' }, 'STORE wins')
  t.match(readConfig({ ...all, CF_API_BASE_URL: 'http://localhost:1' }).store, {
    baseUrl: 'http://localhost:1/client/v4',
  })
  t.match(readConfig({ ...all, CF_API_BASE_URL: 'http://localhost:1/x/' }).store, { baseUrl: 'http://localhost:1/x' })
  for (const env of [{ CF_API_TOKEN: 't' }, { STORE: 'cloudflare-kv', CF_API_TOKEN: 't' }]) {
    const { store, warnings } = readConfig(env)
    t.match(store, { kind: 'cloudflare-kv', missing: ['CF_ACCOUNT_ID', 'CF_KV_NAMESPACE_ID'] })
    t.ok(warnings.some(line => line.includes('CF_ACCOUNT_ID, CF_KV_NAMESPACE_ID')))
  }
  t.ok(readConfig({ STORE: 'memory' }).warnings.some(line => line.includes('memory')))
  t.match(readConfig({ TOKEN_KV: {} }, 'worker').store, { kind: 'cloudflare-kv', missing: [] })
})

const mistakes: Record<string, readonly string[]> = {
  PORT: ['65536', '-1', '1.5', 'abc', '80a', 'NaN', 'Infinity'],
  STORE: ['redis', 'SQLITE'],
  SECRET_PEPPER: ['short', 'not base64!', `${pepper}AAAA`],
  SECRET_PEPPER_PREVIOUS: ['short'],
  KDF_ITERATIONS: ['9999', '100001', '600000'],
  REGISTRATION: ['yes'],
  GITHUB_BASE_URL: ['http://github.com', 'github.com', 'https://u:p@github.com', 'https://x?y', 'https://x#',
    'ftp://x'],
  GITHUB_API_BASE_URL: ['http://api.github.com'],
  COPILOT_API_BASE_URL: ['http://10.0.0.1', 'http://localhost.evil.example'],
  COPILOT_ACCOUNT_API_BASE_URL: ['http://{account}.example'],
  CF_API_BASE_URL: ['http://example.com'],
  GITHUB_CLIENT_ID: ['a b', 'short'],
  COPILOT_EDITOR_VERSION: ['vscode', 'vscode/1 2', 'a/b\r\nc'],
  COPILOT_PLUGIN_VERSION: ['x'],
  COPILOT_API_VERSION: ['today'],
  COPILOT_INTEGRATION_ID: ['a b'],
  MODEL_ALIASES: ['{', '[]', '{"a":1}', '"a"', 'null'],
  USER_CONCURRENCY: ['-1', '1.5'],
  USER_REQUESTS_PER_MINUTE: ['many'],
  REGISTRATIONS_PER_10_MINUTES: ['-1'],
  DEVICE_STARTS_PER_10_MINUTES: ['x'],
  AUTH_FAILURES_PER_MINUTE: ['x'],
  AUTH_REVALIDATE_SECONDS: ['-1', '86401'],
  ACCOUNT_TYPES: ['Business', 'a.b', 'a,-b'],
  PUBLIC_ORIGIN: ['example.com', 'https://example.com/path', 'ftp://example.com'],
  HEARTBEAT_SECONDS: ['0', 'x'],
  UPSTREAM_FIRST_BYTE_SECONDS: ['0'],
  UPSTREAM_IDLE_SECONDS: ['0'],
  SHUTDOWN_SECONDS: ['-1'],
  MAX_BODY_BYTES: ['1023', '1e9'],
  TRUST_PROXY: ['everyone', '10.0.0.0/8,x'],
  LOG_LEVEL: ['loud'],
  ALLOWED_HOSTS: ['https://a.example', 'a.example/x', '*', 'a b', 'a.example:x', '.'],
  ADMIN_TOKEN: ['a', '0123456789abcde', 'two words of 16 and more', `${'x'.repeat(15)}ü`, 'x'.repeat(1_025)],
}
t.test('readConfig() names a wrong setting once, without its value', async t => {
  for (const [name, values] of Object.entries(mistakes)) {
    for (const value of values) {
      const problems = problemsOf({ [name]: value })
      t.ok(problems.length >= 1 && problems.every(line => line.startsWith(`${name}: `)),
        `${name}=${value}: ${problems.join(' | ')}`)
    }
  }
  t.strictSame(problemsOf({ KDF_ITERATIONS: '10000' }), ['KDF_ITERATIONS: below 100000 only with a SECRET_PEPPER'])
  t.strictSame(problemsOf({ REGISTRATION: 'code' }), ['REGISTRATION_CODE: needed when REGISTRATION is code'])
})

t.test('L1: an ADMIN_TOKEN below 16 characters or a REGISTRATION_CODE below 8 stops the start', async t => {
  t.match(problemsOf({ ADMIN_TOKEN: 'a', REGISTRATION: 'code', REGISTRATION_CODE: '1' }), [
    /^REGISTRATION_CODE: at least 8 characters/,
    /^ADMIN_TOKEN: 16 to 1024 /,
  ])
  t.match(problemsOf({ REGISTRATION_CODE: '1234567' }), [/^REGISTRATION_CODE/], 'whether the setting is needed or not')
  t.match(problemsOf({ ADMIN_TOKEN: 'a token with spaces fits into no bearer' }), [/^ADMIN_TOKEN/])
})

t.test('readConfig() names every mistake at once', async t => {
  const env = Object.fromEntries(Object.keys(mistakes).map(name => [name, 'secret value!']))
  const problems = problemsOf(env)
  for (const name of Object.keys(mistakes)) t.ok(problems.some(line => line.startsWith(`${name}: `)), name)
  t.notOk(problems.join('\n').includes('secret value!'))
})

t.test('readConfig() warns without revealing secrets', async t => {
  const secrets = { ADMIN_TOKEN: 'secret-1-of-the-operator', CF_API_TOKEN: 'secret-2', LONG_TERM_TOKEN: 'secret-3',
    REGISTRATION_CODE: 'secret-4' }
  const { warnings } = readConfig(secrets)
  t.ok(warnings.some(line => line.startsWith('LONG_TERM_TOKEN')))
  t.ok(warnings.some(line => line.startsWith('SECRET_PEPPER')))
  t.notMatch(warnings.join('\n'), /secret-/)
})

t.test('isLoopback() accepts addresses of this machine, and nothing that only looks like one', async t => {
  for (const host of ['localhost', 'LocalHost', 'app.localhost', 'a.b-c.localhost', '127.0.0.1', '127.255.255.255',
    '::ffff:127.0.0.1', '::1', '[::1]']) t.equal(isLoopback(host), true, host)
  for (const host of ['127.0.0.999', '127.256.0.1', '127.0.0', '127.0.0.1.2', '127.0.0.01', '.localhost',
    'a..localhost', 'localhost.', 'xlocalhost', '[.]', '', '128.0.0.1']) t.equal(isLoopback(host), false, host)
})
