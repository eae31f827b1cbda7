// Other gateways, in the same run and before the same upstream. They do less than this gateway: they have one user, or
// none, and check no credentials of a store. Each has the newest version that npm has.
import { execFileSync, fork } from 'node:child_process'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { median } from '../fixtures/measure.ts'
import type { Path } from './answers.ts'
import type { Figure } from './figures.ts'
import { adopt, cpuOf, type Running } from './processes.ts'
import { bodyOf, endOf, relays, type Relay } from './relays.ts'
import type { Stage } from './stage.ts'

export interface Peer extends Running {
  readonly name: string
  readonly headers: Readonly<Record<string, string>>
  /** The address of a dialect's route; null if the peer does not serve it in front of this path of Copilot's. */
  readonly address: (client: Path, upstream: Path) => string | null
}

const local = (path: string) => fileURLToPath(new URL(`peers/${path}`, import.meta.url))

export function installPeers (): void {
  execFileSync('npm', ['install', '--prefix', local(''), '--no-audit', '--no-fund', '--no-save'], { stdio: 'ignore' })
}

export function startPeers (upstream: string): Promise<readonly Peer[]> {
  return Promise.all([startCopilotApi(upstream), startPortkey(upstream)])
}

/** Translates Messages, and asks Copilot on Chat only. */
async function startCopilotApi (upstream: string): Promise<Peer> {
  const port = await freePort()
  const running = await start('copilot-api', 'dist/main.js', port, ['start', '--port', String(port), '--github-token',
    'ghu_Bench'], { execArgv: ['--import', local('redirect.js')], env: { BENCH_UPSTREAM: upstream } })
  return { ...running, name: `copilot-api ${versionOf('copilot-api')}`, headers: {},
    address: (client, path) =>
      path !== '/chat/completions' || client === '/responses'
        ? null
        : `${running.origin}/v1${client.replace('/v1', '')}` }
}

/** Knows no Copilot: it relays to any upstream that speaks OpenAI's Chat. */
async function startPortkey (upstream: string): Promise<Peer> {
  const port = await freePort()
  const running = await start('@portkey-ai/gateway', 'build/start-server.js', port, [`--port=${port}`, '--headless'], {
    env: { TRUSTED_CUSTOM_HOSTS: '127.0.0.1,localhost' },
  })
  return { ...running, name: `Portkey's gateway ${versionOf('@portkey-ai/gateway')}`,
    headers: { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': upstream },
    address: (client, path) =>
      client === '/chat/completions' && path === client ? `${running.origin}/v1/chat/completions` : null }
}

async function start (
  name: string,
  file: string,
  port: number,
  args: readonly string[],
  { env = {}, execArgv = [] }: { readonly env?: Readonly<Record<string, string>>, readonly execArgv?: string[] },
): Promise<Running> {
  const from = performance.now()
  const stop = adopt(
    fork(local(`node_modules/${name}/${file}`), args, { execArgv, silent: true,
      env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', ...env } }),
  )
  const origin = `http://127.0.0.1:${port}`
  for (let tries = 0; tries < 100; tries++) {
    const isUp = await fetch(origin).then(response => response.arrayBuffer()).catch(() => null)
    if (isUp !== null) return { ...stop, origin, startMs: performance.now() - from }
    await sleep(100)
  }
  throw new Error(`${name} does not start`)
}

function versionOf (name: string): string {
  const { version } = JSON.parse(readFileSync(local(`node_modules/${name}/package.json`), 'utf8')) as {
    version: string,
  }
  return version
}

async function freePort (): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

const rows = ['1 KB JSON chat', 'stream of 200 events sent at once', 'Messages client, Chat upstream, at once'] as const

/** CPU of each request, in rounds that alternate between this gateway and its peers. */
export async function measurePeers (stage: Stage, rounds: number): Promise<Figure[]> {
  const peers = await startPeers(stage.upstream.origin)
  const figures: Figure[] = []
  for (const name of rows) {
    const relay = relays.find(each => each.name === name)
    if (relay === undefined) throw new Error(`no row ${name}`)
    figures.push(await measureRow(stage, relay, peers, rounds))
  }
  await Promise.all(peers.map(({ stop }) => stop()))
  return figures
}

async function measureRow (stage: Stage, relay: Relay, peers: readonly Peer[], rounds: number): Promise<Figure> {
  const { gateway } = stage.targets
  const { client, upstream, events, everyMs, name } = relay
  await stage.setMode({ events, everyMs })
  const own = { name: 'this', pid: gateway.pid, headers: {}, key: stage.user.password,
    url: `${gateway.origin}/${stage.user.username}/v1${client.replace('/v1', '')}` }
  const all = [own, ...peers.flatMap(({ address, ...peer }) => {
    const url = address(client, upstream)
    return url === null ? [] : [{ ...peer, url, key: 'none' }]
  })]
  const cpus = new Map(all.map(each => [each.name, [] as number[]]))
  const broken = new Map<string, string>()
  for (let round = -2; round < rounds; round++) {
    for (const { name, pid, headers, url, key } of all) {
      if (broken.has(name)) continue
      const before = cpuOf(pid)
      const { failed, reasons } = await stage.drive({ url, key, headers, body: bodyOf(relay), count: relay.count,
        atOnce: relay.atOnce, endsWith: endOf(client, events > 0) })
      if (failed > 0 && pid === gateway.pid) throw new Error(`${relay.name}: ${failed} failed: ${reasons.join('; ')}`)
      if (failed > 0) broken.set(name, (reasons[0] ?? '').replace(/^Error: |, ends in.*/g, ''))
      else if (round >= 0) cpus.get(name)?.push((cpuOf(pid) - before) / relay.count)
    }
  }
  const medians = [...cpus].map(([name, each]) => ({ name, cpu: median(each) }))
  const ownCpu = medians[0]?.cpu ?? NaN
  const shown = medians.map(({ name, cpu }) =>
    broken.has(name)
      ? `${name} fails here (${broken.get(name)})`
      : `${name} ${Math.round(cpu)} µs${name === 'this' ? '' : ` (${(cpu / ownCpu).toFixed(1)} times)`}`
  )
  return { name: `Other gateways: ${name}`, must: '–', ok: true, measured: shown.join(', '),
    values: Object.fromEntries(medians.map(({ name, cpu }) => [name, cpu])) }
}
