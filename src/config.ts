// Reads the settings into one frozen Config. Only this file interprets the settings, whether they come from Node's
// environment or from a Worker's. It reports all mistakes together, by the setting's name and never with its value.
import { decodeBase64 } from './bytes.ts'
import type { Bytes } from './contract.ts'
import { misspeltSettings } from './misspelt.ts'
import { storeRemedy } from './store-remedy.ts'
import { readValkey, type ValkeyAddress } from './valkey-address.ts'

export type StoreConfig =
  | { readonly kind: 'cloudflare-kv', readonly apiToken: string, readonly accountId: string,
    readonly namespaceId: string, readonly baseUrl: string, readonly missing: readonly string[] }
  | { readonly kind: 'sqlite', readonly dir: string }
  | ValkeyAddress & { readonly kind: 'valkey', readonly isCluster: boolean, readonly sentinel: string | null,
    readonly sentinelPassword: string | null }
  | { readonly kind: 'memory' }

/** Named as in docs/settings.md. Names of durations contain the unit. 0 switches a limit off. */
export type Config = ReturnType<typeof readConfig>

export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]
  constructor (problems: readonly string[]) {
    super(`Wrong settings:\n${problems.map(problem => `  ${problem}`).join('\n')}`)
    this.problems = problems
  }
}

/** Of Copilot's own app, whose tokens GitHub exchanges. */
export const copilotClientId = 'Iv1.b507a08c87ecfe98'

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/**
 * @param runtime a Worker always uses its KV binding and buffers smaller bodies
 * @throws {ConfigError} that names every wrong setting
 */
