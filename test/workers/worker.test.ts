// Features of the Worker only: its bindings and settings, its pages, and the effect of fetch on headers and bodies.
import { readFileSync } from 'node:fs'
import t from 'tap'
// @ts-expect-error plain JavaScript, run without a build
import { assetsHeaders } from '../../src/build/assets-headers.js'
import { startEmulator } from '../../src/emulator/emulator.ts'
import { everyBundle, everyPage, forEver } from '../../src/security-headers.ts'
import { startWorkerd } from '../fixtures/workerd.ts'
import { rawCall } from '../fixtures/http.ts'
import { chat, headers, password, saveUser } from './client.ts'

const emulator = await startEmulator()
const workerd = await startWorkerd({ settings: { ...emulator.env, MAX_BODY_BYTES: '20000' } })
t.teardown(async () => {
  await workerd.close()
  await emulator.close()
})
await saveUser(workerd.origin, emulator, 'alice')

void t.test('without a pepper the shipped settings are refused, by name and on every route', async t => {
  const bare = await startWorkerd({
    settings: { SECRET_PEPPER: undefined, ADMIN_TOKEN: 'do-not-show-this', PORT: 'x' },
  })
  t.teardown(() => bare.close())
  for (const path of ['/', '/alice/v1/models', '/healthz']) {
    const response = await fetch(bare.origin + path)
    const text = await response.text()
    t.equal(response.status, 500)
    t.match(text, /KDF_ITERATIONS: below 100000 only with a SECRET_PEPPER/)
    t.match(text, /PORT: a whole number/)
    t.notMatch(text, /do-not-show-this/)
    t.match(response.headers.get('x-request-id'), /^[0-9a-f-]{36}$/)
  }
})

void t.test('without TOKEN_KV it starts, reports kv-missing, and lets no user in', async t => {
  const bare = await startWorkerd({ settings: emulator.env, without: 'TOKEN_KV' })
  t.teardown(() => bare.close())
  const save = await fetch(`${bare.origin}/`, { method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'bob', password, token: emulator.addSeat().githubToken }) })
  t.match({ status: save.status, json: await save.json() }, { status: 500,
    json: { status: 'kv-missing', error: { message: /TOKEN_KV/ } } })
  t.equal((await chat(bare.origin, 'bob')).status, 401)
  const ready = await fetch(`${bare.origin}/readyz`)
  t.match({ status: ready.status, json: await ready.json() }, { status: 503,
    json: { status: 'kv-missing', store: 'cloudflare-kv' } })
})

void t.test('a KV that throws is 503 store-unavailable; known users are served; no rejection is unhandled', async t => {
  t.equal((await chat(workerd.origin, 'alice')).status, 200)
  workerd.failKv('KV GET failed: 500 Internal Server Error for user:secret-name')
  t.teardown(() => {
    workerd.failKv(null)
  })
  workerd.setState({ offsetMs: 200_000 })
  t.equal((await chat(workerd.origin, 'alice')).status, 200, 'warm')
  const cold = await chat(workerd.origin, 'bob')
  t.match({ status: cold.status, retry: cold.headers.get('retry-after'), json: await cold.json() }, { status: 503,
    retry: /^\d+$/, json: { error: { code: 'store_unavailable' } } })
  const save = await fetch(`${workerd.origin}/`, { method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'bob', password, token: emulator.addSeat().githubToken }) })
  t.match({ status: save.status, json: await save.json() }, { status: 503, json: { status: 'store-unavailable' } })
  t.equal((await fetch(`${workerd.origin}/readyz`)).status, 503)
  t.notMatch(workerd.logs(), /secret-name|Uncaught|unhandled/i)
  workerd.failKv(null)
  workerd.setState({ offsetMs: 300_000 })
  t.equal((await fetch(`${workerd.origin}/readyz`)).status, 200)
})

