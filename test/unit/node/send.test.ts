// How the gateway speaks to upstream over TLS, with a real server that would rather speak HTTP/2, as Copilot's may.
import { readFileSync } from 'node:fs'
import { createSecureServer } from 'node:http2'
import { setDefaultCACertificates } from 'node:tls'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { readText } from '../../../src/upstream/read-body.ts'
import { createNodeSend } from '../../../src/node/send.ts'

/** For `localhost`, signed by itself; of no worth anywhere else. */
const file = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url), 'utf8')

t.test('a server that prefers HTTP/2 is asked over HTTP/1.1', async t => {
  const cert = file('localhost.crt')
  setDefaultCACertificates([cert])
  const server = createSecureServer({ allowHTTP1: true, cert, key: file('localhost.key') }, (request, response) => {
    response.end(request.httpVersion)
  })
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { send, close } = createNodeSend({ upstreamIdleSeconds: 5, httpProxy: null, httpsProxy: null, noProxy: null })
  t.teardown(async () => {
    await close()
    server.close()
  })
  const response = await send({ method: 'GET', url: `https://localhost:${(server.address() as AddressInfo).port}/`,
    headers: {}, body: null, signal: new AbortController().signal, headersMs: 5_000 })
  t.equal(response.status, 200)
  t.equal(await readText(response, 100), '1.1')
})
