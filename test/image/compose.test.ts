// Reads docker-compose.yml, because there is no engine here to run it.
import { readFileSync } from 'node:fs'
import { BlockList } from 'node:net'
import t from 'tap'
import { parse } from 'yaml'
import { readConfig } from '../../src/config.ts'

interface Service {
  readonly image: string
  readonly build?: string
  readonly profiles?: readonly string[]
  readonly command?: readonly string[]
  readonly ports?: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly env_file?: ReadonlyArray<{ path: string, required: boolean }>
  readonly volumes?: readonly string[]
  readonly read_only: boolean
  readonly cap_drop: readonly string[]
  readonly cap_add?: readonly string[]
  readonly security_opt: readonly string[]
  readonly tmpfs: readonly string[]
  readonly init?: boolean
  readonly stop_grace_period: string
  readonly networks?: { readonly default: { readonly ipv4_address: string } } | readonly string[]
  readonly mem_limit?: string
  readonly pids_limit?: number
  readonly logging: { readonly options: Readonly<Record<string, string>> }
  readonly depends_on?: Readonly<Record<string, { condition: string }>>
}
interface Compose {
  readonly services: Readonly<
    Record<'copilot-proxy' | 'caddy' | 'demo' | 'gateway-one' | 'gateway-two' | 'valkey' | 'balancer', Service>
  >
  readonly networks: {
    readonly default: { readonly ipam: { readonly config: ReadonlyArray<{ subnet: string, ip_range: string }> } },
    readonly engine: { readonly internal: boolean },
  }
  readonly volumes: Readonly<Record<string, unknown>>
}

const { services, networks, volumes } = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as Compose
const { 'copilot-proxy': gateway, caddy, demo, valkey, balancer } = services
const shared = [services['gateway-one'], services['gateway-two']]
const caddyfile = readFileSync('Caddyfile', 'utf8')
const balancerFile = readFileSync('Caddyfile.valkey', 'utf8')

/** Fills in `${NAME:-default}` as Compose does, from the innermost. */
const filled = (text: string, env: Readonly<Record<string, string>> = {}): string => {
  const next = text.replaceAll(/\$\{(\w+):-([^${}]*)\}/g, (_, name: string, usual: string) => env[name] ?? usual)
  return next === text ? text : filled(next, env)
}
const seconds = (text: string) => Number(/^(\d+)s$/.exec(text)?.[1])
const hostPort = (port: string) =>
  /(\d+):\d+(?:\/udp)?$/.exec(filled(port))?.[0].split(':')[0] + (port.endsWith('/udp') ? '/udp' : '')

t.test('without a profile only the gateway runs, with SQLite on a volume and no required setting', async t => {
  t.strictSame(Object.entries(services).filter(([, { profiles }]) => profiles === undefined).map(([name]) => name), [
    'copilot-proxy',
  ])
  t.strictSame(gateway.env_file, [{ path: '.env', required: false }])
  t.strictSame(gateway.volumes, ['data:/data'])
  t.equal(gateway.environment['STORE'], undefined, 'which .env may choose')
  const env = Object.fromEntries(Object.entries(gateway.environment).map(([name, value]) => [name, filled(value)]))
  t.match(readConfig(env), { store: { kind: 'sqlite', dir: '/data' }, host: '0.0.0.0', port: 8787 })
})

t.test('with .env.example filled in, the store is Cloudflare KV, and the container settings still apply', async t => {
  const given = { STORE: 'cloudflare-kv', CF_API_TOKEN: 'a', CF_ACCOUNT_ID: 'b', CF_KV_NAMESPACE_ID: 'c', HOST: '',
    PORT: '9000', DATA_DIR: '' }
  const env = { ...given,
    ...Object.fromEntries(Object.entries(gateway.environment).map(([name, value]) => [name, filled(value)])) }
  t.match(readConfig(env), { store: { kind: 'cloudflare-kv', missing: [] }, host: '0.0.0.0', port: 8787 })
})

