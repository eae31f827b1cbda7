// The pages as an application, on either runtime: a browser can install them, keeps them, opens them without the
// server, and takes the next version. And the weight of a first visit.
import type { Browser, Page } from 'playwright-core'
import type { Test } from 'tap'
import { register, visit, visitAs, type Person, type Site, type Visit } from '../fixtures/browser.ts'
import { layWire, type Wire } from './wire.ts'

const away = 'The server does not answer.'
const budgetBytes = 150_000

export async function testInstallable (t: Test, browser: Browser, site: Site): Promise<void> {
  const { origin } = site

  await t.test("the pages meet Chromium's criteria for an application", async t => {
    const visited = await visit(browser, origin, '/chat')
    const { page } = visited
    const devtools = await page.context().newCDPSession(page)
    const { errors, data = '{}' } = await devtools.send('Page.getAppManifest')
    t.same(errors, [])
    t.same((await devtools.send('Page.getInstallabilityErrors')).installabilityErrors, [])
    // The headless browser checks no icon, so the test does: each has the size that the manifest names.
    const manifest = JSON.parse(data) as { icons: { src: string, sizes: string, type: string, purpose?: string }[],
      name: string, start_url: string, scope: string, display: string }
    t.match(manifest, { name: 'Copilot Proxy', start_url: '/chat', scope: '/', display: 'standalone' })
    for (const { src, sizes, type } of manifest.icons.filter(({ sizes }) => sizes !== 'any')) {
      t.same(await page.evaluate(async src => {
        const blob = await (await fetch(src)).blob()
        const { width, height } = await createImageBitmap(blob)
        return { sizes: `${width}x${height}`, type: blob.type }
      }, src), { sizes, type })
    }
    t.same(manifest.icons.flatMap(({ sizes, purpose = 'any' }) => sizes === 'any' ? [] : [`${sizes} ${purpose}`]), [
      '192x192 any',
      '512x512 any',
      '512x512 maskable',
    ])
    t.same(
      await page.evaluate(() =>
        [...document.querySelectorAll('meta[name="theme-color"]')].map(meta => meta.getAttribute('content'))
      ),
      ['#ffffff', '#191b1e'],
    )
    await page.click('#theme')
    t.same(
      await page.evaluate(() =>
        [...document.querySelectorAll('meta[name="theme-color"]')].map(meta => meta.getAttribute('content'))
      ),
      ['#ffffff', '#ffffff'],
      'the chosen theme counts',
    )
    t.same(visited.complaints, [])
    await visited.close()
  })

  await t.test('without the server, the chat shows its history and says so; it goes on when the server is back',
    async t => {
      const wire = await layWire(origin)
      t.teardown(() => wire.close())
      const { visited, person } = await chatted(browser, site, wire)
      const { page } = visited
      await kept(page)
      wire.to(null)
      await page.reload()
      await page.getByText(away).waitFor()
      await page.locator('#history .title').click()
      await page.locator('.turn .answer').getByText('Hello from').waitFor()
      t.match(await page.locator('#thread').innerText(), /remember this line[\s\S]*Hello from/)
      t.equal(await page.locator('#who').innerText(), person.username)
      await page.goto(`${wire.origin}/`)
      await page.getByText(away).waitFor()
      t.equal(new URL(page.url()).pathname, '/chat', 'what needs the server gives way to the chats')
      await page.goto(`${wire.origin}/chat?status=saved`)
      await page.getByText(away).waitFor()
      wire.to(origin)
      await page.locator('html[data-models]').waitFor({ state: 'attached', timeout: 20_000 })
      t.notOk(await page.getByText(away).isVisible())
      await page.fill('#message', 'and now?')
      await page.press('#message', 'Enter')
      await page.locator('.turn .cost').last().waitFor()
      t.same(visited.complaints, [])
      await visited.close()
    })

  await t.test('signed out, the chats of that user are not shown without the server', async t => {
    const wire = await layWire(origin)
    t.teardown(() => wire.close())
    const { visited } = await chatted(browser, site, wire)
    const { page } = visited
    await kept(page)
    await page.click('#sign-out')
    await page.locator('#gate-form').waitFor()
    wire.to(null)
    await page.reload()
    await page.locator('#gate-form').waitFor()
    t.notOk(await page.locator('#chat').isVisible())
    await visited.close()
  })

  await t.test('the browser keeps pages and hashed files, and nothing that a user has', async t => {
    const wire = await layWire(origin)
    t.teardown(() => wire.close())
    const { visited } = await chatted(browser, site, wire)
    const { page } = visited
    await kept(page)
    for (const path of ['/', '/chat']) await page.goto(wire.origin + path)
    await page.locator('html[data-ready]').waitFor({ state: 'attached' })
    const paths = await page.evaluate(async () => {
      const names = await caches.keys()
      const found = await Promise.all(names.map(async name => (await (await caches.open(name)).keys())))
      return found.flat().map(({ url, credentials }) => `${new URL(url).pathname} ${credentials}`)
    })
    t.ok(paths.length > 6, `${paths.length} files`)
    t.same(paths.filter(path => !/^\/(?:chat|assets\/built\/[\w.-]+)? /.test(path)), [])
    await visited.close()
  })

  await t.test('the first visit of the chat is light, and a further one much lighter', async t => {
    const wire = await layWire(origin)
    t.teardown(() => wire.close())
    const person = await register(site)
    const context = await browser.newContext()
    const page = await context.newPage()
    const devtools = await context.newCDPSession(page)
    await devtools.send('Network.enable')
    const seen = new Map<string, number>()
    const addresses = new Map<string, string>()
    devtools.on('Network.requestWillBeSent', ({ requestId, request }) => {
      addresses.set(requestId, new URL(request.url).pathname)
    })
    devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      seen.set(addresses.get(requestId) ?? requestId, encodedDataLength)
    })
    /** Answers of the API are as large as the seat's list of models. */
    const ofPages = () => sum([...seen].filter(([path]) => /^\/(?:chat|assets\/.*)$/.test(path)))
    await page.goto(`${wire.origin}/favicon.svg`)
    await page.evaluate(async body => {
      await fetch('/session', { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    }, JSON.stringify({ ...person, token: undefined, remember: true }))
    seen.clear()
    wire.bytes = 0
    await page.goto(`${wire.origin}/chat`)
    await page.locator('html[data-models]').waitFor({ state: 'attached' })
    t.comment(`first: ${sum([...seen])} bytes in ${seen.size} requests, ${ofPages()} of them for pages`)
    t.ok(sum([...seen]) <= budgetBytes, `${sum([...seen])} bytes`)
    t.ok(seen.size <= 20, `${seen.size} requests`)
    await kept(page)
    t.comment(`with what the service worker loads for later: ${wire.bytes} bytes on the wire`)
    t.ok(wire.bytes <= budgetBytes, `${wire.bytes} bytes`)
    seen.clear()
    await page.reload()
    await page.locator('html[data-models]').waitFor({ state: 'attached' })
    t.comment(`again: ${ofPages()} bytes for pages`)
    t.ok(ofPages() <= 10_000, `${ofPages()} bytes`)
    await context.close()
  })
}

