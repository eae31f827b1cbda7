// Host names on Node: the effect of an address, a trusted proxy and PORT=0.
import { networkInterfaces } from 'node:os'
import fastify from 'fastify'
import t from 'tap'
import { createTrust } from '../../src/node/trusted-proxy.ts'
import { rawCall } from '../fixtures/http.ts'
import { startTarget, type Settings } from '../fixtures/targets.ts'

const get = async (origin: string, host: string, headers = '') =>
  Number(
    (await rawCall(origin, `GET /openapi.json HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${headers}\r\n`)).slice(
      9,
      12,
    ),
  )
const start = async (settings: Settings) => {
  const target = await startTarget('node-memory', settings)
  t.teardown(() => target.close())
  return { ...target, port: new URL(target.origin).port, origin: `http://127.0.0.1:${new URL(target.origin).port}` }
}

t.test('M4: on loopback a server refuses foreign names, on any port and for any spelling of HOST', async t => {
  for (const HOST of ['127.0.0.1', 'localhost', '::ffff:127.0.0.1']) {
    const { origin, port } = await start({ HOST, PORT: '0' })
    const at = HOST === 'localhost' ? `http://localhost:${port}` : origin
    t.equal(await get(at, `rebind.evil.example:${port}`), 421, HOST)
    for (const host of ['localhost', `localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]) {
      t.equal(await get(at, host), 200, `${HOST}: ${host}`)
    }
    t.match(await rawCall(at, 'GET /vendor/licenses.txt HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n'),
      /^HTTP\/1\.1 421 /, 'static files too')
  }
})

t.test('M4: beyond loopback names are checked if ALLOWED_HOSTS is set', async t => {
  const open = await start({ HOST: '0.0.0.0', REGISTRATION: 'closed' })
  t.equal(await get(open.origin, 'any.example'), 200)
  const named = await start({ HOST: '0.0.0.0', REGISTRATION: 'closed', ALLOWED_HOSTS: 'copilot.example.com' })
  t.strictSame([await get(named.origin, 'any.example'), await get(named.origin, 'copilot.example.com')], [421, 200])
})

t.test('M4: under other names, only requests of a trusted proxy pass, whatever other clients forward', async t => {
  const trusting = await start({ TRUST_PROXY: 'loopback' })
  t.equal(await get(trusting.origin, 'copilot.example.com'), 200)
  const other = await start({ TRUST_PROXY: '10.0.0.0/8' })
  for (const header of ['', 'X-Forwarded-Host: localhost\r\n', 'X-Forwarded-For: 10.0.0.1\r\n',
    'Forwarded: host=localhost\r\n']) t.equal(await get(other.origin, 'copilot.example.com', header), 421, header)
})

t.test('createTrust() trusts the same addresses as Fastify', async t => {
  const own = Object.values(networkInterfaces()).flat().map(each => each?.address ?? '')
  const addresses = ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '10.2.3.4', '::ffff:10.2.3.4', '172.16.0.9',
    '172.32.0.1', '192.168.7.7', 'fd00::1', 'fe80::1', '169.254.1.1', '2001:db8::9', '2001:db9::1', '8.8.8.8', ...own]
  for (const list of [['loopback'], ['10.0.0.0/8', '::1'], ['uniquelocal'], ['linklocal'], ['2001:db8::/32'], [
    '127.0.0.1',
  ], ['172.31.87.250'], ['::ffff:10.0.0.0/104']]) {
    const app = fastify({ trustProxy: list })
    app.get('/', async request => request.ip)
    const isTrusted = createTrust(list)
    for (const remoteAddress of addresses) {
      const { body } = await app.inject({ url: '/', remoteAddress, headers: { 'x-forwarded-for': '203.0.113.99' } })
      t.equal(isTrusted(remoteAddress), body === '203.0.113.99', `${list.join()}: ${remoteAddress}`)
    }
    await app.close()
  }
  for (const nobody of [undefined, '', 'x', '203.0.113.1, 127.0.0.1']) t.equal(createTrust(['loopback'])(nobody), false)
})