void t.test('pages have the same headers as on Node, and POST / reaches the Worker', async t => {
  for (const path of ['/', '/chat']) {
    const page = await fetch(workerd.origin + path)
    t.equal(page.status, 200)
    t.match(page.headers.get('content-type'), /^text\/html/)
    for (const [name, value] of Object.entries(everyPage)) t.equal(page.headers.get(name), value, `${path} ${name}`)
    t.equal(page.headers.get('cache-control'), 'no-store')
    t.match(page.headers.get('x-request-id'), /^[0-9a-f-]{36}$/)
    t.match(await page.text(), /^<!doctype html>/i)
    const head = await fetch(workerd.origin + path, { method: 'HEAD' })
    t.equal(head.status, 200)
    const again = await fetch(workerd.origin + path, { headers: { 'if-none-match': page.headers.get('etag') ?? '' } })
    t.equal(again.status, 304)
  }
  const post = await fetch(`${workerd.origin}/`, { method: 'POST', redirect: 'manual',
    headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' }, body: 'token=x' })
  t.match({ status: post.status, location: post.headers.get('location') }, { status: 303,
    location: '/?status=invalid' })
  const put = await fetch(`${workerd.origin}/`, { method: 'PUT' })
  t.match({ status: put.status, allow: put.headers.get('allow') }, { status: 405, allow: 'GET, HEAD, POST' })
})

void t.test('other files come from the asset layer with the same headers; missing ones get a 404', async t => {
  const html = await (await fetch(workerd.origin)).text()
  for (const [path, caching] of [['/favicon.svg', 'no-cache'], [/"(\/assets\/built\/[^"]+)"/.exec(html)?.[1] ?? '',
    forEver]] as const) {
    const file = await fetch(workerd.origin + path)
    t.equal(file.status, 200)
    for (const name of Object.keys(everyPage)) {
      const wanted = caching === forEver ? everyBundle[name] ?? null : everyPage[name]
      t.equal(file.headers.get(name), wanted, `${path}: ${name}`)
    }
    t.equal(file.headers.get('cache-control'), caching, path)
  }
  for (const path of ['/assets/none.css', '/index.html', '/chat.html', '/admin.html', '/_headers', '/wrangler.json',
    '/assets/', '/chat/', '/index.html.br', '/sw.js.gz', '/assets/styles/base.css']) {
    const none = await fetch(workerd.origin + path, { redirect: 'manual' })
    t.match({ status: none.status, json: await none.json() }, { status: 404, json: { error: { code: 'not_found' } } },
      path)
  }
})

void t.test('static/_headers matches src/security-headers.ts', t => {
  t.equal(readFileSync(new URL('../../static/_headers', import.meta.url), 'utf8'), (assetsHeaders as () => string)(),
    'run: node src/build/assets-headers.js')
  t.end()
})

void t.test('a repeated critical header is 400', async t => {
  for (const name of ['authorization', 'x-api-key', 'x-copilot-account-type', 'x-copilot-seat', 'content-type']) {
    const answer = await rawCall(workerd.origin,
      `GET /alice/v1/models HTTP/1.1\r\nhost: h\r\nconnection: close\r\nauthorization: Bearer ${password}\r\n${
        `${name}: ${name === 'authorization' ? `Bearer ${password}` : 'x'}\r\n`.repeat(name === 'authorization' ? 1 : 2)
      }\r\n`)
    t.match(answer, /^HTTP\/1\.1 400 /, name)
    t.match(answer, `The header ${name} is there twice.`)
  }
})

void t.test("a body over the limit is 413, by declared length or bytes; an unknown user's is not read", async t => {
  // Less than the 64 KiB that workerd's server still reads after an early answer. A client that sends more may get a
  // reset first.
  const big = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'x'.repeat(40_000) }] })
  const url = `${workerd.origin}/alice/v1/chat/completions`
  const chunked = () =>
    new ReadableStream<Uint8Array>({ start (controller) {
      controller.enqueue(new TextEncoder().encode(big))
      controller.close()
    } })
  for (const body of [big, chunked()]) {
    const response = await fetch(url, { method: 'POST', headers, body,
      ...typeof body !== 'string' && { duplex: 'half' } })
    t.match({ status: response.status, json: await response.json() }, { status: 413,
      json: { error: { code: 'request_too_large' } } })
  }
  t.equal(
    (await fetch(url, { method: 'POST', headers: { ...headers, authorization: 'Bearer acpc-0000000000' }, body: big }))
      .status,
    401,
  )
})

void t.test("the client's address is Cloudflare's header, and no header of a client changes it", async t => {
  const limited = await startWorkerd({ settings: { ...emulator.env, AUTH_FAILURES_PER_MINUTE: '3' } })
  t.teardown(() => limited.close())
  const statuses: number[] = []
  for (let n = 0; n < 6; n++) {
    const response = await fetch(`${limited.origin}/alice/v1/models`, {
      headers: { authorization: `Bearer acpc-000000000${n}`, 'x-forwarded-for': `10.0.0.${n}`,
        'x-real-ip': `10.0.0.${n}` },
    })
    statuses.push(response.status)
  }
  t.same(statuses, [401, 401, 401, 429, 429, 429])
})

void t.test("Cloudflare's own limit guards account routes too, and is off together with the other limits", async t => {
  const post = (origin: string) =>
    fetch(`${origin}/users/delete`, { method: 'POST', headers: { 'content-type': 'application/json' },
      body: '{"username":"UPPER","password":"x"}' })
  const statuses: number[] = []
  for (let n = 0; n < 70; n++) statuses.push((await post(workerd.origin)).status)
  t.equal(statuses[0], 403)
  t.equal(statuses.at(-1), 429)
  const off = await startWorkerd({
    settings: { ...emulator.env, REGISTRATIONS_PER_10_MINUTES: '0', DEVICE_STARTS_PER_10_MINUTES: '0',
      AUTH_FAILURES_PER_MINUTE: '0' },
  })
  t.teardown(() => off.close())
  for (let n = 0; n < 70; n++) statuses[n] = (await post(off.origin)).status
  t.same(new Set(statuses), new Set([403]))
})
