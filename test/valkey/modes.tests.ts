// TLS, Sentinel and Cluster, each with real servers.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readConfig } from '../../src/config.ts'
import { createValkeyStore, type ValkeyStore } from '../../src/store/valkey.ts'
import { testHotState } from '../fixtures/hot-contract.ts'
import { all, rejection, testStore } from '../fixtures/store-contract.ts'
import { testUsageStore } from '../fixtures/usage-contract.ts'
import { freePort, listening, sentinelProgram, spawnBound, startValkey, type ValkeyServer } from '../fixtures/valkey.ts'

function open (env: Readonly<Record<string, string>>, now = Date.now): ValkeyStore {
  const { store: settings } = readConfig({ STORE: 'valkey', ...env })
  if (settings.kind !== 'valkey') throw new Error('not Valkey')
  return createValkeyStore({ ...settings, now, timeoutMs: 5_000 })
}

const folder = (t: Test): string => {
  const dir = mkdtempSync(join(tmpdir(), 'copilot-proxy-modes-'))
  t.teardown(() => {
    rmSync(dir, { recursive: true, force: true })
  })
  return dir
}

void t.test('valkeys:// checks the certificate, by the authority of NODE_EXTRA_CA_CERTS', async t => {
  const dir = folder(t)
  const file = (name: string) => join(dir, name)
  spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', file('key'), '-out',
    file('cert'), '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'])
  const server = await startValkey(t, { scheme: 'valkeys',
    args: ['--port', '0', '--tls-port', '{port}', '--tls-cert-file', file('cert'), '--tls-key-file', file('key'),
      '--tls-auth-clients', 'no'] })
  const stranger = open({ VALKEY_URL: server.url })
  t.teardown(() => stranger.close())
  const { message } = await rejection(stranger.get('a')) as Error
  t.equal(message,
    'the certificate of Valkey is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT): name the file of its '
      + 'authority in NODE_EXTRA_CA_CERTS')
  const driver = new URL('../../src/store/valkey.ts', import.meta.url).href
  const config = new URL('../../src/config.ts', import.meta.url).href
  writeFileSync(file('use.mts'), `import { createValkeyStore } from '${driver}'
    import { readConfig } from '${config}'
    const store = createValkeyStore(readConfig({ STORE: 'valkey', VALKEY_URL: '${server.url}' }).store)
    await store.set('a', 'over TLS')
    console.log(await store.get('a'))
    await store.close()`)
  const { stdout, stderr } = spawnSync(process.execPath, [file('use.mts')], { encoding: 'utf8', timeout: 30_000,
    env: { ...process.env, NODE_EXTRA_CA_CERTS: file('cert') } })
  t.equal(stdout, 'over TLS\n', stderr)
})

void t.test('Sentinel: when the primary dies, calls wait for the replica that takes over', async t => {
  const [primary, replica] = [await startValkey(t), await startValkey(t)]
  replica.cli('REPLICAOF', '127.0.0.1', String(primary.port))
  const ports = [await freePort(), await freePort(), await freePort()]
  for (const port of ports) await startSentinel(t, port, primary.port)
  const store = open({ VALKEY_URL: ports.map(port => `valkey://127.0.0.1:${port}`).join(','), VALKEY_SENTINEL: 'main' })
  t.teardown(() => store.close())
  await store.set('before', '1')
  while (!replica.cli('INFO', 'replication').includes('master_link_status:up')
    || replica.cli('GET', 'copilot-proxy:record:before') !== '1'
    || !sees(ports, 'num-slaves', '1') || !sees(ports, 'num-other-sentinels', '2')) await pause(50)
  await primary.kill()
  let [failed, wrote] = [0, false]
  while (!wrote) {
    wrote = await store.set('after', '2').then(() => true, () => {
      failed++
      return false
    })
  }
  t.equal(await store.get('before'), '1')
  t.equal(replica.cli('GET', 'copilot-proxy:record:after'), '2', `the replica has it, after ${failed} failed calls`)
})

const nodes = await startCluster(t)
const clusterEnv = { VALKEY_URL: nodes.map(({ url }) => url).join(','), VALKEY_CLUSTER: '1' }
const openOnCluster = ({ now }: { now: () => number }) => open(clusterEnv, now)

testStore(t, 'cluster', openOnCluster, { atomicCreate: true, listed: 1_005 })
testUsageStore(t, 'cluster', openOnCluster)
testHotState(t, 'cluster', t => {
  const [one, two] = [open(clusterEnv), open(clusterEnv)]
  t.teardown(async () => Promise.all([one.close(), two.close()]))
  return { hot: one.hot, other: two.hot, advance: pause,
    usageOf: username => one.usage.read(username, '0000-01-01', '9999-12-31') }
})

void t.test('a cluster: the keys lie on all nodes, and a listing finds them', async t => {
  const store = open(clusterEnv)
  t.teardown(() => store.close())
  const expected = Array.from({ length: 60 }, (_, at) => `spread:${at}`).sort()
  await Promise.all(expected.map(key => store.set(key, '1')))
  t.strictSame(await all(store, 'spread:'), expected)
  for (const node of nodes) t.ok(Number(node.cli('DBSIZE')) > 0, `${node.port} has some`)
})

async function startCluster (t: Test): Promise<readonly ValkeyServer[]> {
  const dir = folder(t)
  const started = await Promise.all([0, 1, 2].map(async nth => {
    const bus = await freePort()
    return startValkey(t, {
      args: ['--cluster-enabled', 'yes', '--cluster-port', String(bus), '--cluster-config-file',
        join(dir, `nodes-${nth}.conf`), '--cluster-node-timeout', '5000'],
    })
  }))
  started.forEach((node, nth) => {
    node.cli('CLUSTER', 'ADDSLOTSRANGE', String(Math.ceil(nth * 16_384 / 3)),
      String(Math.ceil((nth + 1) * 16_384 / 3) - 1))
    const [first] = started
    if (first !== undefined && node !== first) {
      const bus = first.cli('CONFIG', 'GET', 'cluster-port').split('\n')[1] ?? ''
      node.cli('CLUSTER', 'MEET', '127.0.0.1', String(first.port), bus)
    }
  })
  while (!started.every(node =>
    node.cli('CLUSTER', 'INFO').includes('cluster_state:ok')
    && node.cli('CLUSTER', 'INFO').includes('cluster_known_nodes:3')
  )) await pause(50)
  return started
}

async function startSentinel (t: Test, port: number, primary: number): Promise<void> {
  const file = join(folder(t), 'sentinel.conf')
  writeFileSync(file,
    `port ${port}\nbind 127.0.0.1\nsentinel monitor main 127.0.0.1 ${primary} 2\n`
      + 'sentinel down-after-milliseconds main 400\nsentinel failover-timeout main 4000\n')
  const { child, pid } = await spawnBound(sentinelProgram, [file, '--sentinel'])
  t.teardown(async () => {
    const ended = new Promise(resolve => child.once('close', resolve))
    process.kill(pid, 'SIGKILL')
    await ended
  })
  await listening(port)
}

function sees (ports: readonly number[], name: string, value: string): boolean {
  return ports.every(port => {
    const lines = spawnSync('redis-cli', ['-p', String(port), 'SENTINEL', 'MASTER', 'main'], { encoding: 'utf8' })
      .stdout.split('\n')
    return lines[lines.indexOf(name) + 1] === value
  })
}

function pause (ms: number): Promise<void> {
  return new Promise(resolve => {
    setTimeout(resolve, ms)
  })
}
