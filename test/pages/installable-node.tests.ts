import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import t from 'tap'
import { readConfig } from '../../src/config.ts'
import { startServer } from '../../src/node/server.ts'
import { launchBrowser, startNodeSite, visit } from '../fixtures/browser.ts'
import { freshPages } from '../fixtures/pages.ts'
import { holds, kept, testInstallable } from './installable.ts'
import { layWire } from './wire.ts'

const site = await startNodeSite()
const browser = await launchBrowser()
t.teardown(async () => {
  await browser.close()
  await site.close()
})
await testInstallable(t, browser, site)

await t.test('the next version takes over at the next visit, and nothing of the one before remains', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'version-'))
  cpSync(await freshPages(), folder, { recursive: true })
  const next = await startServer(readConfig({ PORT: '0', STORE: 'memory', LOG_LEVEL: 'silent' }), {
    staticRoot: nextVersion(folder),
  })
  const wire = await layWire(site.origin)
  t.teardown(async () => {
    await wire.close()
    await next.close()
    rmSync(folder, { recursive: true })
  })
  const visited = await visit(browser, wire.origin, '/chat')
  const { page } = visited
  await kept(page)
  const names = () => page.evaluate(() => caches.keys())
  const [before] = await names()
  wire.to(next.origin)
  await page.reload()
  await holds(page, before => caches.keys().then(([name, more]) => name !== before && more === undefined), before)
  t.equal(await styleOf(page), '/assets/built/chat-NEXTNEXT.css', 'the page asks the server first')
  await kept(page)
  const addresses = await page.evaluate(async () => {
    const [name = ''] = await caches.keys()
    return (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)
  })
  t.ok(addresses.some(path => path.endsWith('/chat-NEXTNEXT.css')))
  t.notOk(addresses.some(path => /chat-(?!NEXTNEXT)\w{8}\.css/.test(path)), 'no file of the version before')
  wire.to(null)
  await page.reload()
  await page.locator('html[data-ready]').waitFor({ state: 'attached' })
  t.equal(await styleOf(page), '/assets/built/chat-NEXTNEXT.css', 'also without the server')
  await visited.close()
})

function styleOf (page: Page): Promise<string | null> {
  return page.locator('link[rel="stylesheet"]').getAttribute('href')
}

/** The same pages, but for the name of one file. */
function nextVersion (folder: string): string {
  const built = join(folder, 'assets/built')
  const style = readdirSync(built).find(name => /^chat-\w+\.css$/.test(name)) ?? ''
  cpSync(join(built, style), join(built, 'chat-NEXTNEXT.css'))
  for (const name of readdirSync(built)) if (name.startsWith(style)) rmSync(join(built, name))
  for (const name of ['chat.html', 'sw.js']) {
    for (const ending of ['.br', '.gz']) rmSync(join(folder, name + ending))
    writeFileSync(join(folder, name), readFileSync(join(folder, name), 'utf8').replaceAll(style, 'chat-NEXTNEXT.css'))
  }
  const worker = join(folder, 'sw.js')
  writeFileSync(worker, readFileSync(worker, 'utf8').replace(/[0-9a-f]{12}(?=`)/, '0123456789ab'))
  return folder
}
