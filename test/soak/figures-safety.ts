// G11, G13, G17, G18, G21, G24: what is stored, what is requested, what leaks.
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { readConfig } from '../../src/config.ts'
import { startServer } from '../../src/node/server.ts'
import { openSqliteStore } from '../../src/store/sqlite.ts'
import { heapFlags, takeHeap } from '../faults/heap.ts'
import { findSecrets } from '../fixtures/secrets.ts'
import { createMovableClock } from '../fixtures/targets.ts'
import { startWorkerdKv } from '../fixtures/workerd-kv.ts'
import { ms, type Figure } from './figure.ts'
import { percentile } from '../fixtures/measure.ts'

const g11: Figure = {
  id: 'G11',
  name: 'kill -9 of the SQLite store under 200 concurrent writers, 50 rounds',
  must: '0 acknowledged writes lost; integrity ok; opens in ≤ 2 s',
  async run (stage) {
    const file = join(stage.newDir(), 'storm.sqlite')
    const acknowledged: string[] = []
    let lost = 0
    let damaged = 0
    let slowest = 0
    for (let round = 0; round < 50; round++) {
      const child = spawn(process.execPath, [fileURLToPath(new URL('sqlite-storm.ts', import.meta.url)), file,
        `${round}`], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'], timeout: 20_000 })
      let printed = ''
      child.stdout?.on('data', (chunk: Buffer) => {
        if (printed === '') setTimeout(() => child.kill('SIGKILL'), 20 + Math.random() * 130)
        printed += chunk.toString()
      })
      await new Promise(resolve => child.once('close', resolve))
      const keys = printed.split('\n').slice(0, -1)
      acknowledged.push(...keys)
      const from = performance.now()
      const store = openSqliteStore({ file })
      slowest = Math.max(slowest, performance.now() - from)
      for (const key of keys) if (await store.get(key) !== `value of ${key}`) lost++
      await store.close()
      const database = new DatabaseSync(file)
      if (JSON.stringify(database.prepare('PRAGMA integrity_check').all()) !== '[{"integrity_check":"ok"}]') damaged++
      database.close()
    }
    const store = openSqliteStore({ file })
    for (const key of acknowledged) if (await store.get(key) !== `value of ${key}`) lost++
    await store.close()
    return {
      measured:
        `${lost} of ${acknowledged.length} acknowledged writes lost in 50 rounds; ${damaged} damaged files; opened in ${
          ms(slowest)
        } at worst`,
      ok: lost === 0 && damaged === 0 && slowest <= 2_000 && acknowledged.length > 1_000,
      note: 'killed 20 to 150 ms after its first acknowledged write; every key is looked up again after the last round',
    }
  },
}

const g13: Figure = {
  id: 'G13',
  name: 'KV over REST: calls',
  must:
    '≤ 1 per user and 60 s warm; ≤ 3 on a cold request (record, token, list of models); 0 while the breaker is open',
  async run (stage) {
    const kv = await startWorkerdKv()
    const clock = createMovableClock()
    const config = readConfig({
      PORT: '0',
      LOG_LEVEL: 'silent',
      STORE: 'cloudflare-kv',
      CF_API_BASE_URL: kv.baseUrl,
      CF_API_TOKEN: kv.apiToken,
      CF_ACCOUNT_ID: kv.accountId,
      CF_KV_NAMESPACE_ID: kv.namespaceId,
      GITHUB_API_BASE_URL: stage.upstreamOrigin,
      COPILOT_API_BASE_URL: stage.upstreamOrigin,
      REGISTRATIONS_PER_10_MINUTES: '0',
      USER_REQUESTS_PER_MINUTE: '0',
    })
    const start = () => startServer(config, { clock })
    let server = await start()
    const credentials = { username: 'soak-kv', password: 'acpc-Pw0123KvZz', token: `ghu_SoakSecretKv${'q'.repeat(24)}` }
    stage.secrets.add(credentials.password).add(credentials.token)
    const ask = async () =>
      (await fetch(`${server.origin}/soak-kv/v1/chat/completions`, { method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${credentials.password}` },
        body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: '{}' }] }) }).then(
          async response => {
            await response.text()
            return response
          },
        )).status
    const calls = async (work: () => Promise<unknown>) => {
      kv.calls.length = 0
      await work()
      await sleep(300)
      return kv.calls.length
    }
    try {
      await fetch(`${server.origin}/`, { method: 'POST', headers: { 'content-type': 'application/json' },
        body: JSON.stringify(credentials) }).then(response => response.text())
      clock.advance(91_000)
      await ask()
      const warm: number[] = []
      for (let minute = 0; minute < 5; minute++) {
        clock.advance(61_000)
        warm.push(await calls(async () => {
          for (let n = 0; n < 20; n++) await ask()
        }))
      }
      await server.close()
      server = await start()
      const cold = await calls(ask)
      kv.setFault({ kind: 'status', status: 500 })
      let opened = 0
      for (; opened < 10; opened++) {
        await fetch(`${server.origin}/nobody-${opened}/v1/models`, {
          headers: { authorization: 'Bearer acpc-0123456789' },
        }).then(response => response.text())
      }
      clock.advance(61_000)
      const open = await calls(async () => {
        for (let n = 0; n < 20; n++) {
          if (n % 2 === 0) await ask()
          else {await fetch(`${server.origin}/nobody-x${n}/v1/models`, {
              headers: { authorization: 'Bearer acpc-0123456789' },
            }).then(response => response.text())}
        }
      })
      const whileOpen = await calls(async () => {
        for (let n = 0; n < 20; n++) await ask()
      })
      kv.setFault(null)
      return {
        measured: `warm ${Math.max(...warm)} in each of ${warm.length} minutes of 20 requests; cold ${cold}; `
          + `${whileOpen} in 20 requests of a warm user while open (${open} in 20 mixed ones just before, the `
          + 'trial call of the breaker with its retries)',
        ok: Math.max(...warm) <= 1 && cold <= 3 && whileOpen === 0,
        note: 'calls to the REST API, counted in front of it; time moved by hand',
      }
    } finally {
      await server.close()
      await kv.close()
    }
  },
}

const g17: Figure = {
  id: 'G17',
  name: 'Planted secrets in logs, files and the store after the whole run, and in a heap at rest for 60 s',
  must: '0 hits, in any spelling',
  async run (stage) {
    const env = { STORE: 'sqlite', DATA_DIR: stage.newDir(), LOG_LEVEL: 'trace',
      ADMIN_TOKEN: 'SoakSecretOfTheOperator123456' }
    const heapDir = stage.newDir()
    const gateway = await stage.startGateway(env, heapFlags(heapDir))
    const users = await stage.users(gateway, 5)
    await stage.drive({ kind: 'once', who: gateway.who(users), atOnce: 5 })
    const bodies: string[] = []
    for (const user of users) {
      for (const [path, init] of [['/', { method: 'POST', headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...user, password: 'acpc-Wrong00000' }) }], [
        `/${user.username}/v1/models?key=${user.password}`,
        {},
      ], [`/${user.username}/v1/chat/completions`, { method: 'POST',
        headers: { authorization: `Bearer ${user.password}` }, body: user.token }], ['/admin/users', {
        headers: { authorization: `Bearer ${env.ADMIN_TOKEN}` },
      }], ['/metrics', { headers: { authorization: `Bearer ${env.ADMIN_TOKEN}` } }]] as Array<[string, RequestInit]>) {
        bodies.push(await (await fetch(gateway.origin + path, init)).text())
      }
    }
    stage.secrets.add(env.ADMIN_TOKEN)
    const { exchanges } = await stage.upstream()
    for (let n = 1; n <= Math.max(exchanges, 300); n++) stage.secrets.add(`tid=soaksecret${n};`)
    stage.secrets.add(`exp=1:${'f'.repeat(64)}`)
    await sleep(60_000)
    const inHeap = (await takeHeap(gateway.child, heapDir)).find(
      users.flatMap(({ password, token }) => [password, token]),
    )
    await gateway.stop()
    const files = readdirSync(env.DATA_DIR).map(name => readFileSync(join(env.DATA_DIR, name), 'latin1')).join('\n')
    const logs = stage.logs()
    const found = findSecrets(stage.secrets, { logs, files, bodies: bodies.join('\n') })
    const patterns = /gh[opsu]_\w{20,}|github_pat_\w+|acpc-\w{10}|tid=[^ "]+|Bearer \S{12,}/.exec(logs + files)
    return {
      measured: `${found.length} hits for ${stage.secrets.size} secrets in ${
        (logs.length / 1e6).toFixed(0)
      } MB of logs, the SQLite files and error bodies; ${
        patterns === null ? 0 : 1
      } for the patterns of T03; ${inHeap.length} of ${
        2 * users.length
      } passwords and GitHub tokens in the heap snapshot`,
      ok: found.length === 0 && patterns === null && inHeap.length === 0,
      note: `in clear, URL-encoded, hex and base64; the snapshot 60 s after the last request${
        [...found, ...inHeap].slice(0, 3).map(hit => `; ${hit}`).join('')
      }`,
    }
  },
}

const g18: Figure = {
  id: 'G18',
  name: 'Herd: 200 requests of 20 users as their tokens expire',
  must: 'exactly 20 exchanges; 0 failed',
  async run (stage) {
    await stage.upstream({ livesSeconds: 63 })
    const gateway = await stage.startGateway()
    const users = await stage.users(gateway, 20)
    await sleep(4_500) // A token is renewed from a minute before its end.
    await stage.upstream({ take: true, livesSeconds: 1_800 })
    const done = await stage.drive({ kind: 'once', who: Array.from({ length: 10 }, () => gateway.who(users)).flat(),
      atOnce: 200 })
    const { exchanges } = await stage.upstream({ take: true })
    await gateway.stop()
    return { measured: `${exchanges} exchanges, ${done.failed} of ${done.count} failed`,
      ok: exchanges === 20 && done.failed === 0 }
  },
}

const g21: Figure = {
  id: 'G21',
  name: 'Unknown user against wrong password, 500 samples each',
  must: 'medians differ by ≤ 2 ms and ≤ 10 %',
  async run (stage) {
    const gateway = await stage.startGateway({ STORE: 'sqlite', DATA_DIR: stage.newDir() })
    const [user] = await stage.users(gateway, 1)
    const took: { unknown: number[], wrong: number[] } = { unknown: [], wrong: [] }
    for (let n = 0; n < 1_010; n++) {
      const kind = n % 2 === 0 ? 'unknown' : 'wrong'
      const name = kind === 'unknown' ? `nobody-${n}` : user?.username
      const from = performance.now()
      await (await fetch(`${gateway.origin}/${name}/v1/models`, {
        headers: { authorization: `Bearer acpc-${String(n).padStart(10, 'w')}` },
      })).text()
      if (n >= 10) took[kind].push(performance.now() - from)
    }
    await gateway.stop()
    const [a, b] = [percentile(took.unknown, 0.5), percentile(took.wrong, 0.5)]
    return {
      measured: `medians ${a.toFixed(2)} ms and ${b.toFixed(2)} ms, ${Math.abs(a - b).toFixed(2)} ms apart (${
        (100 * Math.abs(a - b) / Math.max(a, b)).toFixed(1)
      } %)`,
      ok: Math.abs(a - b) <= 2 && Math.abs(a - b) <= 0.1 * Math.max(a, b),
      note: 'interleaved; every password is new, so that none is remembered as wrong',
    }
  },
}

const g24: Figure = {
  id: 'G24',
  name: 'Start-up: process start to first answer',
  must: '≤ 1 s, upstream there or not; a wrong setting: exit 1, by name',
  async run (stage) {
    const starts: string[] = []
    let worst = 0
    for (const [name, env] of [['memory', {}], ['sqlite', { STORE: 'sqlite', DATA_DIR: stage.newDir() }], [
      'without upstream',
      { GITHUB_API_BASE_URL: 'http://127.0.0.1:9', COPILOT_API_BASE_URL: 'http://127.0.0.1:9' },
    ]] as Array<[string, Record<string, string>]>) {
      const times: number[] = []
      for (let n = 0; n < 3; n++) {
        const gateway = await stage.startGateway(env)
        times.push(gateway.startMs)
        if ((await fetch(`${gateway.origin}/readyz`)).status !== 200) worst = Infinity
        await gateway.stop()
      }
      worst = Math.max(worst, Math.min(...times))
      starts.push(`${name} ${Math.round(Math.min(...times))} ms`)
    }
    const wrong = await stage.startGateway({ HEARTBEAT_SECONDS: 'often' }).then(() => '',
      (thrown: unknown) => String(thrown))
    return {
      measured: `${starts.join(', ')}; wrong setting: ${/HEARTBEAT_SECONDS/.test(wrong) ? 'named' : 'not named'}`,
      ok: worst <= 1_000 && /HEARTBEAT_SECONDS/.test(wrong),
      note: 'best of three, from the fork of the process to the line that names the address',
    }
  },
}

export const safetyFigures: readonly Figure[] = [g11, g13, g17, g18, g21, g24]