t.test('every service has a read-only root, no capabilities, no new privileges, and a bounded log', async t => {
  for (const [name, service] of Object.entries<Service>(services)) {
    t.equal(service.read_only, true, name)
    t.strictSame([service.cap_drop, service.security_opt, service.tmpfs], [['ALL'], ['no-new-privileges:true'], [
      '/tmp',
    ]], name)
    t.ok('max-size' in service.logging.options, name)
  }
  t.strictSame(
    Object.entries<Service>(services).filter(([, { cap_add: added }]) => added !== undefined).map((
      [name, each],
    ) => [name, each.cap_add]),
    [['caddy', ['NET_BIND_SERVICE']], ['balancer', ['NET_BIND_SERVICE']]],
  )
  t.match(gateway, { init: true, pids_limit: Number, mem_limit: String })
})

t.test('the engine waits longer for the end than streams may take', async t => {
  const { shutdownSeconds } = readConfig({})
  t.ok(seconds(gateway.stop_grace_period) > shutdownSeconds + 1, 'one more second for the shutdown itself')
  for (const each of shared) t.equal(each.stop_grace_period, gateway.stop_grace_period)
  for (const [file, { stop_grace_period: stop }] of [[caddyfile, caddy], [balancerFile, balancer]] as const) {
    const grace = seconds(/grace_period (\d+s)/.exec(file)?.[1] ?? '')
    t.ok(grace > shutdownSeconds && seconds(stop) > grace, 'Caddy waits for them too')
  }
})

t.test('no two services use the same port of the host, and the gateway is on loopback only', async t => {
  const others = Object.entries<Service>(services).filter(([name]) => name !== 'balancer')
  const ports = others.flatMap(([, { ports = [] }]) => ports.map(hostPort))
  t.strictSame(ports, ['8787', '80', '443', '443/udp', '8788'])
  t.strictSame(balancer.ports, caddy.ports, 'the balancer takes the place of Caddy')
  for (const port of [...gateway.ports ?? [], ...demo.ports ?? []]) t.match(port, /^127\.0\.0\.1:/)
})

t.test("TRUST_PROXY is Caddy's own address, which no other service on the network can get", async t => {
  for (const env of [{}, { NETWORK_PREFIX: '192.168.250' }]) {
    const { address, subnet, range, trusted } = network(env)
    t.strictSame(readConfig({ TRUST_PROXY: trusted }).trustProxy, [address])
    t.ok(listOf(subnet).check(address), 'in the subnet')
    t.notOk(listOf(range).check(address), 'and outside the range that is given out')
  }
})

t.test('L5: the network avoids the usual ranges, and one setting moves all of it', async t => {
  const { subnet } = network({})
  const taken = ['172.16.0.0/12', '192.168.0.0/16', '10.0.0.0/12', '10.42.0.0/15', '10.88.0.0/16', '10.96.0.0/11',
    '10.128.0.0/9', '100.64.0.0/10', '169.254.0.0/16']
  const [first = ''] = subnet.split('/')
  t.ok(listOf('10.0.0.0/8').check(first), 'a private range')
  for (const range of taken) t.notOk(listOf(range).check(first), `${subnet} is not in ${range}`)
  t.match(subnet, /\/24$/)
  t.strictSame(network({ NETWORK_PREFIX: '192.168.250' }), { subnet: '192.168.250.0/24', range: '192.168.250.0/25',
    address: '192.168.250.250', trusted: '192.168.250.250' })
  t.equal(network({ NETWORK_PREFIX: '192.168.250', TRUST_PROXY: '192.168.250.1' }).trusted, '192.168.250.1',
    'a set value wins')
  t.match(readFileSync('docs/deployment.md', 'utf8'), /`NETWORK_PREFIX`/)
})

t.test("M4: the published ports accept no host name but localhost and the service's own", async t => {
  t.strictSame(readConfig({ ALLOWED_HOSTS: filled(gateway.environment['ALLOWED_HOSTS'] ?? '') }).allowedHosts, [
    'copilot-proxy',
  ])
  t.strictSame(readConfig({ ALLOWED_HOSTS: filled(demo.environment['ALLOWED_HOSTS'] ?? '') }).allowedHosts, [
    'localhost',
  ])
})