export function readConfig (env: Readonly<Record<string, unknown>>, runtime: 'node' | 'worker' = 'node') {
  const problems: string[] = []
  const warnings: string[] = []
  const known = new Set<string>()

  const text = (name: string): string | undefined => {
    known.add(name)
    // A Worker's `vars` may be numbers and booleans. Its bindings are objects, which are not settings.
    const value = typeof env[name] === 'number' || typeof env[name] === 'boolean' ? String(env[name]) : env[name]
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
  }
  const number = (name: string, fallback: number, min: number, max: number, whole: boolean): number => {
    const raw = text(name)
    const value = raw === undefined ? fallback : Number(raw)
    if (value >= min && value <= max && (!whole || Number.isInteger(value))) return value
    problems.push(`${name}: a ${whole ? 'whole ' : ''}number from ${min} to ${max}`)
    return fallback
  }
  const integer = (name: string, fallback: number, min: number, max: number) => number(name, fallback, min, max, true)
  const seconds = (name: string, fallback: number, min: number, max: number) => number(name, fallback, min, max, false)
  const oneOf = <const T extends string>(name: string, allowed: readonly T[], fallback: T): T => {
    const value = text(name) ?? fallback
    const found = allowed.find(word => word === value)
    if (found === undefined) problems.push(`${name}: one of ${allowed.join(', ')}`)
    return found ?? fallback
  }
  const url = (name: string, fallback: string): string => {
    const value = (text(name) ?? fallback).replace(/\/+$/, '')
    if (isAllowedUrl(value.replaceAll('{account}', 'individual'))) return value
    problems.push(`${name}: an https address (plain http for loopback only), with no user, query or fragment`)
    return fallback
  }
  const version = (name: string, fallback: string, form: RegExp, example: string): string => {
    const value = text(name) ?? fallback
    if (form.test(value)) return value
    problems.push(`${name}: of the form ${example}`)
    return fallback
  }
  const pepper = (name: string): Bytes | null => {
    const value = text(name)
    if (value === undefined) return null
    const bytes = decodeBase64(value)
    if (bytes?.length === 32) return bytes
    problems.push(`${name}: 32 bytes as base64 (make one with: openssl rand -base64 32)`)
    return null
  }
  const list = (name: string, form: RegExp, says: string): readonly string[] => {
    const values = (text(name) ?? '').split(',').map(part => part.trim()).filter(part => part !== '')
    if (values.some(part => !form.test(part))) problems.push(`${name}: a comma-separated list of ${says}`)
    return values
  }

  const domain = text('GITHUB_ENTERPRISE_DOMAIN')?.replace(/^https?:\/\//, '').replace(/\/.*$/, '').toLowerCase()
    ?? null
  const tenant = domain !== null && /^(?=.{1,253}$)[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(domain) ? domain : null
  if (tenant !== domain) problems.push('GITHUB_ENTERPRISE_DOMAIN: a bare host, such as company.ghe.com')

  const currentPepper = pepper('SECRET_PEPPER')
  const kdfIterations = integer('KDF_ITERATIONS', 100_000, 10_000, 100_000)
  if (kdfIterations < 100_000 && currentPepper === null) {
    problems.push('KDF_ITERATIONS: below 100000 only with a SECRET_PEPPER')
  }
  if (currentPepper === null) {
    warnings.push("SECRET_PEPPER is not set: a stolen store is protected by the users' passwords alone")
  }

  const registrationMode = oneOf('REGISTRATION', ['open', 'code', 'closed'], 'open')
  const registrationCode = text('REGISTRATION_CODE') ?? null
  if (registrationCode !== null && registrationCode.length < leastCodeLength) {
    problems.push(`REGISTRATION_CODE: at least ${leastCodeLength} characters (make one with: openssl rand -hex 12)`)
  }
  const adminToken = text('ADMIN_TOKEN') ?? null
  if (adminToken !== null && !adminTokenForm.test(adminToken)) {
    problems.push(
      'ADMIN_TOKEN: 16 to 1024 letters, digits and signs without spaces (make one with: openssl rand -hex 24)',
    )
  }
  if (registrationMode === 'code' && registrationCode === null) {
    problems.push('REGISTRATION_CODE: needed when REGISTRATION is code')
  }
  if (text('LONG_TERM_TOKEN') !== undefined) {
    warnings.push('LONG_TERM_TOKEN is ignored: each user links an own GitHub account')
  }

  const config = {
    port: integer('PORT', 8787, 0, 65_535),
    host: text('HOST') ?? '127.0.0.1',
    store: readStore(text, url, problems, warnings, runtime, typeof env['TOKEN_KV'] === 'object'),
    pepper: currentPepper,
    previousPepper: pepper('SECRET_PEPPER_PREVIOUS'),
    kdfIterations,
    registration: registrationMode,
    registrationCode,
    adminToken,
    githubBaseUrl: url('GITHUB_BASE_URL', tenant === null ? 'https://github.com' : `https://${tenant}`),
    githubApiBaseUrl: url('GITHUB_API_BASE_URL', tenant === null ? 'https://api.github.com' : `https://api.${tenant}`),
    githubClientId: version('GITHUB_CLIENT_ID', copilotClientId, /^[A-Za-z0-9.]{10,64}$/, copilotClientId),
    /** Copilot's host of a tenant with data residency, or null: the only further host that may get a Copilot token. */
    tenantCopilotHost: tenant === null ? null : `copilot-api.${tenant}`,
    copilotBaseUrl: url('COPILOT_API_BASE_URL',
      tenant === null ? 'https://api.githubcopilot.com' : `https://copilot-api.${tenant}`),
    copilotAccountBaseUrl: url('COPILOT_ACCOUNT_API_BASE_URL', 'https://api.{account}.githubcopilot.com'),
    editorVersion: version('COPILOT_EDITOR_VERSION', 'vscode/1.121.0', /^[\w.-]+\/[\w.+-]+$/, 'vscode/1.121.0'),
    pluginVersion: version('COPILOT_PLUGIN_VERSION', 'copilot-chat/0.49.0', /^[\w.-]+\/[\w.+-]+$/,
      'copilot-chat/0.49.0'),
    /** Null: each path gets the version that GitHub's own client sends there. */
    copilotApiVersion: readApiVersion(text('COPILOT_API_VERSION'), problems),
    integrationId: version('COPILOT_INTEGRATION_ID', 'vscode-chat', /^[\w.-]+$/, 'vscode-chat'),
    modelAliases: readAliases(text('MODEL_ALIASES'), problems),
    webSearch: oneOf('WEB_SEARCH', ['seat', 'off'], 'seat'),
    webSearchModel: text('WEB_SEARCH_MODEL') ?? null,
    userConcurrency: integer('USER_CONCURRENCY', 16, 0, 10_000),
    userRequestsPerMinute: integer('USER_REQUESTS_PER_MINUTE', 120, 0, 1_000_000),
    registrationsPer10Minutes: integer('REGISTRATIONS_PER_10_MINUTES', 5, 0, 1_000_000),
    deviceStartsPer10Minutes: integer('DEVICE_STARTS_PER_10_MINUTES', 5, 0, 1_000_000),
    authFailuresPerMinute: integer('AUTH_FAILURES_PER_MINUTE', 10, 0, 1_000_000),
    authRevalidateSeconds: seconds('AUTH_REVALIDATE_SECONDS', 60, 0, 86_400),
    usageDays: integer('USAGE_DAYS', 90, 0, 400),
    /** The pages say that this is a demo. `npm run demo` sets it. */
    demo: oneOf('DEMO', ['0', '1'], '0') === '1',
    sessionDays: integer('SESSION_DAYS', 30, 1, 400),
    accountTypes: list('ACCOUNT_TYPES', accountType, 'labels of letters, digits and hyphens'),
    publicOrigin: readOrigin(text('PUBLIC_ORIGIN'), problems),
    /** Lower-case and without ports. For an empty list see `allowed-hosts.ts`. */
    allowedHosts: list('ALLOWED_HOSTS', hostName, 'host names, such as copilot.example.com').map(host =>
      host.toLowerCase().replace(/:\d+$/, '')
    ),
    heartbeatSeconds: seconds('HEARTBEAT_SECONDS', 10, 0.01, 3_600),
    upstreamFirstByteSeconds: seconds('UPSTREAM_FIRST_BYTE_SECONDS', 600, 0.01, 86_400),
    upstreamIdleSeconds: seconds('UPSTREAM_IDLE_SECONDS', 300, 0.01, 86_400),
    shutdownSeconds: seconds('SHUTDOWN_SECONDS', 30, 0, 3_600),
    maxBodyBytes: integer('MAX_BODY_BYTES', runtime === 'worker' ? 12_582_912 : 33_554_432, 1_024, 268_435_456),
    corsOrigins: readOrigins(text('CORS_ORIGIN') ?? '*', problems),
    /** Google's old libraries send it so. Reverse proxies log addresses, so it is off by default. */
    allowKeyInUrl: oneOf('ALLOW_KEY_IN_URL', ['0', '1'], '0') === '1',
    trustProxy: list('TRUST_PROXY', trustedProxy, 'addresses or CIDR ranges'),
    logLevel: oneOf('LOG_LEVEL', levels, 'info'),
    httpProxy: text('HTTP_PROXY') ?? text('http_proxy') ?? null,
    httpsProxy: text('HTTPS_PROXY') ?? text('https_proxy') ?? null,
    noProxy: text('NO_PROXY') ?? text('no_proxy') ?? null,
    warnings,
  }
  warnings.push(...misspeltSettings(env, known))
  if (problems.length > 0) throw new ConfigError(problems)
  return Object.freeze(config)
}

/** A label of an account host, `x-copilot-account-type`: one DNS label. */
export const accountType = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/** Guesses are limited by address. An attacker with many addresses would find a shorter code. */
const leastCodeLength = 8

/** Too long to guess, and short enough for the bearer that the server compares with it. */
const adminTokenForm = /^[\x21-\x7e]{16,1024}$/

/** A host name as in the `Host` header. A port after it is ignored. */
const hostName = /^[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?(?::\d{1,5})?$/i

const loopbackV4 = /^(?:::ffff:)?127(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/i

/** Whether traffic to an address stays on this machine. */
export function isLoopback (host: string): boolean {
  return /^(?:[\w-]+\.)*localhost$/i.test(host) || loopbackV4.test(host) || host === '::1' || host === '[::1]'
}

function isAllowedUrl (value: string): boolean {
  const parsed = URL.canParse(value) ? new URL(value) : null
  if (parsed === null || parsed.username !== '' || parsed.password !== '' || /[?#]/.test(value)) return false
  return parsed.protocol === 'https:' || (parsed.protocol === 'http:' && isLoopback(parsed.hostname))
}

function readStore (
  text: (name: string) => string | undefined,
  url: (name: string, fallback: string) => string,
  problems: string[],
  warnings: string[],
  runtime: string,
  isBound: boolean,
): StoreConfig {
  const credentials = { CF_API_TOKEN: text('CF_API_TOKEN'), CF_ACCOUNT_ID: text('CF_ACCOUNT_ID'),
    CF_KV_NAMESPACE_ID: text('CF_KV_NAMESPACE_ID') }
  const missing = Object.entries(credentials).filter(([, value]) => value === undefined).map(([name]) => name)
  const bare = url('CF_API_BASE_URL', 'https://api.cloudflare.com/client/v4')
  const dir = text('DATA_DIR') ?? './data'
  const valkey = { url: text('VALKEY_URL'), sentinel: text('VALKEY_SENTINEL') ?? null,
    sentinelPassword: text('VALKEY_SENTINEL_PASSWORD') ?? null, cluster: text('VALKEY_CLUSTER') ?? '0' }
  const kind = text('STORE') ?? (missing.length < 3 ? 'cloudflare-kv' : 'sqlite')
  if (runtime === 'worker') {
    return { kind: 'cloudflare-kv', apiToken: '', accountId: '', namespaceId: '', baseUrl: '',
      missing: isBound ? [] : ['the KV binding TOKEN_KV'] }
  }
  if (kind === 'valkey') {
    const { sentinel, sentinelPassword, cluster } = valkey
    if (cluster !== '0' && cluster !== '1') problems.push('VALKEY_CLUSTER: one of 0, 1')
    if (cluster === '1' && sentinel !== null) problems.push('VALKEY_CLUSTER: a cluster has no VALKEY_SENTINEL')
    return { kind, ...readValkey(valkey.url, problems), isCluster: cluster === '1', sentinel, sentinelPassword }
  }
  if (valkey.url !== undefined) warnings.push('VALKEY_URL has no effect without STORE=valkey')
  if (kind === 'sqlite') return { kind, dir }
  if (kind === 'memory') {
    warnings.push('STORE is memory: users are forgotten when the process ends')
    return { kind }
  }
  if (kind !== 'cloudflare-kv') problems.push('STORE: one of cloudflare-kv, sqlite, valkey, memory')
  if (missing.length > 0) warnings.push(`Cloudflare KV is chosen but not configured: ${storeRemedy(missing)}`)
  return {
    kind: 'cloudflare-kv',
    apiToken: credentials.CF_API_TOKEN ?? '',
    accountId: credentials.CF_ACCOUNT_ID ?? '',
    namespaceId: credentials.CF_KV_NAMESPACE_ID ?? '',
    baseUrl: URL.canParse(bare) && new URL(bare).pathname === '/' ? `${bare}/client/v4` : bare,
    missing,
  }
}

function readAliases (raw: string | undefined, problems: string[]): ReadonlyMap<string, string> {
  if (raw === undefined) return new Map()
  try {
    const parsed: unknown = JSON.parse(raw)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
      const entries = Object.entries(parsed as Record<string, unknown>)
      if (entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')) return new Map(entries)
    }
  } catch { /* The error is reported below, without the value. */ }
  problems.push('MODEL_ALIASES: a JSON object from model id to model id')
  return new Map()
}

const ipv4Byte = String.raw`(?:25[0-5]|2[0-4]\d|1?\d?\d)`
const ipv4Range = String.raw`${ipv4Byte}(?:\.${ipv4Byte}){3}(?:\/(?:3[0-2]|[12]?\d))?`
const ipv6Range = String.raw`(?=.*:.*:)[\da-fA-F:]{2,39}(?:\/(?:12[0-8]|1[01]\d|[1-9]?\d))?`
/** An IPv4 or IPv6 address, a range, or one of Fastify's names. */
const trustedProxy = new RegExp(`^(?:${ipv4Range}|${ipv6Range}|loopback|linklocal|uniquelocal)$`)

function readApiVersion (given: string | undefined, problems: string[]): string | null {
  if (given !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(given)) {
    problems.push('COPILOT_API_VERSION: of the form 2026-01-09')
  }
  return given ?? null
}

function readOrigins (raw: string, problems: string[]): readonly string[] {
  const origins = raw.split(',').map(part => part.trim()).filter(part => part !== '')
  if (!origins.every(part => part === '*' || (URL.canParse(part) && new URL(part).origin === part))) {
    problems.push('CORS_ORIGIN: * or a comma-separated list of origins, such as https://chat.example.com')
  }
  return origins
}

function readOrigin (raw: string | undefined, problems: string[]): string | null {
  if (raw === undefined) return null
  const parsed = URL.canParse(raw) ? new URL(raw) : null
  if (parsed !== null && (parsed.protocol === 'https:' || parsed.protocol === 'http:') && parsed.pathname === '/'
    && parsed.search === '') return parsed.origin
  problems.push('PUBLIC_ORIGIN: an origin, such as https://copilot.example.com')
  return null
}