function sum (sizes: readonly (readonly [string, number])[]): number {
  return sizes.reduce((all, [, size]) => all + size, 0)
}

/** A person with one chat, over the wire. */
async function chatted (browser: Browser, site: Site, wire: Wire): Promise<{ visited: Visit, person: Person }> {
  const person = await register(site)
  const visited = await visitAs(browser, wire.origin, person, '/chat')
  const { page } = visited
  await page.locator('html[data-models]').waitFor({ state: 'attached' })
  await page.fill('#message', 'remember this line')
  await page.press('#message', 'Enter')
  await page.locator('.turn .cost').waitFor()
  return { visited, person }
}

/** Waits until the service worker has all that this page loaded. */
export async function kept (page: Page): Promise<void> {
  await holds(page, async () => {
    await navigator.serviceWorker.ready
    const loaded = performance.getEntriesByType('resource').map(({ name }) => name).filter(name =>
      name.includes('/assets/built/')
    )
    return (await Promise.all(loaded.map(name => caches.match(name)))).every(found => found !== undefined)
  }, '')
}

/** As `waitForFunction`, which takes a promise for a yes. */
export async function holds (
  page: Page,
  condition: (value: string | undefined) => Promise<boolean>,
  value: string | undefined,
  ms = 15_000,
): Promise<void> {
  for (const end = performance.now() + ms; !await page.evaluate(condition, value);) {
    if (performance.now() > end) throw new Error(`not within ${ms} ms`)
    await page.waitForTimeout(20)
  }
}