t.test('the profile caddy waits for a healthy gateway, leads to it and keeps its certificates', async t => {
  t.strictSame(caddy.profiles, ['caddy'])
  t.match(caddy.image, /^caddy:\d+\.\d+\.\d+-alpine$/, 'an exact tag')
  t.equal(caddy.depends_on?.['copilot-proxy']?.condition, 'service_healthy')
  t.match(caddyfile, /reverse_proxy copilot-proxy:8787\n/)
  t.match(caddyfile, /^\{\$SITE_ADDRESS\} \{$/m)
  t.notMatch(caddyfile.replaceAll(/^\s*#.*$/gm, ''), /flush_interval|encode/,
    'a client that leaves is reported upstream, and streams are not buffered')
  for (const volume of ['caddy-data', 'caddy-config', 'data']) t.ok(volume in volumes, volume)
})

t.test('the profile demo is one container that stores nothing: server and emulator', async t => {
  t.match(demo, { profiles: ['demo'], command: ['node', 'dist/node/main.js', 'demo'], environment: { PORT: '8788' } })
  t.strictSame([demo.volumes, demo.env_file], [undefined, undefined])
  t.equal(demo.build, gateway.build)
  t.not(filled(demo.image), filled(gateway.image), 'both may be built at once, and each tag belongs to one of them')
})

t.test('the profile valkey: two equal gateways, behind Caddy, that lose nothing that they acknowledged', async t => {
  for (const each of [...shared, valkey, balancer]) t.strictSame(each.profiles, ['valkey'])
  for (const each of shared) {
    t.match(
      readConfig(Object.fromEntries(Object.entries(each.environment).map(([name, value]) => [name, filled(value)]))),
      {
        store: { kind: 'valkey', addresses: [{ host: 'valkey', port: 6_379 }] },
        trustProxy: [addressOf(balancer)],
      },
    )
    t.strictSame(each.env_file, [{ path: '.env', required: false }], 'the same pepper')
    t.equal(each.depends_on?.['valkey']?.condition, 'service_healthy')
    t.notOk(each.ports, 'only the balancer is open')
    t.equal(each.build, gateway.build)
    t.equal(balancer.depends_on?.[each === shared[0] ? 'gateway-one' : 'gateway-two']?.condition, 'service_healthy')
  }
  t.equal(new Set([gateway, demo, ...shared].map(({ image }) => filled(image))).size, 4, 'all may be built at once')
  t.match(valkey.image, /^valkey\/valkey:\d+\.\d+\.\d+-alpine$/, 'an exact tag')
  const command = valkey.command?.join(' ') ?? ''
  t.match(command, /--appendonly yes --appendfsync always .*--maxmemory-policy noeviction/)
  t.strictSame([valkey.volumes, 'valkey-data' in volumes], [['valkey-data:/data'], true])
  t.strictSame([valkey.networks, networks.engine.internal, valkey.ports], [['engine'], true, undefined],
    'nothing else reaches it')
  t.match(balancerFile, /reverse_proxy gateway-one:8787 gateway-two:8787 \{/)
  t.match(balancerFile, /health_body `"status":"ok"`/, 'a gateway that drains gets nothing new')
  t.notMatch(balancerFile.replaceAll(/^\s*#.*$/gm, ''), /flush_interval|encode|readyz/)
})

function network (env: Readonly<Record<string, string>>) {
  const [{ subnet, ip_range: range } = { subnet: '', ip_range: '' }] = networks.default.ipam.config
  return {
    subnet: filled(subnet, env),
    range: filled(range, env),
    address: addressOf(caddy, env),
    trusted: filled(gateway.environment['TRUST_PROXY'] ?? '', env),
  }
}

function addressOf ({ networks }: Service, env: Readonly<Record<string, string>> = {}): string {
  return networks !== undefined && 'default' in networks ? filled(networks.default.ipv4_address, env) : ''
}

function listOf (range: string): BlockList {
  const list = new BlockList()
  const [net = '', bits] = range.split('/')
  list.addSubnet(net, Number(bits))
  return list
}
