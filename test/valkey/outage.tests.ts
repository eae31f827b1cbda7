// What the driver says and does when the server is away, full, silent or a replica, and when the password is wrong.
import { createServer, connect, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { readConfig } from '../../src/config.ts'
import { StoreError } from '../../src/store/store.ts'
import { createValkeyStore, type ValkeyStore } from '../../src/store/valkey.ts'
import { all, rejection } from '../fixtures/store-contract.ts'
import { freePort, startValkey } from '../fixtures/valkey.ts'

const password = 'hunter2-not-in-any-message'

function open (t: Test, url: string, timeoutMs = 800): ValkeyStore {
  const { store: settings } = readConfig({ STORE: 'valkey', VALKEY_URL: url })
  if (settings.kind !== 'valkey') throw new Error('not Valkey')
  const store = createValkeyStore({ ...settings, timeoutMs })
  t.teardown(() => store.close())
  return store
}

async function messageOf (work: Promise<unknown>): Promise<string> {
  const thrown = await rejection(work)
  if (!(thrown instanceof StoreError)) throw thrown
  const { message, cause, stack } = thrown
  if (cause !== undefined || `${message}${stack}`.includes(password)) throw new Error('the error says too much')
  return message
}

const soon = async (check: () => Promise<boolean>): Promise<void> => {
  while (!await check().catch(() => false)) await new Promise(resolve => setTimeout(resolve, 30))
}

void t.test('a server that is not there: one line, then at once, and all works when it is there', async t => {
  const port = await freePort()
  const store = open(t, `valkey://127.0.0.1:${port}`)
  t.equal(await messageOf(store.get('a')), 'Valkey could not be reached (ECONNREFUSED)')
  const from = performance.now()
  t.match(await messageOf(store.set('a', '1')), /^Valkey could not be reached/)
  t.match(await messageOf(store.hot.run('o', [{ do: 'get', key: 'v' }])), /^Valkey could not be reached/)
  t.ok(performance.now() - from < 400, 'later calls do not wait')
  t.match(await messageOf(all(store, '')), /^Valkey could not be reached/)
})

void t.test('a server that is killed and comes back: calls of that moment wait, and nothing is lost', async t => {
  const server = await startValkey(t, { args: ['--appendfsync', 'always'] })
  const store = open(t, server.url, 5_000)
  const day = '2026-11-01'
  const usage = { day, key: 'k', seat: 's', client: 'c', model: 'm', endpoint: 'e', requests: 1, errors: 0,
    inputTokens: 1, cachedTokens: 0, outputTokens: 1, reasoningTokens: 0, nanoCredits: 1, searches: 0 }
  let [acknowledged, counted, failed] = [0, 0, 0]
  let isOver = false
  const writer = async (nth: number) => {
    for (let at = 0; !isOver; at++) {
      try {
        await store.set(`w${nth}:${at}`, 'x')
        acknowledged++
        await store.hot.run(`w${nth}`, [{ do: 'count', rows: [usage], keepDays: 400 }])
        counted++
      } catch {
        failed++
      }
    }
  }
  const writers = [0, 1, 2, 3].map(writer)
  for (let round = 0; round < 3; round++) {
    await new Promise(resolve => setTimeout(resolve, 250))
    await server.kill()
    await server.start()
    await soon(async () => await store.get('none') === null)
  }
  isOver = true
  await Promise.all(writers)
  const keys: string[] = []
  for await (const key of store.keys('w')) keys.push(key)
  const rows = await Promise.all([0, 1, 2, 3].map(nth => store.usage.read(`w${nth}`, day, day)))
  const written = rows.flat().reduce((sum, { requests }) => sum + requests, 0)
  t.equal(failed, 0, 'each call waited for the server')
  t.equal(keys.length, acknowledged)
  t.equal(written, counted, 'a write of usage whose answer was lost was sent again, and counts once')
  t.ok(acknowledged > 100, `${acknowledged} writes`)
})

void t.test('a server that is silent: calls end in time, and go on when it speaks again', async t => {
  const server = await startValkey(t)
  const store = open(t, server.url)
  await store.set('a', '1')
  server.freeze()
  t.equal(await messageOf(store.get('a')), 'Valkey did not answer in time')
  server.thaw()
  await soon(async () => await store.get('a') === '1')
})

void t.test('a full server: reads go on, writes say why', async t => {
  const server = await startValkey(t, { args: ['--maxmemory-policy', 'noeviction'] })
  const store = open(t, server.url)
  await store.set('a', '1')
  server.cli('CONFIG', 'SET', 'maxmemory', '100kb')
  const full = 'Valkey is full: it has reached its maxmemory and refuses writes (OOM)'
  t.equal(await messageOf(store.set('b', 'x')), full)
  t.equal(await messageOf(store.create('b', 'x')), full)
  t.equal(await messageOf(store.hot.run('o', [{ do: 'set', key: 'v', value: 'x', ttlMs: 1_000 }])), full)
  t.equal(await store.get('a'), '1')
  server.cli('CONFIG', 'SET', 'maxmemory', '0')
  await store.set('b', '2')
  t.equal(await store.get('b'), '2')
})

void t.test('wrong credentials: each message says what is wrong, and none has the password', async t => {
  const server = await startValkey(t, { args: ['--requirepass', 'right'],
    cliArgs: ['-a', 'right', '--no-auth-warning'] })
  const at = (user: string) => `valkey://${user}127.0.0.1:${server.port}`
  t.equal(await messageOf(open(t, at(`:${password}@`)).get('a')),
    'Valkey refuses the user name or the password of VALKEY_URL (WRONGPASS)')
  t.equal(await messageOf(open(t, at(`somebody:${password}@`)).get('a')),
    'Valkey refuses the user name or the password of VALKEY_URL (WRONGPASS)')
  t.equal(await messageOf(open(t, at('')).get('a')), 'Valkey wants a password: put it into VALKEY_URL (NOAUTH)')
  server.cli('ACL', 'SETUSER', 'reader', 'on', `>${password}`, '~copilot-proxy:*', '+@read', '+info')
  const reader = open(t, at(`reader:${password}@`))
  t.equal(await reader.get('a'), null)
  t.equal(await messageOf(reader.set('a', '1')), 'the user of VALKEY_URL lacks a permission in Valkey (NOPERM)')
  server.cli('ACL', 'SETUSER', 'gateway', 'on', `>${password}`, '~copilot-proxy:*', '&copilot-proxy:changes', '+@read',
    '+@write', '+@scripting', '+@pubsub', '+info', '+time', '+client|setname', '+select')
  const gateway = open(t, at(`gateway:${password}@`))
  await gateway.set('a', '1')
  const [held] = await gateway.hot.run('o', [{ do: 'hold', key: 'p', holder: 'h', amount: 1, limit: 1, ttlMs: 1_000 }])
  t.equal(held.granted, 1, 'the permissions of docs/valkey.md are enough')
  const other = open(t, at(`gateway:${password}@`))
  const version = () => other.recordsVersion?.() ?? 0
  // The first count may be that it begins to listen.
  for (let tries = 0; tries < 50 && version() < 2; tries++) {
    await gateway.set('user:mona', '1')
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  t.ok(version() >= 2, 'and to learn of changed records')
})

void t.test('a failover behind one address: a write that a replica refuses goes to the new primary', async t => {
  const [first, second] = [await startValkey(t), await startValkey(t)]
  let port = first.port
  const sockets = new Set<Socket>()
  const relay = createServer(socket => {
    const to = connect(port, '127.0.0.1')
    for (const each of [socket, to]) sockets.add(each.on('error', () => {}))
    socket.pipe(to).pipe(socket)
  })
  await new Promise<void>(resolve => relay.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    relay.close()
  })
  const store = open(t, `valkey://127.0.0.1:${(relay.address() as AddressInfo).port}`, 3_000)
  await store.set('a', '1')
  second.cli('REPLICAOF', '127.0.0.1', String(first.port))
  await soon(async () => second.cli('INFO', 'replication').includes('master_link_status:up'))
  second.cli('REPLICAOF', 'NO', 'ONE')
  first.cli('REPLICAOF', '127.0.0.1', String(second.port))
  port = second.port // The old connection still leads to the first one.
  await store.set('b', '2')
  const [wrote] = await store.hot.run('o', [{ do: 'set', key: 'v', value: 'x', ttlMs: 60_000 }])
  t.equal(wrote.written, true)
  t.same([await store.get('a'), second.cli('GET', 'copilot-proxy:record:b')], ['1', '2'])
})

void t.test('a replica without a primary to go to says so', async t => {
  const server = await startValkey(t)
  const store = open(t, server.url)
  server.cli('REPLICAOF', '127.0.0.1', String(await freePort()))
  t.equal(await messageOf(store.set('a', '1')), 'Valkey is a replica at the moment and refuses writes (READONLY)')
})
