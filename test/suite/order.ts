// The order in which requests are refused: of several faults the same one wins on every runtime, and a page can read
// the refusals of the API's routes. `src/pipeline/order.ts` has the order.
import type { Frame } from '../fixtures/cases.ts'
import { firstPiece, rawCall, type Json, parse } from '../fixtures/http.ts'
import { says } from './openai.ts'

interface Answer {
  readonly status: number
  readonly head: string
  readonly json: Json
}

/** A request as text, with any faults. */
interface Draft {
  readonly method?: string
  readonly path: string
  readonly host?: string
  readonly origin?: string
  readonly headers?: readonly string[]
  readonly body?: string
}

const page = 'https://page.example'
const settings = { ALLOWED_HOSTS: 'proxy.example', CORS_ORIGIN: page, MAX_BODY_BYTES: '2000' }
const many = Array.from({ length: 130 }, (_, at) => `X-${at}: y`)
const twice = ['X-Copilot-Account-Type: business', 'X-Copilot-Account-Type: business']
const wrongKey = 'Authorization: Bearer acpc-0123456789'
const large = JSON.stringify({ messages: says('x'.repeat(3_000)) })

async function send (
  to: string,
  { method = 'POST', path, host, origin = page, headers = [], body = '' }: Draft,
): Promise<Answer> {
  const lines = [`${method} ${path} HTTP/1.1`, `Host: ${host ?? 'proxy.example'}`, 'Connection: close',
    `Origin: ${origin}`, 'Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`, ...headers]
  const answer = await rawCall(to, `${lines.join('\r\n')}\r\n\r\n${body}`)
  const [head = '', ...rest] = answer.split('\r\n\r\n')
  const text = rest.join('\r\n\r\n')
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]), head: head.toLowerCase(),
    json: parse(text.includes('{') ? text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1) : '') }
}

export function orderSuite ({ testWith }: Frame): void {
  testWith(settings, 'of all faults at once the first step of the order refuses, then the next one, and so on',
    async (t, own) => {
      const user = await own.addUser()
      const rightKey = `Authorization: Bearer ${user.password}`
      const path = `/${user.username}/v1/chat/completions`
      const long = `${path}?x=${'y'.repeat(2_100)}`
      const ladder: ReadonlyArray<readonly [name: string, draft: Draft, status: number, message: RegExp]> = [[
        'a malformed address',
        { method: 'DELETE', path: `/%zz${long}`, host: 'evil.example', headers: [...many, ...twice, wrongKey],
          body: large },
        400,
        /^The address is malformed/,
      ], ['too many headers', { method: 'DELETE', path: long, host: 'evil.example',
        headers: [...many, ...twice, wrongKey], body: large }, 431, /headers/], ['a long address', { method: 'DELETE',
        path: long, host: 'evil.example', headers: [...twice, wrongKey], body: large }, 414, /longer than 2048 bytes/],
        ['a repeated header', { method: 'DELETE', path, host: 'evil.example', headers: [...twice, wrongKey],
          body: large }, 400, /x-copilot-account-type is there twice/], ['an unknown host', { method: 'DELETE', path,
        host: 'evil.example', headers: [wrongKey], body: large }, 421, /ALLOWED_HOSTS/], ['a wrong method', {
        method: 'DELETE',
        path,
        headers: [wrongKey],
        body: large,
      }, 405, /^DELETE is not a method of \/[\w/-]+: use POST\.$/], ['wrong credentials', { path, headers: [wrongKey],
        body: large }, 401, /./], ['a large body', { path, headers: [rightKey], body: large }, 413,
        /^The body is larger than 2000 bytes, the limit of this route/], ['what only the handler sees', { path,
        headers: [rightKey], body: '{' }, 400, /JSON/]]
      for (const [name, draft, status, message] of ladder) {
        const got = await send(own.origin, draft)
        t.match(got, { status, json: { error: { message } } }, name)
        t.equal(got.head.includes(`access-control-allow-origin: ${page}`), name !== 'a malformed address',
          `CORS: ${name}`)
      }
      t.match(await send(own.origin, { path, headers: [rightKey], body: JSON.stringify({ messages: says('hi') }) }), {
        status: 200,
      })
    })

  testWith(settings, 'an unknown route is refused after the host and before credentials, and without CORS headers',
    async (t, own) => {
      const user = await own.addUser()
      const path = `/${user.username}/v1/nothing`
      t.match(await send(own.origin, { path, host: 'evil.example', headers: [wrongKey], body: large }), { status: 421 })
      const got = await send(own.origin, { path, headers: [wrongKey], body: large })
      t.match(got, { status: 404, json: { error: { code: 'not_found' } } })
      t.notMatch(got.head, 'access-control')
    })

  testWith(settings, 'a preflight is refused for its host and its headers, and is not asked for credentials',
    async (t, own) => {
      const asked = ['Access-Control-Request-Method: POST', 'Access-Control-Request-Headers: x-one, x-two']
      const path = `/${own.newName()}/v1/chat/completions`
      const ask = (draft: Partial<Draft>) => send(own.origin, { method: 'OPTIONS', path, headers: asked, ...draft })
      for (const [draft, status] of [[{ host: 'evil.example' }, 421], [{ headers: twice }, 400], [{ headers: many },
        431]] as const) {
        const got = await ask(draft)
        t.equal(got.status, status)
        t.match(got.head, `access-control-allow-origin: ${page}`)
      }
      for (const draft of [{}, { path: '/no/such/route' }]) {
        const got = await ask(draft)
        t.equal(got.status, 204)
        t.match(got.head, 'access-control-allow-headers: x-one, x-two')
        t.match(got.head, /\r\nvary: origin, access-control-request-headers\r\n/)
      }
      t.match((await ask({ headers: [] })).head, 'access-control-allow-headers: authorization, content-type')
      const stranger = await ask({ origin: 'https://other.example' })
      t.equal(stranger.status, 204)
      t.match(stranger.head, /\r\nvary: origin\r\n/)
      t.notMatch(stranger.head, 'access-control')
    })

  testWith(settings, 'the gateway does not wait for a body that no step needs', async (t, own) => {
    const user = await own.addUser()
    for (const [path, status] of [['/no-such-route', 404], [`/${user.username}/v1/embeddings`, 401]] as const) {
      const head = [`POST ${path} HTTP/1.1`, 'Host: proxy.example', 'Content-Type: application/json',
        'Content-Length: 1900'].join('\r\n')
      t.match(await firstPiece(own.origin, `${head}\r\n\r\n`), new RegExp(`^HTTP/1\\.1 ${status} `), path)
    }
  })
}
