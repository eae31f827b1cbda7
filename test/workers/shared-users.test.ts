// One namespace, reached in two ways: by Node over REST, and by the Worker through its binding. A user who signs up on
// one side signs in on the other, and each side opens what the other has sealed. Both have the same pepper and the same
// iterations. If these differed, each side would seal the other's records again.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import t from 'tap'
import { readConfig } from '../../src/config.ts'
import { startEmulator } from '../../src/emulator/emulator.ts'
import { startServer } from '../../src/node/server.ts'
import { startWorkerd, testPepper } from '../fixtures/workerd.ts'
import { chat, password, saveUser } from './client.ts'

const emulator = await startEmulator()
const limits = { REGISTRATIONS_PER_10_MINUTES: '0' }
const workerd = await startWorkerd({ settings: { ...emulator.env, ...limits }, explorer: true })
const rest = await startRest()
const node = await startServer(readConfig({
  ...emulator.env,
  ...limits,
  PORT: '0',
  LOG_LEVEL: 'silent',
  STORE: 'cloudflare-kv',
  KDF_ITERATIONS: '10000',
  SECRET_PEPPER: testPepper,
  CF_API_BASE_URL: rest.baseUrl,
  CF_API_TOKEN: 'any',
  CF_ACCOUNT_ID: rest.accountId,
  CF_KV_NAMESPACE_ID: 'TOKEN_KV',
}))
const nodeOrigin = node.origin.replace('localhost', '127.0.0.1')
t.teardown(async () => {
  await node.close()
  await rest.close()
  await workerd.close()
  await emulator.close()
})
const exchanges = () => emulator.requests.filter(({ path }) => path === '/copilot_internal/v2/token').length

for (const [name, from, to] of [['on Node, over REST', nodeOrigin, workerd.origin], ['on the Worker, by the binding',
  workerd.origin, nodeOrigin]] as const) {
  void t.test(`a user who registered ${name} signs in on the other side, with the token sealed there`, async t => {
    const username = from === nodeOrigin ? 'made-on-node' : 'made-on-worker'
    await saveUser(from, emulator, username)
    t.equal((await chat(from, username)).status, 200)
    const before = exchanges()
    t.equal((await chat(to, username)).status, 200)
    t.equal(exchanges(), before, 'GitHub gets no second call')
    t.equal((await chat(to, username, {}, { authorization: 'Bearer acpc-0000000000' })).status, 401)
  })
}

void t.test('the first side to read a user of the original project converts the record for both', async t => {
  for (const [username, first, second] of [['seed-one', workerd.origin, nodeOrigin], ['seed-two', nodeOrigin,
    workerd.origin]] as const) {
    const { githubToken } = emulator.addSeat()
    await workerd.kv.put(`cred:${username}:${password}:${githubToken}`, 'tid=old')
    await workerd.kv.put(`user:${username}`, `cred:${username}:${password}:${githubToken}`)
    t.equal((await chat(first, username)).status, 200)
    t.equal((await chat(second, username)).status, 200)
    t.notMatch(await workerd.kv.dump(), new RegExp(`${password}|${githubToken}`), 'no secret is left in clear text')
  }
})

/** The REST API of Cloudflare, up to the account's path. Behind it is workerd's own explorer of the same namespace. */
async function startRest () {
  const accountId = '023e105f4ecef8ad9ca31a8372d0c353'
  const server = createServer((request, response) => {
    void (async () => {
      const body = await buffer(request)
      const path = (request.url ?? '').replace(`/client/v4/accounts/${accountId}`, '/cdn-cgi/local/explorer/api')
      const answer = await fetch(workerd.origin + path, { method: request.method ?? 'GET',
        headers: { 'content-type': request.headers['content-type'] ?? '' }, ...body.length > 0 && { body } })
      response.writeHead(answer.status, {
        'content-type': answer.headers.get('content-type') ?? 'application/octet-stream',
      }).end(await answer.bytes())
    })().catch(() => response.destroy())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    accountId,
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/client/v4`,
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
