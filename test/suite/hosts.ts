// Which host names a server accepts: a web site whose own name resolves to the address of this machine reaches nothing.
import type { Frame } from '../fixtures/cases.ts'
import { rawCall, type Json, parse } from '../fixtures/http.ts'
import type { Target } from '../fixtures/targets.ts'

const evil = 'rebind.evil.example:8787'
const password = 'acpc-0123456789'

/** Sends a request with any host name, which fetch does not allow. */
async function ask (
  { origin }: Target,
  method: string,
  path: string,
  host: string,
  headers: readonly string[] = [],
  body = '',
): Promise<{ status: number, head: string, json: Json }> {
  const lines = [`${method} ${path} HTTP/1.1`, `Host: ${host}`, 'Connection: close',
    `Content-Length: ${Buffer.byteLength(body)}`, ...headers]
  const answer = await rawCall(origin, `${lines.join('\r\n')}\r\n\r\n${body}`)
  const [head = '', ...rest] = answer.split('\r\n\r\n')
  const text = rest.join('\r\n\r\n')
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]), head,
    json: parse(text.includes('{') ? text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1) : '') }
}

export function hostsSuite ({ testWith }: Frame): void {
  testWith({ ALLOWED_HOSTS: 'proxy.example:443, gateway', PUBLIC_ORIGIN: 'https://copilot.example.com:8443' },
    'M4: a host name that is not allowed is 421 on every route except the two health routes', async (t, own) => {
    const user = await own.addUser()
    const json = ['Content-Type: application/json']
    const account = JSON.stringify({ username: own.newName(), password: own.newPassword(),
      token: own.addSeat().githubToken })
    own.begin()
    const requests: ReadonlyArray<readonly [method: string, path: string, headers?: readonly string[], body?: string]> =
      [['GET', '/'], ['GET', '/chat'], ['GET', '/openapi.json'], ['GET', '/no-such-route'], ['DELETE', '/'], ['GET',
        '/healthz/x'], ['POST', '/', [...json, `Origin: http://${evil}`], account], ['POST', '/', [...json,
        'Accept: text/html'], account], ['POST', '/users/delete', json, account], ['GET', '/github/get-device-code', [
        `Referer: http://${evil}/`,
      ]], ['POST', '/github/get-device-code', [`Origin: http://${evil}`]], ['POST', '/github/poll-device-code', json,
        '{}'], ['GET', `/${user.username}/v1/models`, [`Authorization: Bearer ${user.password}`]], ['POST',
        `/${user.username}/v1/chat/completions`, [`Authorization: Bearer ${password}`, ...json], '{}'], ['OPTIONS',
        `/${user.username}/v1/chat/completions`, [`Origin: http://${evil}`, 'Access-Control-Request-Method: POST']], [
        'GET',
        '/admin/users',
        ['Authorization: Bearer x'],
      ]]
    for (const [method, path, headers, body] of requests) {
      const got = await ask(own, method, path, evil, headers, body)
      t.match(got, { status: 421, json: { error: { message: /ALLOWED_HOSTS.*PUBLIC_ORIGIN.*TRUST_PROXY/ } } },
        `${method} ${path}`)
      t.match(JSON.stringify(got.json), 'host_not_allowed')
    }
    for (const [method, path] of [['POST', `/${user.username}/v1/messages`], ['OPTIONS',
      `/${user.username}/v1/messages`]] as const) {
      t.match(await ask(own, method, path, evil, json, '{}'), { status: 421,
        json: { type: 'error', error: { message: /ALLOWED_HOSTS/ } } }, "in the form that Anthropic's clients expect")
    }
    t.same(own.seen(), [], 'nothing went to GitHub or Copilot')
    for (const path of ['/healthz', '/readyz', '/readyz?x=1']) {
      t.equal((await ask(own, 'GET', path, evil)).status, 200, path)
    }
  })

  testWith({ ALLOWED_HOSTS: 'proxy.example:443, gateway', PUBLIC_ORIGIN: 'https://copilot.example.com:8443' },
    'M4: loopback names, addresses, PUBLIC_ORIGIN and ALLOWED_HOSTS are allowed, at any port', async (t, own) => {
    const status = async (host: string) => (await ask(own, 'GET', '/openapi.json', host)).status
    for (const host of ['localhost', 'LOCALHOST:1', 'localhost.:8787', 'a.localhost', '127.0.0.1', '127.0.0.1:8787',
      '192.168.1.20:80', '8.8.8.8', '[::1]', '[::1]:8787', '[2001:db8::7]', 'copilot.example.com',
      'Copilot.Example.com:1', 'proxy.example', 'proxy.example.:8443', 'gateway:8787']) {
      t.equal(await status(host), 200, host)
    }
    for (const host of [evil, 'localhost.evil.example', '127.0.0.1.evil.example', 'evil-localhost',
      'x.copilot.example.com', 'copilot.example.com.evil.example', 'example.com', 'proxy']) {
      t.equal(await status(host), 421, host)
    }
  })
}
