// The built pages: few files with hashed names, each packed, and the same pages from every build.
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { readConfig } from '../../src/config.ts'
import { buildPages } from '../../src/build/pages.ts'
import { startServer } from '../../src/node/server.ts'
import { everyPage, forEver } from '../../src/security-headers.ts'
import { rawCall } from '../fixtures/http.ts'

const folder = mkdtempSync(join(tmpdir(), 'pages-'))
t.teardown(() => {
  rmSync(folder, { recursive: true })
})
const [first, second] = [join(folder, 'first'), join(folder, 'second')]
await Promise.all([buildPages(first), buildPages(second)])
const pages = ['index.html', 'chat.html', 'admin.html']
const read = (name: string) => readFileSync(join(first, name), 'utf8')
const addressesIn = (html: string) =>
  [...html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, address = '']) => address)

t.test('two builds have the same files with the same content', t => {
  const names = readdirSync(first, { recursive: true, encoding: 'utf8' }).sort()
  t.same(readdirSync(second, { recursive: true, encoding: 'utf8' }).sort(), names)
  t.same(read('chat.html'), readFileSync(join(second, 'chat.html'), 'utf8'))
  t.same(read('sw.js'), readFileSync(join(second, 'sw.js'), 'utf8'))
  t.notOk(names.some(name => name.includes(`${process.pid}`)), 'nothing of the build itself remains')
  t.ok(names.includes('.assetsignore') && names.includes('_headers'), 'what Cloudflare reads is there')
  t.end()
})

t.test('each page names one style sheet and at most a dozen scripts, all hashed and there', t => {
  for (const page of pages) {
    const addresses = addressesIn(read(page))
    t.ok(addresses.length >= 3 && addresses.length <= 13, `${page}: ${addresses.length}`)
    t.equal(addresses.filter(address => address.endsWith('.css')).length, 1, page)
    for (const address of addresses) {
      t.match(address, /^\/assets\/built\/[\w.-]+-[A-Z0-9]{8}\.(?:js|css)$/)
      t.ok(existsSync(join(first, address)), address)
    }
    t.match(read(page), /<html data-worker="\/sw\.js" lang="en">/)
  }
  t.end()
})

t.test('each page preloads every bundle that it needs at once, so that no module waits for another', t => {
  for (const page of pages) {
    const known = addressesIn(read(page))
    for (const address of known.filter(address => address.endsWith('.js'))) {
      const imports = [...read(address).matchAll(/(?:\bfrom|^import|;import)"\.\/([^"]+)"/g)].map(([, name]) =>
        `/assets/built/${name ?? ''}`
      )
      for (const needed of imports) t.ok(known.includes(needed), `${page}: ${address} needs ${needed}`)
    }
  }
  t.end()
})

t.test('what is packed unpacks to the file', t => {
  const packed = readdirSync(first, { recursive: true, encoding: 'utf8' }).filter(name => /\.(?:br|gz)$/.test(name))
  t.ok(packed.length > 10)
  for (const name of packed) {
    const bytes = readFileSync(join(first, name))
    t.equal((name.endsWith('.br') ? brotliDecompressSync : gunzipSync)(bytes).toString(),
      read(name.replace(/\.(?:br|gz)$/, '')), name)
  }
  t.end()
})

t.test('the service worker keeps the chat page and what it loads at once, and knows its version', t => {
  const worker = read('sw.js')
  const ofChat = addressesIn(read('chat.html'))
  for (const address of ofChat) t.ok(worker.includes(address), address)
  t.same(
    [...worker.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, address = '']) => address).filter(address =>
      !ofChat.includes(address)
    ),
    [],
  )
  t.end()
})

t.test('Node sends each file packed as the browser wants it, and says how long it may be kept', async t => {
  const origin = await serve(t, first)
  const [style = ''] = addressesIn(read('chat.html')).filter(address => address.endsWith('.css'))
  for (const [path, caching] of [['/chat', 'no-store'], [style, forEver], ['/sw.js', 'no-cache'], [
    '/manifest.webmanifest',
    'no-cache',
  ], ['/icons/icon-192.png', 'no-cache']] as const) {
    const answers = await Promise.all(
      ['br', 'gzip, br', 'gzip', 'identity'].map(encoding => head(origin, path, encoding)),
    )
    const isPacked = existsSync(join(first, `${path === '/chat' ? 'chat.html' : path}.br`))
    t.same(answers.map(({ headers }) => headers.get('content-encoding')),
      isPacked ? ['br', 'br', 'gzip', null] : [null, null, null, null], path)
    for (const { headers, status } of answers) {
      t.equal(status, 200)
      t.equal(headers.get('cache-control'), caching, path)
      t.equal(headers.get('content-security-policy'), caching === forEver ? null : everyPage['content-security-policy'])
      t.equal(headers.get('x-content-type-options'), 'nosniff')
      if (isPacked) t.match(headers.get('vary'), /accept-encoding/i)
    }
    t.equal(new Set(answers.map(({ headers }) => headers.get('etag'))).size, isPacked ? 3 : 1,
      'each form has a tag of its own')
  }
  t.match((await head(origin, '/manifest.webmanifest', 'br')).headers.get('content-type'),
    /^application\/manifest\+json/)
  for (const path of ['/chat.html.br', '/sw.js.gz', '/assets/chat/main.js', '/index.html', '/_headers']) {
    t.equal((await fetch(origin + path)).status, 404, path)
  }
})

t.test('the sources are served as they are, and no browser keeps them', async t => {
  const origin = await serve(t, new URL('../../static/', import.meta.url).pathname)
  const answer = await head(origin, '/assets/chat/main.js', 'br')
  t.match({ status: answer.status, caching: answer.headers.get('cache-control') }, { status: 200, caching: 'no-cache' })
})

async function serve (t: Test, staticRoot: string): Promise<string> {
  const server = await startServer(readConfig({ PORT: '0', STORE: 'memory', LOG_LEVEL: 'silent' }), { staticRoot })
  t.teardown(() => server.close())
  return server.origin
}

/** Over a socket: `fetch` unpacks, and hides how the file arrived. */
async function head (origin: string, path: string, encoding: string): Promise<{ status: number, headers: Headers }> {
  const text = await rawCall(origin,
    `HEAD ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept-encoding: ${encoding}\r\nconnection: close\r\n\r\n`)
  const [line = '', ...lines] = text.split('\r\n\r\n')[0]?.split('\r\n') ?? []
  return { status: Number(line.split(' ')[1]), headers: new Headers(lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trim()]
  })) }
}
